"""The widget where it is hard: power cuts, two tabs, strict and hostile pages, hostile words in every field."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

from playwright.sync_api import Page, Route, expect

from agent.api.wire.cards import Card
from tests.browser.case import newest_case
from tests.browser.server import Server
from tests.browser.shopper import SELF_ONLY, TURN_MS, Storefront, begin, said, say

HOSTILE = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"
HOSTILE_LINK = "javascript:document.title='hacked'//"
HOSTILE_STYLE = """
html, body, body * { font: 40px/3 serif !important; letter-spacing: 9px !important; text-transform: uppercase !important;
    color: red !important; visibility: hidden !important; text-align: right !important }
body > * { all: unset !important; opacity: 0.1 !important; transform: rotate(20deg) !important; position: static !important;
    width: 3px !important; height: 3px !important }
"""


def test_a_power_cut_in_mid_turn_loses_nothing_and_repeats_nothing(storefront: Storefront, server: Server) -> None:
    page = storefront()
    log = begin(page)
    say(page, "¿cuántos días tengo para devolver?", answers=2)
    box = page.get_by_role("textbox", name="Escribe tu mensaje")
    box.fill("¿y cuánto tarda el reembolso?")
    with page.expect_request(re.compile("/messages$")):
        box.press("Enter")
    server.kill()
    box.fill("¿hacen envíos a otros países?")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Sin conexión")
    expect(log.locator("article.shopper")).to_have_count(3)
    server.start()
    expect(log.locator("article.pending")).to_have_count(0, timeout=2 * TURN_MS)
    expect(log.locator("article.agent")).to_have_count(4, timeout=2 * TURN_MS)
    expect(page.get_by_role("alert")).to_be_hidden()
    assert log.locator("article.shopper > p").all_inner_texts() == [
        "¿cuántos días tengo para devolver?",
        "¿y cuánto tarda el reembolso?",
        "¿hacen envíos a otros países?",
    ]
    before = said(page)
    page.reload()
    expect(log.locator("article.agent")).to_have_count(3)
    assert said(page) == before


def test_two_tabs_are_one_conversation(storefront: Storefront) -> None:
    one = storefront(traits='data-remember="local"')
    begin(one)
    say(one, "¿cuántos días tengo para devolver?", answers=2)
    two = storefront(traits='data-remember="local"')
    expect(two.get_by_role("log")).to_contain_text("30 días")
    say(two, "¿hacen envíos a otros países?", answers=2)
    expect(one.get_by_role("log").locator("article.agent")).to_have_count(3)
    say(one, "gracias", answers=4)
    expect(two.get_by_role("log").locator("article.agent")).to_have_count(3)
    assert said(one) == said(two)
    assert one.context.cookies() == []


def test_a_page_that_trusts_only_itself_and_the_service(storefront: Storefront, server: Server) -> None:
    service = server.address
    policy = f"{SELF_ONLY}; script-src {service}; connect-src {service}"
    page = storefront(service.replace("127.0.0.1", "localhost"), policy=policy)
    begin(page)
    say(page, "¿cuántos días tengo para devolver?", answers=2)
    expect(page.get_by_role("log")).to_contain_text("30 días")


def test_the_styles_of_a_page_do_not_reach_the_widget(storefront: Storefront) -> None:
    page = storefront(style=HOSTILE_STYLE)
    log = begin(page)
    look = "one => { const s = getComputedStyle(one); return [s.fontSize, s.letterSpacing, s.textTransform, s.visibility, s.textAlign, s.color] }"
    seen = log.locator("article p").first.evaluate(look)
    assert seen == ["16px", "normal", "none", "visible", "start", "rgb(23, 32, 46)"]
    assert page.locator("postventa-widget").evaluate("one => getComputedStyle(one).opacity") == "1"
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["width"] == 400
    assert box["x"] + box["width"] <= 1000
    assert box["y"] + box["height"] <= 760
    say(page, "hola", answers=2)
    page.keyboard.press("Escape")
    expect(page.locator(".launcher")).to_be_focused()


def test_a_person_at_the_desk_cannot_write_markup(storefront: Storefront, server: Server) -> None:
    page = storefront()
    begin(page)
    page.get_by_role("button", name="Hablar con una persona").click()
    expect(page.locator(".status")).to_contain_text("Una persona del equipo te va a atender")
    case = newest_case(page, server.address)
    case.claim()
    case.write(HOSTILE)
    shown = page.get_by_role("log").locator("article.person > p")
    expect(shown).to_have_text(HOSTILE)
    assert_harmless(page)


def test_what_order_systems_and_articles_say_is_never_markup(storefront: Storefront) -> None:
    """Every text of every card of the contract, of a citation and of a name, with markup and an address that runs."""
    page = storefront()

    def poison(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        turns = [body] if "cards" in body else []
        for message in body.get("messages", []):
            message.update(author=HOSTILE, citations=[hostile_citation()], who="person")
        for turn in turns:
            turn["cards"] = [hostile(model.model_json_schema()) for model in get_args(get_args(Card)[0])]
            turn["tools"] = [{"name": HOSTILE, "ok": True, "ms": 1}]
        route.fulfill(response=answer, body=json.dumps(body))

    page.route(re.compile(r"/v1/conversations/[^/]+/messages"), poison)
    page.route(re.compile(r"/v1/conversations/[^/]+/events"), lambda route: route.abort())
    begin(page)
    box = page.get_by_role("textbox", name="Escribe tu mensaje")
    box.fill("hola")
    box.press("Enter")
    expect(page.locator(".card")).to_have_count(len(get_args(get_args(Card)[0])))
    for summary in page.locator("postventa-widget summary").all():
        summary.click()
    expect(page.locator(".card.choice b")).to_have_text(HOSTILE)
    assert_harmless(page)


def test_a_photo_is_a_line_in_the_log_that_a_reload_keeps_in_its_place(storefront: Storefront, photo: bytes) -> None:
    page = storefront()
    log = begin(page)
    page.locator("postventa-widget input[type=file]").set_input_files(
        {"name": "roto.png", "mimeType": "image/png", "buffer": photo}
    )
    expect(log).to_contain_text("Foto enviada")
    say(page, "hola", answers=2)
    page.reload()
    expect(log.locator("article")).to_have_count(3)
    expect(log.locator("article").first).to_contain_text("Foto enviada")
    with page.expect_download() as saved:
        log.get_by_role("button", name="Guardar").click()
    assert saved.value.suggested_filename.startswith("att_")
    page.locator("postventa-widget input[type=file]").set_input_files(
        {"name": "roto.png", "mimeType": "image/png", "buffer": b"<script>alert(1)</script>"}
    )
    expect(page.get_by_role("alert")).to_contain_text("Esa foto no se puede enviar")


def assert_harmless(page: Page) -> None:
    inside = page.locator("postventa-widget")
    assert inside.locator("img, script, iframe, object").count() == 0
    links = inside.locator("a").evaluate_all("links => links.map((one) => one.protocol)")
    assert set(links) <= {"http:", "https:"}
    assert page.title() == "Tienda"


def hostile_citation() -> dict[str, str]:
    return {"article": HOSTILE, "title": HOSTILE, "url": HOSTILE_LINK, "quote": HOSTILE}


def hostile(schema: dict[str, Any], definitions: dict[str, Any] | None = None, name: str = "") -> Any:
    """A value of this JSON schema, as hostile as it allows."""
    known = definitions or schema.get("$defs", {})
    if "$ref" in schema:
        return hostile(known[schema["$ref"].rpartition("/")[2]], known, name)
    if "const" in schema or "enum" in schema:
        return schema.get("const") or schema["enum"][0]
    if "anyOf" in schema:
        return hostile(schema["anyOf"][0], known, name)
    kind = schema["type"]
    if kind == "object":
        if "properties" not in schema:
            return {one: HOSTILE for one in schema["propertyNames"]["enum"]}
        return {one: hostile(each, known, one) for one, each in schema["properties"].items()}
    if kind == "array":
        return [hostile(schema["items"], known, name)]
    if kind == "string":
        if schema.get("format") == "date-time":
            return "2030-01-01T00:00:00Z"
        return HOSTILE_LINK if name.endswith("url") else HOSTILE
    return {"boolean": True, "integer": 2}[kind]
