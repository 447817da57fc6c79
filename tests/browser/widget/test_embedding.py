"""What a storefront does with the widget: one line, its calls and events, words and looks of its own, and its hash."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from agent.widget.files import LAUNCHER, widget_files
from tests.browser.case import newest_case
from tests.browser.server import Server
from tests.browser.shopper import PANEL, TURN_MS, Storefront, begin, identify, said, say

EVENTS = ("open", "close", "message", "action", "handoff", "error")
NOTE = f"() => {{ window.told = []; for (const one of {json.dumps(EVENTS)}) {{ window.postventa.on(one, (detail) => window.told.push([one, detail])); document.addEventListener('postventa:' + one, (event) => window.told.push(['bubbled ' + one, event.detail])) }} }}"
CARRIED = "() => performance.getEntriesByType('resource').filter((one) => /widget/.test(one.name)).map((one) => [new URL(one.name).pathname, one.encodedBodySize])"


def told(page: Page, kind: str) -> list[Any]:
    """What the page has heard of that kind of event since it began to listen."""
    return [detail for name, detail in page.evaluate("() => window.told") if name == kind]


def test_until_it_is_opened_a_page_pays_for_the_launcher_alone(storefront: Storefront) -> None:
    page = storefront()
    identify(page, "lucia.hernandez@example.mx")
    page.wait_for_load_state("networkidle")
    carried = page.evaluate(CARRIED)
    assert carried == [["/widget.js", len(widget_files()[LAUNCHER].packed)]]
    assert carried[0][1] <= 3 * 1024
    begin(page)
    assert sum(size for _, size in page.evaluate(CARRIED)) <= 25 * 1024
    say(page, "¿dónde está mi pedido?", answers=2)
    expect(page.get_by_role("log")).to_contain_text("Hola, Lucía")


def test_calls_and_events(storefront: Storefront, server: Server) -> None:
    page = storefront()
    page.evaluate(NOTE)
    identify(page, "lucia.hernandez@example.mx")
    page.evaluate("() => { window.postventa.send('quiero devolver las tazas del 10084, ya no me gustan') }")
    page.locator(".confirmation").get_by_role("button", name="Confirmar").click()
    page.locator(".receipt").get_by_role("button", name="Deshacer").click()
    expect(page.get_by_role("log")).to_contain_text("Deshecho", timeout=TURN_MS)
    assert told(page, "open") == [{}]
    assert [one["status"] for one in told(page, "action")] == ["executed", "undone"]
    assert told(page, "bubbled action") == told(page, "action")
    messages = told(page, "message")
    assert [one["who"] for one in messages] == ["shopper", "agent", "agent", "agent"]
    assert len({one["id"] for one in messages}) == len(messages)
    page.locator(".to-person").click()
    expect(page.locator(".status")).to_contain_text("Una persona", timeout=TURN_MS)
    newest_case(page, server.address).claim()
    expect(page.locator(".status")).to_have_text("Alma está contigo.")
    assert [one["event"] for one in told(page, "handoff")] == ["handoff.queued", "handoff.claimed"]
    page.evaluate("() => window.postventa.close()")
    expect(page.locator(PANEL)).to_be_hidden()
    assert told(page, "close") == [{}]
    page.evaluate("() => window.postventa.open()")
    expect(page.locator(PANEL)).to_be_visible()


def test_another_shopper_and_nobody_get_conversations_of_their_own(storefront: Storefront) -> None:
    page = storefront()
    identify(page, "lucia.hernandez@example.mx")
    begin(page)
    say(page, "¿dónde está mi pedido?", answers=2)
    words = said(page)
    page.reload()
    expect(page.locator("article[data-id^=msg_]")).to_have_count(2)
    identify(page, "lucia.hernandez@example.mx")
    assert said(page) == words, "the same shopper on the next page goes on"
    assert page.locator(".card.order").count() == 1
    page.evaluate("() => window.postventa.identify('')")
    expect(page.locator("article[data-id^=msg_]")).to_have_count(0)
    say(page, "¿dónde está mi pedido?", answers=2)
    expect(page.locator(".facts")).to_be_visible()
    identify(page, "rocio.navarro@example.es")
    expect(page.locator("article[data-id^=msg_]")).to_have_count(0)


def test_words_and_looks_of_the_shop(storefront: Storefront) -> None:
    style = "postventa-widget { --postventa-accent: rgb(120, 20, 80); --postventa-font: Georgia } postventa-widget::part(header) { letter-spacing: 2px }"
    page = storefront(traits='data-texts="/words.json"', style=style)
    words = json.dumps({"es": {"title": "Ayuda de <b>Andén</b>"}, "en": {"title": "no"}})
    page.route("**/words.json", lambda route: route.fulfill(body=words, content_type="application/json"))
    begin(page)
    top = page.locator(".top")
    expect(top.locator("h2")).to_have_text("Ayuda de <b>Andén</b>")
    look = top.evaluate(
        "one => { const s = getComputedStyle(one); return [s.backgroundColor, s.letterSpacing, s.fontFamily] }"
    )
    assert look == ["rgb(120, 20, 80)", "2px", "Georgia"]
    expect(page.locator(".to-person")).to_have_text("Hablar con una persona")


def test_a_part_that_is_not_the_one_vouched_for_is_not_run(storefront: Storefront) -> None:
    page = storefront()
    page.evaluate(NOTE)

    def change(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text() + "\ndocument.title = 'changed';")

    page.route("**/widget/panel.js", change)
    page.locator(".launcher").click()
    expect(page.get_by_role("alert")).to_have_text("No se pudo abrir")
    assert page.title() == "Tienda"
    assert len(told(page, "error")) == 1


def test_what_could_not_be_loaded_is_said_and_can_be_tried_again(storefront: Storefront) -> None:
    page = storefront()
    page.route("**/widget/texts/es.json", lambda route: route.abort())
    page.locator(".launcher").click()
    expect(page.get_by_role("alert")).to_have_text("No se pudo abrir")
    page.unroute("**/widget/texts/es.json")
    begin(page)
    expect(page.locator(PANEL)).to_be_visible()


def test_a_code_pasted_with_the_words_around_it(storefront: Storefront, server: Server) -> None:
    page = storefront()
    begin(page)
    say(page, "quiero cambiar la dirección de mi pedido", answers=2)
    facts = page.locator(".facts:not(.settled)")
    number, email = facts.locator("[name=order_number]"), facts.locator("[name=email]")
    assert (email.get_attribute("type"), email.get_attribute("autocomplete")) == ("email", "email")
    number.fill("10010")
    email.fill(mail_of(page, server, "Martín"))
    facts.get_by_role("button", name="Continuar").click()
    code = page.locator(".facts:not(.settled) [name=code]")
    expect(code).to_be_visible(timeout=TURN_MS)
    assert (code.get_attribute("autocomplete"), code.get_attribute("inputmode")) == ("one-time-code", "numeric")
    assert page.locator(".facts:not(.settled) input").count() == 1, "what is known is not asked again"
    mail = page.request.get(f"{server.address}/demo/outbox", headers={"Accept": "application/json"}).json()[0]
    digits = re.search(r"\b\d{6}\b", mail["text"])
    assert digits is not None
    code.fill(f"Tu código es {digits[0][:3]} {digits[0][3:]}.")
    assert code.input_value() == digits[0]
    code.press("Enter")
    address = page.locator(".address:not(.settled)")
    expect(address).to_be_visible(timeout=TURN_MS)
    filled = address.locator("input").evaluate_all("all => all.map((one) => one.autocomplete)")
    assert filled == [
        f"shipping {one}"
        for one in ("address-line1", "address-line2", "address-level2", "address-level1", "postal-code")
    ]
    for name, value in (("line1", "Av. Corrientes 1234"), ("city", "Buenos Aires"), ("postal_code", "C1043AAZ")):
        address.locator(f"[name={name}]").fill(value)
    address.get_by_role("button", name="Continuar").click()
    expect(page.locator(".confirmation")).to_contain_text("Av. Corrientes 1234", timeout=TURN_MS)


def test_a_conversation_is_kept_printed_and_deleted(storefront: Storefront) -> None:
    page = storefront()
    begin(page)
    say(page, "<b>hola</b>", answers=2)
    more = page.get_by_role("button", name="Más opciones")
    more.click()
    with page.expect_download() as kept:
        page.get_by_role("button", name="Descargar la conversación").click()
    assert "<b>hola</b>" in kept.value.path().read_text("utf-8")
    more.click()
    with page.expect_popup() as printed:
        page.get_by_role("button", name="Imprimir").click()
    expect(printed.value.locator("body")).to_contain_text("<b>hola</b>")
    printed.value.close()
    more.click()
    page.get_by_role("button", name="Borrar mi conversación").click()
    page.get_by_role("button", name="Sí, borrarla").click()
    expect(page.locator(".unseen[role=status]")).to_have_text("Tu conversación se borró.")
    expect(page.locator("article")).to_have_count(0)
    say(page, "hola", answers=2)
    expect(page.locator("article").first).to_contain_text("inteligencia artificial")


def mail_of(page: Page, server: Server, name: str) -> str:
    """The address of one of the demo's customers."""
    people = page.request.get(f"{server.address}/demo/customers").json()
    return str(next(one["email"] for one in people if one["name"].startswith(name)))
