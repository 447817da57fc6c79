"""Working at the desk all day: keys, sound and title, a lead's view, the dark, a narrow window."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from evals.suite.casefile.reading import read_case
from tests.browser.desk.working import Arrive, Sit, case_of, shoot


def test_the_whole_work_is_done_without_a_mouse(desk: Sit, shopper: Arrive, emails: dict[str, str]) -> None:
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
    desk: Sit, shopper: Arrive, emails: dict[str, str]
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
    desk: Sit, shopper: Arrive, emails: dict[str, str]
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
    desk: Sit, shopper: Arrive, emails: dict[str, str], tmp_path: Path
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


def test_at_900_pixels_everything_is_within_reach(desk: Sit) -> None:
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
