"""What a shopper does with the widget, in Spanish."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

TURN_MS = 30_000
SELF_ONLY = "default-src 'self'"
PANEL = "postventa-widget .panel"

Storefront = Callable[..., Page]
"""Opens a page of a shop, see ``conftest.storefront``."""


def begin(page: Page) -> Locator:
    """Open the widget; returns the log."""
    page.locator(".launcher").click()
    expect(page.get_by_role("log").locator("article")).not_to_have_count(0)
    return page.get_by_role("log")


def box_of(page: Page) -> Locator:
    """Where one writes."""
    return page.locator("postventa-widget .composer textarea")


def say(page: Page, words: str, answers: int) -> None:
    """Write, and wait until there are so many messages of the agent."""
    box_of(page).fill(words)
    box_of(page).press("Enter")
    expect(page.get_by_role("log").locator("article.agent")).to_have_count(answers, timeout=TURN_MS)


def said(page: Page) -> list[str]:
    """The words of the log, without the greeting, which is said once on opening."""
    found = page.get_by_role("log").locator("article[data-id^=msg_] > p").all_inner_texts()
    return [str(one) for one in found]


def identify(page: Page, email: str) -> None:
    """Sign one of the demo's customers in, as a storefront does."""
    widget = page.locator("postventa-widget")
    address = widget.evaluate("() => new URL(document.querySelector('script[data-key]').src).origin")
    people = page.request.get(f"{address}/demo/customers").json()
    token = next(one["shopper_token"] for one in people if one["email"] == email)
    widget.evaluate("(widget, token) => widget.identify(token)", token)
