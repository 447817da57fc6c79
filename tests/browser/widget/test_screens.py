"""The widget on every screen: phones, 400 % zoom, right to left, forced colours, without motion, by keyboard alone."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.shopper import PANEL, TURN_MS, Storefront, begin, box_of, identify, say

SMALLEST_TARGET = 24
TARGETS = "button, a[href], input, select, textarea, summary"

PHONE = {"width": 320, "height": 568}
ZOOMED = {"width": 320, "height": 256}
"""What is left of 1280 x 1024 at 400 %."""

OVERFLOWING = """panel => [...panel.querySelectorAll('*'), panel]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible' && one.matches(':not(.unseen)'))
    .map((one) => one.className || one.tagName)"""
FOCUS = """() => { const root = document.querySelector('postventa-widget').shadowRoot; const one = root.activeElement;
    if (!one) return null;
    const box = one.getBoundingClientRect();
    const at = root.elementFromPoint(box.x + box.width / 2, Math.min(box.y + Math.min(box.height, 30) / 2, innerHeight - 1));
    return { name: one.className || one.tagName, seen: box.bottom > 0 && box.top < innerHeight && Boolean(at) && (one.contains(at) || at.contains(one)) } }"""

ARABIC = {"dir": "rtl", "title": "خدمة العملاء", "ai": "مساعد افتراضي", "message": "اكتب رسالتك"}


def a_return(page: Page) -> None:
    """Items to pick and words before them."""
    identify(page, "rocio.navarro@example.es")
    begin(page)
    say(page, "quiero devolver algo del 10051", answers=2)
    expect(page.locator(".items")).to_be_visible(timeout=TURN_MS)


@pytest.mark.parametrize("size", [PHONE, ZOOMED], ids=["phone", "400 %"])
def test_a_small_screen_is_filled_and_nothing_on_it_is_lost(storefront: Storefront, size: dict[str, int]) -> None:
    page = storefront(body='<a href="#x">Otra cosa</a>')
    page.set_viewport_size(size)  # type: ignore[arg-type]
    a_return(page)
    panel = page.locator(PANEL)
    assert panel.bounding_box() == {"x": 0, "y": 0, **size}
    assert panel.evaluate(OVERFLOWING) == []
    for always in (".to-person", ".composer textarea", ".composer .send"):
        expect(page.locator(f"postventa-widget {always}").first).to_be_in_viewport(ratio=0.9)
    expect(panel).to_have_attribute("aria-modal", "true")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus is not None, "the focus went under the widget"
        assert focus["seen"], focus
        reached.append(focus["name"])
        if len(reached) > 1 and reached[-1] == reached[0]:
            break
    assert {"to-person", "INPUT", "TEXTAREA", "icon send", "log"} <= set(reached)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_beside_a_page_the_keyboard_leaves_the_widget_again(storefront: Storefront) -> None:
    page = storefront(body='<a href="#x">Otra cosa</a>')
    a_return(page)
    assert page.locator(PANEL).get_attribute("aria-modal") is None
    inside = [True]
    for _ in range(40):
        page.keyboard.press("Tab")
        inside.append(page.evaluate("document.activeElement.localName === 'postventa-widget'"))
        if not inside[-1]:
            break
    assert not inside[-1]


def test_every_target_is_large_enough(storefront: Storefront) -> None:
    page = storefront()
    a_return(page)
    say(page, "¿cuántos días tengo para devolver?", answers=3)
    page.locator(".menu > button").click()
    small = page.locator(f"postventa-widget :is({TARGETS})").evaluate_all(
        """(all, least) => all.filter((one) => one.checkVisibility() && !one.closest('p')).map((one) => {
            const around = one.type === 'checkbox' ? one.closest('.line') : one; const box = around.getBoundingClientRect();
            return [one.className || one.tagName, box.width, box.height] }).filter(([, width, height]) => width < least || height < least)""",
        SMALLEST_TARGET,
    )
    assert small == []


def test_a_page_and_texts_from_right_to_left(storefront: Storefront, axe: str) -> None:
    policy = "default-src 'self' 'unsafe-inline'"  # axe-core tries styles on
    page = storefront(
        policy=policy, root='lang="ar" dir="rtl"', traits='data-locale="ar" data-texts="/ar.json" data-label="مساعدة"'
    )
    page.route("**/ar.json", lambda route: route.fulfill(body=json.dumps(ARABIC), content_type="application/json"))
    launcher = page.locator(".launcher")
    assert launcher.get_attribute("aria-label") == "مساعدة"
    box = launcher.bounding_box()
    assert box is not None
    assert box["x"] < 100, "at the end of the line, which is on the left"
    begin(page)
    panel = page.get_by_role("dialog", name="خدمة العملاء")
    expect(panel).to_have_attribute("dir", "rtl")
    close, title = (panel.locator(one).bounding_box() for one in ("[part=close]", "h2"))
    assert close is not None
    assert title is not None
    assert close["x"] < title["x"]
    assert panel.evaluate(OVERFLOWING) == []
    expect(page.locator(".send")).to_have_accessible_name("Send")
    assert violations(page, axe, "postventa-widget") == []


def test_spanish_on_a_page_from_right_to_left_runs_as_spanish_does(storefront: Storefront) -> None:
    page = storefront(root='lang="es" dir="rtl"')
    begin(page)
    expect(page.locator(PANEL)).to_have_attribute("dir", "ltr")


def test_forced_colours_leave_every_shape_its_outline(storefront: Storefront) -> None:
    page = storefront()
    page.emulate_media(forced_colors="active")
    border = "one => { const s = getComputedStyle(one); return [parseFloat(s.borderTopWidth) > 0, s.borderTopStyle] }"
    assert page.locator(".launcher").evaluate(border) == [True, "solid"]
    a_return(page)
    for shape in ("article.agent > p", "article.shopper > p", ".card", ".to-person", ".send", ".buttons button"):
        assert page.locator(f"postventa-widget {shape}").first.evaluate(border) == [True, "solid"], shape


@pytest.mark.parametrize(("wish", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_whoever_wants_that(storefront: Storefront, wish: str, moves: bool) -> None:
    page = storefront()
    page.emulate_media(reduced_motion=wish)  # type: ignore[arg-type]
    begin(page)
    page.route("**/messages", lambda route: None)
    box_of(page).fill("hola")
    box_of(page).press("Enter")
    expect(page.locator(".typing i")).to_be_visible()
    running = "() => document.querySelector('postventa-widget').shadowRoot.getAnimations().length > 0"
    assert page.evaluate(running) is moves


def test_a_whole_exchange_by_keyboard_and_the_focus_goes_back(storefront: Storefront) -> None:
    page = storefront(body='<button type="button" id="mine">Pedir ayuda</button>')
    identify(page, "joao.pereira@example.com.br")
    mine = page.get_by_role("button", name="Pedir ayuda")
    mine.evaluate("one => one.addEventListener('click', () => window.postventa.open())")
    mine.focus()
    page.keyboard.press("Enter")
    expect(box_of(page)).to_be_focused()
    page.keyboard.type("quiero devolver algo del 10009")
    page.keyboard.press("Enter")
    items = page.locator(".items:not(.settled)")
    expect(items).to_be_visible(timeout=TURN_MS)
    items.locator("input").nth(1).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("article.shopper").last).to_contain_text("3 × Caneca Barro")
    expect(box_of(page)).to_be_focused()
    reasons = page.locator(".choice:not(.settled)")
    expect(reasons).to_be_visible(timeout=TURN_MS)
    reasons.locator("button").nth(1).focus()
    page.keyboard.press("Enter")
    proposal = page.locator(".confirmation:not(.settled)")
    expect(proposal).to_contain_text("3 × Caneca Barro", timeout=TURN_MS)
    expect(box_of(page)).to_be_focused()
    proposal.get_by_role("button", name="Confirmar").focus()
    page.keyboard.press("Enter")
    undo = page.locator(".receipt").get_by_role("button", name="Deshacer (hasta las")
    expect(undo).to_be_visible(timeout=TURN_MS)
    undo.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("log")).to_contain_text("Deshecho", timeout=TURN_MS)
    expect(box_of(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(mine).to_be_focused()
