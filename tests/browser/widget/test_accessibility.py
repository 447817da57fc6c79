"""axe-core finds nothing wrong with any card or state of the widget, light and dark, in three languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.case import Case, newest_case
from tests.browser.server import Server

TURN_MS = 30_000
WIDGET = "postventa-widget"
SCHEMES = ("light", "dark")

Arrive = Callable[[str], Page]
Audit = Callable[..., None]


@dataclass(frozen=True)
class Words:
    """What is said and pressed, in one language."""

    return_one: str
    return_any: str
    other_size: str
    other_time: str
    to_a_point: str
    other_address: str
    window: str
    where: str
    unknown: str
    confirm: str
    more: str
    rate: str
    erase: str
    photo: str


WORDS = {
    "es": Words("quiero devolver algo del 10051", "quiero devolver algo", "quiero cambiar la talla del vestido del pedido 10016", "quiero elegir otro horario de entrega para el 10002", "quiero recoger el pedido 10002 en un punto de retiro", "quiero cambiar la dirección del pedido 10010", "¿cuántos días tengo para devolver?", "¿dónde está mi pedido?", "hola, no me llegó mi pedido", "Confirmar", "Más opciones", "Calificar la atención", "Borrar mi conversación", "Foto enviada"),
    "en": Words("I want to return something from 10051", "I want to return something", "I want another size of the dress in order 10016", "I want another delivery time for 10002", "I want to pick up order 10002 at a pickup point", "I want to change the address of order 10010", "how many days do I have to return something?", "where is my order?", "hi, my order never arrived", "Confirm", "More options", "Rate this conversation", "Delete my conversation", "Photo sent"),
    "pt": Words("quero devolver algo do 10051", "quero devolver algo", "quero trocar o tamanho do vestido do pedido 10016", "quero escolher outro horário de entrega para o 10002", "quero retirar o pedido 10002 em um ponto de retirada", "quero mudar o endereço do pedido 10010", "quantos dias tenho para devolver?", "cadê meu pedido?", "oi, meu pedido não chegou", "Confirmar", "Mais opções", "Avaliar o atendimento", "Apagar minha conversa", "Foto enviada"),
}  # fmt: skip


@pytest.fixture(params=WORDS)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def words(language: str) -> Words:
    return WORDS[language]


@pytest.fixture
def arrive(browser: Browser, server: Server, language: str) -> Iterator[Arrive]:
    """A shopper in the demo shop, signed in or not (empty)."""
    contexts = []

    def come(customer: str) -> Page:
        context = browser.new_context(
            viewport={"width": 1000, "height": 760}, reduced_motion="reduce", base_url=server.address
        )
        contexts.append(context)
        context.set_default_timeout(TURN_MS)
        context.request.post("/demo/sign-in", form={"customer": customer})
        page = context.new_page()
        page.goto(f"/?lang={language}")
        return page

    yield come
    for context in contexts:
        context.close()


@pytest.fixture
def audit(axe: str) -> Audit:
    """Fails with what axe says; in light and in dark."""

    def look(page: Page, state: str, where: str = WIDGET) -> None:
        wrong = {}
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            wrong[scheme] = violations(page, axe, where)
        assert wrong == {scheme: [] for scheme in SCHEMES}, state

    return look


def say(page: Page, words: str, card: str) -> Locator:
    """Write, and wait for the card that is shown for it."""
    before = page.locator("article.agent").count()
    page.evaluate("words => { window.postventa.send(words) }", words)
    expect(page.locator("article.agent")).not_to_have_count(before, timeout=TURN_MS)
    shown = page.locator(f".card.{card}:not(.settled)").last
    expect(shown).to_be_visible(timeout=TURN_MS)
    return shown


def test_a_stranger_and_the_form_for_the_facts_asked(arrive: Arrive, audit: Audit, words: Words) -> None:
    page = arrive("")
    audit(page, "closed", "")
    page.route("**/widget/panel.js", lambda route: route.abort())
    page.locator(".launcher").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    audit(page, "could not be opened", "")
    page.unroute("**/widget/panel.js")
    page.reload()
    page.locator(".launcher").click()
    expect(page.get_by_role("log").locator("article")).to_have_count(1)
    audit(page, "open", "")
    say(page, words.unknown, "facts")
    audit(page, "facts form")


def test_a_return_from_the_items_to_the_rating(arrive: Arrive, audit: Audit, words: Words) -> None:
    page = arrive("rocio-navarro")
    items = say(page, words.return_one, "items")
    audit(page, "item picker")
    items.locator("input:enabled").first.check()
    items.locator("button.main").click()
    reasons = page.locator(".choice:not(.settled)")
    expect(reasons).to_be_visible(timeout=TURN_MS)
    audit(page, "reasons")
    reasons.locator(".option").nth(1).click()
    proposal = page.locator(".confirmation:not(.settled)")
    expect(proposal).to_be_visible(timeout=TURN_MS)
    proposal.locator("summary").click()
    audit(page, "confirmation, with the clause open")
    proposal.get_by_role("button", name=words.confirm).click()
    receipt = page.locator(".receipt")
    expect(receipt.locator("a.main")).to_be_visible(timeout=TURN_MS)
    audit(page, "receipt, with a label and a time to undo it")
    receipt.locator("button").click()
    expect(page.locator(".receipt.settled")).to_be_visible(timeout=TURN_MS)
    menu = page.get_by_role("button", name=words.more)
    menu.click()
    audit(page, "undone, and the menu")
    page.get_by_role("button", name=words.erase).click()
    audit(page, "asked whether to delete")
    page.keyboard.press("Escape")
    menu.click()
    page.get_by_role("button", name=words.rate).click()
    rating = page.locator(".rating")
    expect(rating).to_be_visible()
    audit(page, "rating")
    rating.locator("input[type=radio]").nth(4).check()
    rating.locator("button").click()
    expect(rating.locator("input")).to_have_count(0)
    menu.click()
    page.get_by_role("button", name=words.erase).click()
    page.locator(".menu li button").first.click()
    expect(page.get_by_role("log").locator("article")).to_have_count(0)
    audit(page, "deleted")


def test_sizes_and_an_address(arrive: Arrive, audit: Audit, words: Words) -> None:
    say(page := arrive("valentina-rojas"), words.other_size, "choice")
    audit(page, "size picker")
    say(page := arrive("martin-suarez"), words.other_address, "address")
    audit(page, "address form")


def test_orders_slots_points_and_a_source(arrive: Arrive, audit: Audit, words: Words) -> None:
    page = arrive("lucia-hernandez")
    say(page, words.return_any, "choice")
    say(page, words.other_time, "choice")
    audit(page, "slots, below orders that are settled")
    say(page, words.to_a_point, "choice")
    audit(page, "pickup points")
    page.evaluate("words => { window.postventa.send(words) }", words.window)
    source = page.locator(".sources summary").last
    expect(source).to_be_visible(timeout=TURN_MS)
    source.click()
    audit(page, "a source")


def test_a_timeline_and_then_a_person(arrive: Arrive, audit: Audit, words: Words, photo: bytes) -> None:
    page = arrive("arturo-cervantes")
    say(page, words.where, "order")
    page.locator("details.data summary").last.click()
    audit(page, "order timeline, and the data used")
    picked = {"name": "roto.png", "mimeType": "image/png", "buffer": photo}
    page.locator(f"{WIDGET} input[type=file]").set_input_files(picked)
    expect(page.get_by_role("log")).to_contain_text(words.photo)
    page.locator(f"{WIDGET} input[type=file]").set_input_files({**picked, "buffer": b"no picture"})
    expect(page.get_by_role("alert")).to_be_visible()
    audit(page, "a photo, and one that was refused")
    page.locator(".to-person").click()
    expect(page.locator(".status button")).to_be_visible(timeout=TURN_MS)
    audit(page, "in the queue")
    case: Case = newest_case(page)
    case.claim()
    case.write("Hola, soy Alma.")
    expect(page.locator("article.person")).to_be_visible()
    case.type()
    expect(page.locator(".typing i")).to_be_visible()
    audit(page, "with a person, who types")
    page.context.set_offline(True)
    page.locator(f"{WIDGET} textarea").fill("hola")
    page.keyboard.press("Enter")
    expect(page.locator("article.pending small")).to_be_visible()
    audit(page, "offline, with a message that waits")
    page.context.set_offline(False)
    expect(page.locator("article.pending")).to_have_count(0, timeout=2 * TURN_MS)
    case.resolve()
    expect(page.locator(".rating")).to_be_visible(timeout=TURN_MS)
    audit(page, "resolved")
