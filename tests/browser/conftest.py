"""One server for the browser tests of a folder, and one browser for each module of them."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.axe import fetch_axe
from tests.browser.server import Server
from tests.browser.shopper import SELF_ONLY, TURN_MS, Storefront

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-features=LocalNetworkAccessChecks",
]
"""The last one: a page that a test makes up has no address, and such a page may not reach this machine otherwise."""

BOUND_S = 300
"""The longest a test may take: no wait of a test is meant to run out on a machine that has other work."""

expect.set_options(timeout=TURN_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each browser test is bounded by itself, and fails alone."""
    for one in items:
        if Path(__file__).parent in one.path.parents:
            one.add_marker(pytest.mark.timeout(BOUND_S, method="signal"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo shop, started. A test that kills it starts it again."""
    server = Server(tmp_path_factory.mktemp("demo"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def address(server: Server) -> str:
    """Where the demo shop is."""
    return server.address


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core's script."""
    try:
        return fetch_axe(tmp_path_factory.mktemp("axe"))
    except (OSError, subprocess.SubprocessError):
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("axe-core cannot be fetched by npm here; POSTVENTA_TEST_AXE may name a folder that has it")


PHOTO = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture(scope="session")
def photo() -> bytes:
    """A photo, if a small one."""
    return base64.b64decode(PHOTO)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None and os.environ.get("CI") != "true":
        pytest.skip("there is no chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of one's own, in Spanish."""
    context = browser.new_context(locale="es-MX", viewport={"width": 1000, "height": 760}, reduced_motion="reduce")
    context.set_default_timeout(TURN_MS)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of it, at no address yet."""
    return context.new_page()


@pytest.fixture
def storefront(context: BrowserContext, server: Server) -> Iterator[Storefront]:
    """Pages of a shop with the line on them; a script that fails or is refused by a content policy fails the test."""
    wrong: list[str] = []

    def go(
        host: str = "",
        *,
        policy: str = SELF_ONLY,
        traits: str = "",
        style: str = "",
        root: str = 'lang="es"',
        body: str = "",
    ) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
        html = (
            f'<!doctype html><html {root}><meta charset="utf-8"><title>Tienda</title><link rel="stylesheet" href="/shop-style.css">'
            f'<main><h1>Tienda</h1>{body}</main><script type="module" src="{server.address}/widget.js" data-key="pk_demo"'
            f" {traits}></script></html>"
        )
        headers = {"Content-Security-Policy": policy, "Content-Type": "text/html"}
        page.route("**/shop-front", lambda route: route.fulfill(body=html, headers=headers))
        page.route("**/shop-style.css", lambda route: route.fulfill(body=style, content_type="text/css"))
        page.goto(f"{host or server.address}/shop-front")
        return page

    yield go
    assert wrong == []
