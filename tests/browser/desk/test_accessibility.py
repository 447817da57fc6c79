"""axe-core finds nothing wrong with any state of the desk's pages, light and dark, in three languages.

Pictures of the states go where those of the other tests go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import violations
from tests.browser.desk.working import SOON_MS, UPSET, shoot
from tests.browser.server import Server

KEY = {"Authorization": "Bearer pk_demo"}
CASES = (
    ("Lucía", ("¿dónde está mi pedido 10001?", UPSET, "quiero hablar con una persona")),
    ("Emma", ("where is my order 10003?", "I want to talk to a person")),
    ("Mariana", ("o tênis do pedido 10054 ficou apertado", "quero falar com uma pessoa")),
    ("Diego", ("la bocina del pedido 10056 echa humo",)),
)
EXCEPTION = ("la cobija del pedido 10007 me llegó rota, quiero que me devuelvan el dinero", "sí")


@pytest.fixture(scope="module")
def shoppers(browser: Browser, server: Server) -> Iterator[None]:
    """Cases of every kind wait: four that asked or were in need, one with a photo, one exception."""
    context = browser.new_context(base_url=server.address)
    tokens = {one["name"].split()[0]: one["shopper_token"] for one in context.request.get("/demo/customers").json()}
    for name, lines in (*CASES, ("Lucía", EXCEPTION)):
        _talk(context, tokens[name], lines)
    yield
    context.close()


def _talk(context: BrowserContext, token: str, lines: tuple[str, ...]) -> None:
    opened = context.request.post(
        "/v1/conversations", data={"shopper_token": token, "locale": "es"}, headers=KEY
    ).json()
    own, path = {**KEY, "X-Conversation-Token": opened["token"]}, f"/v1/conversations/{opened['id']}"
    photo = BytesIO()
    Image.new("RGB", (320, 240), "#aa5533").save(photo, "PNG")
    for line in lines:
        assert context.request.post(f"{path}/messages", data={"text": line}, headers=own).ok
    sent = context.request.post(
        f"{path}/attachments", data=photo.getvalue(), headers={**own, "Content-Type": "image/png"}
    )
    assert sent.ok


@pytest.fixture(params=["es", "en", "pt"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def lead(browser: Browser, server: Server, language: str) -> Iterator[Page]:
    """Bruno, who sees all there is, signed in."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce", base_url=server.address
    )
    context.set_default_timeout(SOON_MS)
    page = context.new_page()
    page.goto(f"/console/sign-in?language={language}")
    yield page
    context.close()


@pytest.fixture
def audit(axe: str, language: str) -> Callable[[Page, str], None]:
    """Keeps a picture, and fails with what axe says, in light and in dark."""

    def look(page: Page, state: str) -> None:
        wrong = {}
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            shoot(page, f"state-{state}-{language}-{scheme}")
            wrong[scheme] = violations(page, axe)
        assert wrong == {"light": [], "dark": []}, state

    return look


def test_no_state_of_the_desk_is_closed_to_anybody(
    lead: Page, shoppers: None, audit: Callable[[Page, str], None], language: str
) -> None:
    audit(lead, "door")
    lead.locator(".door-link summary").click()
    lead.locator("[name=email]").fill("nadie@desk.example")
    lead.locator(".door-link button").click()
    expect(lead.locator(".told")).to_be_visible()
    audit(lead, "link-asked")
    lead.goto("/console/enter?key=x")
    audit(lead, "enter")
    lead.locator(".primary").click()
    expect(lead.get_by_role("alert")).to_be_visible()
    audit(lead, "link-over")
    lead.locator("form[action='/console/demo-sign-in'] button").last.click()
    lead.wait_for_url("**/console")
    lead.goto(f"/console/language?to={language}")
    expect(lead.locator("html")).to_have_attribute("lang", language)
    audit(lead, "queue")
    lead.goto("/console?queue=privacy")
    audit(lead, "empty")
    lead.goto("/console?show=closed")
    audit(lead, "closed")
    lead.goto("/console/exceptions")
    audit(lead, "exceptions")
    lead.goto("/console/live")
    lead.locator("#rows .row").first.click()
    expect(lead.locator("#log")).to_be_visible()
    audit(lead, "live")
    lead.goto("/console")
    lead.locator("#rows .row", has_text="Lucía").first.click()
    expect(lead.locator("#side .photos img").first).to_be_visible()
    expect(lead.locator("article.photo img").first).to_have_js_property("complete", value=True)
    audit(lead, "waiting")
    claim = lead.locator("form[action$='/claim'] button")
    if claim.count():
        claim.first.click()
    expect(lead.locator("[data-opens=return]")).to_be_visible()
    audit(lead, "case")
    for name in ("transfer", "return", "resolve", "keys"):
        lead.locator(f"[data-opens={name}]").first.click()
        expect(lead.locator(f"dialog#{name}")).to_be_visible()
        audit(lead, name)
        lead.keyboard.press("Escape")
    lead.locator("#tab-knowledge").click()
    lead.locator("#q").fill("devolver")
    lead.keyboard.press("Enter")
    expect(lead.locator(".passage").first).to_be_visible()
    audit(lead, "knowledge")
    lead.locator("details.menu summary").click()
    audit(lead, "menu")
    lead.set_viewport_size({"width": 900, "height": 700})
    audit(lead, "narrow")
    lead.goto("/console/cases/hnd_none")
    audit(lead, "problem")
