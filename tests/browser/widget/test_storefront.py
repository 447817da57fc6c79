"""The demo shop with the widget in a real Chromium, against the real server in a process of its own."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

TURN_MS = 30_000


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(locale="es-MX", viewport={"width": 1100, "height": 800}, base_url=address)
    page = context.new_page()
    page.set_default_timeout(TURN_MS)
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda line: broken.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto("/")
    yield page
    assert broken == []
    context.close()


def panel(page: Page) -> Locator:
    return page.locator("postventa-widget").get_by_role("dialog")


def say(page: Page, words: str) -> None:
    box = panel(page).get_by_role("textbox", name=re.compile("mensaje|message|mensagem"))
    box.fill(words)
    box.press("Enter")


def test_the_size_7_shoes_from_a_try_this_to_the_receipt_and_back(page: Page) -> None:
    page.get_by_role("button", name="Los tenis talla 7").click()
    log = panel(page).get_by_role("log")
    expect(log).to_contain_text("inteligencia artificial", timeout=TURN_MS)
    card = log.get_by_role("group", name=re.compile("Cambio del pedido 10001"))
    expect(card).to_contain_text("talla 8", timeout=TURN_MS)
    card.get_by_role("button", name="Confirmar").click()
    expect(log).to_contain_text("Listo: tu cambio del pedido 10001", timeout=TURN_MS)
    receipt = log.get_by_role("group", name=re.compile("Cambio del pedido 10001")).last
    expect(receipt.get_by_role("link", name=re.compile("Etiqueta"))).to_be_visible()
    receipt.get_by_role("button", name="Deshacer").click()
    expect(log).to_contain_text("Deshecho", timeout=TURN_MS)


def test_a_reload_and_another_page_lose_nothing_and_repeat_nothing(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Ayuda con tu pedido")).click()
    say(page, "¿cuántos días tengo para devolver?")
    log = panel(page).get_by_role("log")
    expect(log).to_contain_text("30 días", timeout=TURN_MS)
    before = log.locator("article").all_inner_texts()
    page.goto("/demo/orders")
    expect(log).to_contain_text("30 días", timeout=TURN_MS)
    assert [text.split("\n")[1] for text in log.locator("article").all_inner_texts()] == [
        text.split("\n")[1] for text in before if "inteligencia artificial" not in text
    ]


def test_what_is_written_without_a_connection_is_sent_once_when_it_is_back(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Ayuda con tu pedido")).click()
    log = panel(page).get_by_role("log")
    expect(log).to_contain_text("inteligencia artificial", timeout=TURN_MS)
    page.context.set_offline(True)
    say(page, "hola, ¿hacen envíos a otros países?")
    expect(log).to_contain_text("cuando vuelva la conexión", timeout=TURN_MS)
    page.context.set_offline(False)
    expect(log.locator("article.agent")).to_have_count(2, timeout=TURN_MS)
    expect(log.locator("article.shopper")).to_have_count(1)
    expect(log.locator("article.pending")).to_have_count(0)


def test_the_person_button_is_always_there_hands_over_and_says_so(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Ayuda con tu pedido")).click()
    panel(page).get_by_role("button", name="Hablar con una persona").click()
    expect(panel(page).get_by_role("log")).to_contain_text("te paso con una persona", timeout=TURN_MS)
    expect(panel(page).get_by_role("status").first).to_contain_text("Una persona del equipo te va a atender")


def test_with_the_keyboard_alone_and_escape_gives_the_focus_back(page: Page) -> None:
    launcher = page.get_by_role("button", name=re.compile("Ayuda con tu pedido"))
    launcher.focus()
    page.keyboard.press("Enter")
    expect(panel(page).get_by_role("textbox", name="Escribe tu mensaje")).to_be_focused()
    page.keyboard.type("hola")
    page.keyboard.press("Enter")
    expect(panel(page).get_by_role("log").locator("article.agent")).to_have_count(2, timeout=TURN_MS)
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(launcher).to_be_focused()


def test_what_a_shopper_writes_is_text_and_never_markup(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Ayuda con tu pedido")).click()
    say(page, "<img src=x onerror=alert(1)><b>hola</b>")
    expect(panel(page).get_by_role("log").locator("article.shopper")).to_contain_text("<img src=x", timeout=TURN_MS)
    assert panel(page).get_by_role("log").locator("article.shopper p *").count() == 0


@pytest.mark.parametrize("width", [320, 1100])
def test_nothing_is_cut_off_on_any_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.get_by_role("button", name="¿Dónde está mi pedido?").click()
    expect(panel(page).get_by_role("group", name=re.compile("Pedido"))).to_be_visible(timeout=TURN_MS)
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0
    log = panel(page).get_by_role("log")
    assert log.evaluate("log => log.scrollWidth - log.clientWidth") <= 0
