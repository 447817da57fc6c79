"""What a screen reader says: every complete message once, never the history, and every change of state."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.case import newest_case
from tests.browser.server import Server
from tests.browser.shopper import TURN_MS, Storefront, begin, box_of, identify, say

LISTEN = """() => {
    const log = document.querySelector('postventa-widget').shadowRoot.querySelector('[role=log]');
    window.heard = [];
    new MutationObserver((changes) => {
        for (const change of changes) for (const node of change.addedNodes) {
            const text = node.textContent.trim();
            const live = (node.nodeType === 1 ? node : node.parentElement)?.closest('[aria-live]');
            if (text && live === log && log.ariaLive === 'polite') window.heard.push(text);
        }
    }).observe(log, { childList: true, subtree: true, characterData: true });
}"""
"""As assistive technology does with ``aria-relevant="additions"``: what comes under a live region is read, and what
stands in a region of its own that is off is not."""

SETTLED = """() => new Promise((done) => {
    requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => done(window.heard.splice(0)))))
})"""


def heard(page: Page) -> list[str]:
    """What was read out since the last time it was asked."""
    found: list[str] = page.evaluate(SETTLED)
    return found


def test_each_message_is_read_out_once_and_the_history_never(storefront: Storefront) -> None:
    page = storefront()
    identify(page, "lucia.hernandez@example.mx")
    log = begin(page)
    expect(log).to_have_attribute("aria-live", "polite")
    page.evaluate(LISTEN)
    say(page, "¿cuántos días tengo para devolver?", answers=2)
    mine, answer = heard(page)
    assert mine.endswith("¿cuántos días tengo para devolver?")
    assert "30 días" in answer
    say(page, "quiero devolver algo", answers=3)
    expect(page.locator(".choice")).to_be_visible(timeout=TURN_MS)
    assert len(heard(page)) == 2, "the words have said what is on the card"
    page.context.set_offline(True)
    box_of(page).fill("gracias")
    box_of(page).press("Enter")
    expect(page.locator("article.pending small")).to_be_visible(timeout=TURN_MS)
    page.context.set_offline(False)
    expect(page.locator("article.agent")).to_have_count(4, timeout=TURN_MS)
    assert sum("gracias" in one for one in heard(page)) == 1
    page.reload()
    page.locator("postventa-widget [role=log]").wait_for()
    page.evaluate(LISTEN)
    expect(page.locator("article")).to_have_count(6)
    assert heard(page) == []


def test_the_dialog_and_its_parts_are_named_and_states_are_told(storefront: Storefront, server: Server) -> None:
    page = storefront()
    begin(page)
    dialog = page.get_by_role("dialog", name="Atención al cliente")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("log", name="Conversación")).to_have_attribute("aria-live", "polite")
    first = dialog.locator("article").first
    expect(first).to_contain_text("inteligencia artificial")
    person = dialog.get_by_role("button", name="Hablar con una persona")
    place = person.bounding_box()
    person.click()
    status = dialog.locator(".status[role=status]")
    expect(status).to_contain_text("Una persona del equipo te va a atender.", timeout=TURN_MS)
    expect(status).to_contain_text(re.compile(r"Tu lugar en la fila: \d+\."))
    expect(status).to_contain_text(re.compile("Espera estimada|Te escribimos aquí antes del"))
    assert person.bounding_box() == place
    expect(person).to_be_disabled()
    case = newest_case(page, server.address)
    case.claim()
    expect(status).to_have_text("Alma está contigo.")
    expect(dialog.locator(".top")).to_contain_text("Alma")
    case.write("Hola, ya lo veo.")
    expect(dialog.locator("article.person")).to_contain_text("Hola, ya lo veo.")
    case.type()
    expect(dialog.locator(".typing[role=status]")).to_contain_text("Escribiendo")
    case.give_back()
    expect(status).to_be_empty()
    expect(dialog.locator(".top")).to_contain_text("Asistente virtual (IA)")
    expect(person).to_be_enabled()
    assert person.bounding_box() == place
    person.click()
    expect(status).to_contain_text("Una persona del equipo", timeout=TURN_MS)
    case = newest_case(page, server.address)
    case.claim()
    case.resolve()
    rating = dialog.locator(".rating")
    expect(rating).to_be_visible(timeout=TURN_MS)
    rating.get_by_label("5 de 5").check()
    rating.get_by_role("button", name="Enviar").click()
    expect(dialog.locator(".unseen[role=status]")).to_have_text("Gracias por decirlo.")


def test_the_place_in_the_queue_is_looked_at_again(storefront: Storefront, server: Server) -> None:
    first = storefront()
    begin(first)
    first.locator(".to-person").click()
    expect(first.locator(".status")).to_contain_text("Tu lugar en la fila", timeout=TURN_MS)
    case = newest_case(first, server.address)
    second = storefront()
    second.clock.install()
    begin(second)
    second.locator(".to-person").click()
    status = second.locator(".status")
    expect(status).to_contain_text("Tu lugar en la fila", timeout=TURN_MS)
    before = int(re.search(r"fila: (\d+)", status.inner_text())[1])  # type: ignore[index]
    case.claim()
    second.clock.run_for(31_000)
    expect(status).to_contain_text(f"fila: {before - 1}.")
    case.resolve()
