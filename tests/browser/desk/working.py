"""What shoppers and people of the desk do in these tests, and where pictures of it are kept.

Pictures go to ``POSTVENTA_TEST_SCREENSHOTS``, or to ``var/screenshots``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.server import ROOT
from tests.browser.shopper import TURN_MS

PICTURES = Path(os.environ.get("POSTVENTA_TEST_SCREENSHOTS") or ROOT / "var" / "screenshots")
SOON_MS = 30_000
UPSET = "llevo tres semanas esperando y nadie me responde, es una vergüenza"

Sit = Callable[..., Page]
"""Signs one of the demo's people in, see ``conftest.desk``."""
Arrive = Callable[..., Page]
"""A shopper on a storefront's page, see ``conftest.shopper``."""


def say(page: Page, words: str) -> None:
    """Write, and wait until the agent has answered."""
    expect(page.get_by_role("log").locator("article.agent")).not_to_have_count(0)
    before = page.get_by_role("log").locator("article.agent").count()
    box = page.get_by_role("textbox", name="Escribe tu mensaje")
    box.fill(words)
    box.press("Enter")
    expect(page.get_by_role("log").locator("article.agent")).not_to_have_count(before, timeout=TURN_MS)


def case_of(page: Page, name: str) -> Locator:
    """The newest case of that customer, in the queue."""
    return page.locator("#rows .row", has_text=name).last


def deafen(page: Page) -> None:
    """Nothing live is heard from now on: the page shows what it last read."""
    page.route("**/console/stream*", lambda route: route.abort())
    page.reload()


def shoot(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"console-{name}.png")
