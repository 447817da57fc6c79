"""The desk in a real Chromium beside a shopper's page, against the real server in a process of its own.

Pictures of what was seen go to ``POSTVENTA_TEST_SCREENSHOTS``, or to ``var/screenshots``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from evals.suite.casefile.reading import read_case

ROOT = Path(__file__).parents[2]
PICTURES = Path(os.environ.get("POSTVENTA_TEST_SCREENSHOTS") or ROOT / "var" / "screenshots")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
TURN_MS, SOON_MS = 30_000, 10_000
WITHIN_A_SECOND_MS = 1_000
HOSTILE = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"
STOREFRONT = """<!doctype html><html lang="es"><title>Tienda</title><main><h1>Tienda</h1></main>
<script type="module" src="/widget.js" data-key="pk_demo"></script>"""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("demo")
    if kept := os.environ.get("POSTVENTA_TEST_LIBRARY"):
        shutil.copytree(kept, folder, dirs_exist_ok=True)
    environment = {**os.environ, "PORT": "0", "POSTVENTA_DATA_DIR": str(folder), "POSTVENTA_LOG_LEVEL": "ERROR"}
    server = subprocess.Popen(
        [sys.executable, "-m", "agent", "serve", "--demo"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        found = next((match for line in server.stdout if (match := re.search(r"http://127\.0\.0\.1:\d+", line))), None)
        assert found is not None, "the server ended before it was ready"
        yield found.group()
    finally:
        server.terminate()
        server.wait(20)
        if server.stdout:
            server.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None and os.environ.get("CI") != "true":
        pytest.skip("there is no chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    """Pages of browsers of their own; a script that fails or is refused by the content policy fails the test."""
    contexts, wrong = [], []

    def open_one(path: str, width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = browser.new_context(locale="es-MX", viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(SOON_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if _is_wrong(message.text) else None)
        page.route("**/storefront", lambda route: route.fulfill(body=STOREFRONT, content_type="text/html"))
        page.goto(address + path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert wrong == []


def _is_wrong(text: str) -> bool:
    return "Content Security Policy" in text or "Uncaught" in text


@pytest.fixture
def desk(open_page: Open) -> Callable[..., Page]:
    """Signs one of the demo's people in."""

    def sign_in(name: str, **options: Any) -> Page:
        page = open_page("/console", **options)
        page.get_by_role("button", name=f"Entrar como {name}").click()
        page.wait_for_url("**/console")
        return page

    return sign_in


@pytest.fixture
def shopper(open_page: Open) -> Callable[[str], Page]:
    """Somebody on a storefront's page, signed in there, who has said these lines."""

    def arrive(email: str, *lines: str) -> Page:
        page = open_page("/storefront", width=420)
        customers = page.request.get(page.url.replace("/storefront", "/demo/customers")).json()
        token = next(one["shopper_token"] for one in customers if one["email"] == email)
        page.evaluate("token => window.postventa.identify(token)", token)
        page.get_by_role("button", name="Ayuda con tu pedido").click()
        for line in lines:
            say(page, line)
        return page

    return arrive


def say(page: Page, words: str) -> None:
    """Write, and wait until the agent has answered."""
    expect(page.get_by_role("log").locator("article.agent")).not_to_have_count(0)
    before = page.get_by_role("log").locator("article.agent").count()
    box = page.get_by_role("textbox", name="Escribe tu mensaje")
    box.fill(words)
    box.press("Enter")
    expect(page.get_by_role("log").locator("article.agent")).not_to_have_count(before, timeout=TURN_MS)


def case_of(page: Page, name: str) -> Locator:
    """The newest case of that customer, in the queue."""
    return page.locator("#rows .row", has_text=name).last


def deafen(page: Page) -> None:
    """Nothing live is heard from now on: the page shows what it last read."""
    page.route("**/console/stream*", lambda route: route.abort())
    page.reload()


def shoot(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"console-{name}.png")


@pytest.fixture(scope="module")
def emails(address: str, browser: Browser) -> dict[str, str]:
    """The demo's customers, by first name."""
    page = browser.new_page()
    customers = page.request.get(f"{address}/demo/customers").json()
    page.close()
    return {one["name"].split()[0]: one["email"] for one in reversed(customers)}


def test_a_person_answers_in_the_same_thread_and_the_agent_goes_on_with_what_they_noted(
    desk: Callable[..., Page], shopper: Callable[..., Page], emails: dict[str, str]
) -> None:
    alma = desk("Alma")
    expect(alma.get_by_text("Nadie espera", exact=True)).to_be_visible()
    shoot(alma, "empty")
    lucia = shopper(emails["Lucía"], "hola, ¿dónde está mi pedido 10001?")
    say(lucia, "llevo tres semanas esperando y nadie me responde, es una vergüenza")
    box = lucia.get_by_role("textbox", name="Escribe tu mensaje")
    box.fill("quiero hablar con una persona")
    box.press("Enter")
    expect(lucia.get_by_role("log")).to_contain_text("te paso con una persona", timeout=TURN_MS)
    seen = time.perf_counter()
    expect(case_of(alma, "Lucía")).to_be_visible(timeout=WITHIN_A_SECOND_MS)
    assert time.perf_counter() - seen < WITHIN_A_SECOND_MS / 1000
    expect(case_of(alma, "Lucía")).to_contain_text("Pidió una persona")

    case_of(alma, "Lucía").click()
    file = alma.get_by_role("tabpanel", name="Ficha")
    expect(file).to_contain_text("10001")
    expect(file).to_contain_text("Entregado")
    expect(file.get_by_role("heading", name="Por qué llegó a una persona")).to_be_visible()
    expect(alma.locator("#log mark").first).to_have_text("quiero hablar con una persona")
    file.get_by_role("link", name="«quiero hablar con una persona»").click()
    expect(alma.locator("article.said.found")).to_contain_text("quiero hablar con una persona")
    alma.get_by_role("button", name="Tomar el caso").click()
    expect(alma.get_by_text("Contigo")).to_be_visible()

    lucia.get_by_role("textbox", name="Escribe tu mensaje").press_sequentially("¿sigues")
    expect(alma.locator("#typing")).to_have_text("Lucía está escribiendo…")
    alma.get_by_role("textbox", name="Respuesta").fill("Hola, Lucía. Soy Alma y ya tengo tu caso completo.")
    alma.get_by_role("button", name="Enviar").click()
    expect(lucia.get_by_role("log")).to_contain_text("Soy Alma y ya tengo tu caso completo.")
    expect(alma.get_by_role("log")).to_contain_text("Soy Alma y ya tengo tu caso completo.")
    box.fill("gracias, Alma, la talla 8 me queda")
    box.press("Enter")
    expect(alma.get_by_role("log")).to_contain_text("la talla 8 me queda")
    shoot(alma, "case")

    alma.get_by_role("button", name="Devolver").click()
    alma.get_by_label("Qué se acordó").fill("Quiere cambiar los tenis del pedido 10001 por la talla 8.")
    shoot(alma, "return")
    alma.get_by_role("dialog").get_by_role("button", name="Devolver al asistente").click()
    expect(alma.get_by_role("log")).to_contain_text("Alma devolvió el caso al asistente")
    log = lucia.get_by_role("log")
    expect(log).to_contain_text(re.compile(r"Alma me dejó sus notas.*talla 8", re.DOTALL), timeout=TURN_MS)
    box.fill("sí, confirmo")
    box.press("Enter")
    expect(log).to_contain_text("Listo: tu cambio del pedido 10001", timeout=TURN_MS)
    alma.get_by_role("link", name="Cerrados").click()
    expect(case_of(alma, "Lucía")).to_be_visible()


def test_a_wrong_password_opens_nothing_and_says_so(open_page: Open) -> None:
    page = open_page("/console")
    page.get_by_label("Nombre").fill("Alma")
    page.get_by_label("Contraseña").fill("no es esta")
    page.get_by_role("button", name="Entrar", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("Nombre o contraseña incorrectos.")
    expect(page.get_by_label("Contraseña")).to_be_focused()
    shoot(page, "door")
    page.goto(page.url.replace("/sign-in", ""))
    expect(page).to_have_url(re.compile("/console/sign-in$"))


def test_a_form_from_another_page_is_refused_and_the_desk_says_why(
    desk: Callable[..., Page], shopper: Callable[..., Page], emails: dict[str, str]
) -> None:
    shopper(emails["Diego"], "quiero hablar con una persona")
    alma = desk("Alma")
    deafen(alma)
    case_of(alma, "Diego").click()
    expect(alma.get_by_role("button", name="Tomar el caso")).to_be_visible()
    alma.evaluate("for (const one of document.querySelectorAll('[name=form]')) one.value = 'forged'")
    alma.get_by_role("button", name="Tomar el caso").click()
    expect(alma.locator(".toast.bad")).to_contain_text("No se aceptó el formulario")
    expect(alma.get_by_text("Contigo")).to_have_count(0)


def test_two_people_claim_one_case_and_one_has_it(
    desk: Callable[..., Page], shopper: Callable[..., Page], emails: dict[str, str]
) -> None:
    alma, bruno = desk("Alma"), desk("Bruno")
    deafen(alma)
    deafen(bruno)
    shopper(emails["Ximena"], "quiero hablar con una persona")
    for one in (alma, bruno):
        one.reload()
        case_of(one, "Ximena").click()
        expect(one.get_by_role("button", name="Tomar el caso")).to_be_visible()
    bruno.get_by_role("button", name="Tomar el caso").click()
    expect(bruno.get_by_text("Contigo")).to_be_visible()
    alma.get_by_role("button", name="Tomar el caso").click()
    expect(alma.locator(".toast.bad")).to_have_text("Otra persona ya tiene este caso.")
    expect(alma.get_by_role("textbox", name="Respuesta")).to_have_count(0)


def test_hostile_words_are_words_at_the_desk(
    desk: Callable[..., Page], shopper: Callable[..., Page], emails: dict[str, str]
) -> None:
    shopper(emails["Rodrigo"], f"me llamo {HOSTILE}", f"{HOSTILE} quiero hablar con una persona")
    bruno = desk("Bruno")
    bruno.locator("#rows .row", has_text="hacked").or_(case_of(bruno, "Rodrigo")).last.click()
    bruno.get_by_role("button", name="Tomar el caso").click()
    bruno.get_by_role("textbox", name="Respuesta").fill(HOSTILE)
    bruno.get_by_role("button", name="Enviar").click()
    expect(bruno.locator("article.said.person")).to_contain_text("<script>")
    bruno.keyboard.press("Escape")
    bruno.keyboard.press("n")
    bruno.keyboard.type(HOSTILE)
    bruno.keyboard.press("Control+Enter")
    expect(bruno.locator("article.said.note")).to_contain_text("<img src=x")
    expect(bruno.locator("article.said.person")).to_have_count(1)
    expect(bruno.locator("img[src=x]")).to_have_count(0)
    assert "hacked" not in bruno.title()


def test_a_draft_goes_to_somebody_upset_only_after_a_second_thought(
    desk: Callable[..., Page], shopper: Callable[..., Page], emails: dict[str, str]
) -> None:
    upset = "llevo tres semanas esperando y nadie me responde, es una vergüenza"
    paola = shopper(emails["Paola"], upset, "¡quiero hablar con una persona ya!")
    alma = desk("Alma")
    case_of(alma, "Paola").click()
    alma.get_by_role("button", name="Tomar el caso").click()
    expect(alma.get_by_text("Contigo")).to_be_visible()
    alma.keyboard.press("Escape")
    alma.keyboard.press("1")
    box = alma.get_by_role("textbox", name="Respuesta")
    expect(box).to_have_value(re.compile("Soy Alma"))
    alma.keyboard.press("Control+Enter")
    expect(alma.locator("#nudge")).to_contain_text("el borrador va tal cual")
    shoot(alma, "nudge")
    expect(paola.get_by_role("log")).not_to_contain_text("Soy Alma")
    alma.get_by_role("button", name="Personalizar").click()
    box.press("End")
    alma.keyboard.type(" Siento mucho la espera.")
    alma.keyboard.press("Control+Enter")
    expect(paola.get_by_role("log")).to_contain_text("Siento mucho la espera.")
    expect(alma.locator("#nudge")).to_be_hidden()


def test_an_exception_is_approved_and_the_shopper_reads_it_in_the_thread(
    desk: Callable[..., Page], shopper: Callable[..., Page], emails: dict[str, str]
) -> None:
    broken = "la cobija del pedido 10007 me llegó rota, quiero que me devuelvan el dinero"
    lucia = shopper(emails["Lucía"], broken, "sí")
    alma = desk("Alma")
    alma.get_by_role("link", name=re.compile("^Excepciones")).click()
    asked = alma.get_by_role("article").filter(has_text="10007")
    expect(asked).to_contain_text("Pasó el plazo para reclamar")
    shoot(alma, "exceptions")
    asked.get_by_role("textbox").fill("clienta de años")
    asked.get_by_role("button", name="Aprobar").click()
    expect(alma.get_by_text("Nada por decidir").last).to_be_visible()
    expect(lucia.get_by_role("log")).to_contain_text("Alma", timeout=TURN_MS)
    expect(lucia.get_by_role("log")).not_to_contain_text("clienta de años")


def test_words_begun_as_a_note_are_never_sent_to_the_shopper(
    desk: Callable[..., Page], shopper: Callable[..., Page], emails: dict[str, str]
) -> None:
    facundo = shopper(emails["Facundo"], "quiero hablar con una persona")
    alma, bruno = desk("Alma"), desk("Bruno")
    case_of(alma, "Facundo").click()
    alma.get_by_role("button", name="Tomar el caso").click()
    expect(alma.get_by_text("Contigo")).to_be_visible()
    alma.get_by_role("radio", name="Nota interna").check()
    alma.get_by_role("textbox").last.fill("cliente de siempre, trátenlo bien")
    case_of(bruno, "Facundo").click()
    bruno.get_by_role("textbox").last.fill("lo veo yo")
    bruno.keyboard.press("Control+Enter")
    expect(alma.locator("article.said.note")).to_contain_text("lo veo yo")
    alma.get_by_role("link", name="Míos").click()
    case_of(alma, "Facundo").click()
    expect(alma.get_by_role("radio", name="Nota interna")).to_be_checked()
    expect(alma.get_by_role("textbox").last).to_have_value("cliente de siempre, trátenlo bien")
    alma.get_by_role("textbox").last.press("Control+Enter")
    expect(alma.locator("article.said.note")).to_have_count(2)
    expect(facundo.get_by_role("log")).not_to_contain_text("cliente de siempre")


def test_the_whole_work_is_done_without_a_mouse(
    desk: Callable[..., Page], shopper: Callable[..., Page], emails: dict[str, str]
) -> None:
    martin = shopper(emails["Martín"], "quiero hablar con una persona")
    alma = desk("Alma")
    keyboard = alma.keyboard
    keyboard.press("?")
    expect(alma.get_by_role("dialog", name="Atajos de teclado")).to_be_visible()
    shoot(alma, "keys")
    keyboard.press("Escape")
    names = alma.locator("#rows .row-name").all_inner_texts()
    for name in names[: names.index("Martín") + 1]:
        keyboard.press("j")
        expect(alma.locator(".case-names")).to_contain_text(name)
    keyboard.press("c")
    expect(alma.get_by_text("Contigo")).to_be_visible()
    keyboard.press("r")
    expect(alma.get_by_role("textbox", name="Respuesta")).to_be_focused()
    keyboard.type("Hola, Martín.")
    keyboard.press("Control+Enter")
    expect(martin.get_by_role("log")).to_contain_text("Hola, Martín.")
    keyboard.press("Escape")
    keyboard.press("/")
    keyboard.type("plazo de devolución")
    expect(alma.locator(".passage").first).to_contain_text(re.compile(r"tiempo tengo para devolver.*\d+ días"))
    shoot(alma, "search")
    alma.locator(".passage button").first.focus()
    keyboard.press("Enter")
    expect(alma.get_by_role("textbox", name="Respuesta")).to_have_value(re.compile(r"\d+ días"))
    alma.get_by_role("textbox", name="Respuesta").fill("")
    keyboard.press("Escape")
    keyboard.press("e")
    expect(alma.get_by_role("dialog", name="Resolver el caso")).to_be_visible()
    keyboard.press("Enter")
    expect(alma.locator(".case-state")).to_contain_text("Resuelto")


def test_a_new_case_is_heard_and_counted_in_the_title_unless_muted(
    desk: Callable[..., Page], shopper: Callable[..., Page], emails: dict[str, str]
) -> None:
    alma = desk("Alma")
    alma.evaluate(
        """() => {
          window.tones = 0;
          const start = OscillatorNode.prototype.start;
          OscillatorNode.prototype.start = function (at) { window.tones += 1; return start.call(this, at); };
          Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
        }"""
    )
    alma.keyboard.press("q")
    shopper(emails["Julieta"], "quiero hablar con una persona")
    expect(alma).to_have_title(re.compile(r"^\(1\) "))
    assert alma.evaluate("window.tones") == 2
    expect(alma.locator("#news")).to_contain_text("Caso nuevo: Julieta")
    alma.get_by_role("button", name="Sonido activado").click()
    shopper(emails["Nicolás"], "quiero hablar con una persona")
    expect(alma).to_have_title(re.compile(r"^\(2\) "))
    assert alma.evaluate("window.tones") == 2
    alma.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(alma).to_have_title(re.compile(r"^Casos"))


def test_a_lead_watches_the_agent_whispers_to_a_colleague_and_takes_over_in_the_dark(
    desk: Callable[..., Page], shopper: Callable[..., Page], emails: dict[str, str]
) -> None:
    camila = shopper(emails["Camila"], "¿dónde está mi pedido?")
    bruno = desk("Bruno", color_scheme="dark")
    dark = bruno.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark == "rgb(20, 21, 23)"
    bruno.get_by_role("link", name="En vivo").click()
    case_of(bruno, "Camila").click()
    expect(bruno.get_by_role("log")).to_contain_text("¿dónde está mi pedido?")
    shoot(bruno, "live-dark")
    bruno.get_by_role("button", name="Tomar la conversación").click()
    expect(bruno.get_by_text("Contigo")).to_be_visible()
    bruno.get_by_role("button", name="Transferir").click()
    bruno.get_by_label("A una persona").select_option("Alma")
    bruno.get_by_role("dialog").get_by_role("button", name="Transferir").click()
    alma = desk("Alma")
    case_of(alma, "Camila").click()
    bruno.keyboard.press("Escape")
    bruno.get_by_role("radio", name="Susurro").check()
    bruno.get_by_role("textbox").last.fill("ofrécele el envío exprés")
    bruno.get_by_role("button", name="Enviar").click()
    expect(alma.locator("article.said.whisper")).to_contain_text("ofrécele el envío exprés")
    shoot(bruno, "whisper-dark")
    bruno.get_by_role("button", name="Cambiar entre claro y oscuro").click()
    assert bruno.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(245, 245, 243)"
    bruno.reload()
    assert bruno.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(245, 245, 243)"
    expect(camila.get_by_role("log")).not_to_contain_text("envío exprés")


def test_a_lead_saves_a_conversation_as_a_test_case_with_one_click(
    desk: Callable[..., Page], shopper: Callable[..., Page], emails: dict[str, str], tmp_path: Path
) -> None:
    shopper(emails["Ximena"], "hola, soy Ximena Torres, ¿dónde está mi pedido 10028?")
    bruno = desk("Bruno")
    bruno.goto(bruno.url.rstrip("/") + "/live")
    bruno.locator("#rows .row", has_text="Ximena").last.click()
    link = bruno.get_by_role("link", name="Guardar como caso de prueba")
    link.scroll_into_view_if_needed()
    shoot(bruno, "test-case")
    with bruno.expect_download() as download:
        link.click()
    file = tmp_path / "imported" / download.value.suggested_filename
    download.value.save_as(file)
    case = read_case(file)
    assert case.tags == ("imported", "draft")
    assert "ximena" not in file.read_text(encoding="utf-8").lower()


def test_at_900_pixels_everything_is_within_reach(desk: Callable[..., Page]) -> None:
    page = desk("Alma", width=900, height=700)
    page.locator("#rows .row").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 900
    side = page.get_by_role("complementary", name="Ficha")
    expect(side).not_to_be_in_viewport()
    page.get_by_role("button", name="Ver la ficha").click()
    expect(side).to_be_in_viewport()
    shoot(page, "narrow")
    page.keyboard.press("Escape")
    expect(side).not_to_be_in_viewport()
