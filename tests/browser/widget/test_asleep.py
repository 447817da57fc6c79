"""A phone that sleeps, and a line that dies without a word: back again, nothing is lost and nothing is there twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.case import Case, newest_case
from tests.browser.line import Line
from tests.browser.server import Server
from tests.browser.shopper import SELF_ONLY, TURN_MS, Storefront, begin, box_of, said

MISSED = ("Ya lo estoy mirando.", "El paquete sale hoy.", "¿Algo más?")


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    with Line(server.address) as line:
        yield line


def over(storefront: Storefront, line: Line) -> Page:
    """A page whose widget speaks over this line."""
    return storefront(traits=f'data-api="{line.address}"', policy=f"{SELF_ONLY}; connect-src 'self' {line.address}")


def with_alma(page: Page, server: Server) -> Case:
    """The shopper's conversation once Alma has it."""
    page.locator(".to-person").click()
    expect(page.locator(".status")).to_contain_text("Una persona")
    case = newest_case(page, server.address)
    case.claim()
    expect(page.locator(".status")).to_have_text("Alma está contigo.")
    return case


def stream_of(page: Page) -> list[str]:
    """Opens of the stream of events, as they happen."""
    opened: list[str] = []
    page.on("request", lambda one: opened.append(one.url) if "/events?" in one.url else None)
    return opened


def test_a_page_that_was_frozen_while_replies_came(storefront: Storefront, server: Server) -> None:
    page = storefront()
    begin(page)
    case = with_alma(page, server)
    before = said(page)
    inside = page.context.new_cdp_session(page)
    inside.send("Page.setWebLifecycleState", {"state": "frozen"})
    for words in MISSED:
        case.write(words)
    inside.send("Page.setWebLifecycleState", {"state": "active"})
    expect(page.locator("article.person")).to_have_count(len(MISSED))
    case.write("Sigo aquí.")
    expect(page.locator("article.person")).to_have_count(len(MISSED) + 1)
    assert said(page) == [*before, *MISSED, "Sigo aquí."]


def test_a_phone_that_slept_longer_than_its_line_lived(storefront: Storefront, server: Server, line: Line) -> None:
    """The stream looks open for ever: only the silence tells."""
    page = over(storefront, line)
    page.clock.install()
    begin(page)
    case = with_alma(page, server)
    before, opened = said(page), stream_of(page)
    line.forget()
    for words in MISSED:
        case.write(words)
    box_of(page).fill("escribo mientras tanto")
    page.clock.fast_forward(60_000)
    expect(page.locator("article.person")).to_have_count(len(MISSED))
    assert len(opened) == 1
    box_of(page).press("Enter")
    expect(page.locator("article.pending")).to_have_count(0, timeout=TURN_MS)
    case.write("Sigo aquí.")
    expect(page.locator("article.person")).to_have_count(len(MISSED) + 1)
    assert said(page) == [*before, *MISSED, "escribo mientras tanto", "Sigo aquí."]


def test_what_is_said_on_a_line_that_has_died_arrives_once(storefront: Storefront, server: Server, line: Line) -> None:
    page = over(storefront, line)
    begin(page)
    line.forget()
    box_of(page).fill("¿cuántos días tengo para devolver?")
    box_of(page).press("Enter")
    expect(page.locator("article.agent")).to_have_count(2, timeout=TURN_MS)
    expect(page.locator("article.shopper > p")).to_have_text(["¿cuántos días tengo para devolver?"])
    page.reload()
    expect(page.locator("article.agent")).to_have_count(1)
    expect(page.locator("article.shopper")).to_have_count(1)
