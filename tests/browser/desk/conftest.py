"""The desk beside shoppers' pages, on servers of their own: what waits there is what these tests have brought."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.desk.working import SOON_MS, Arrive, Sit, say
from tests.browser.server import Server

STOREFRONT = """<!doctype html><html lang="es"><title>Tienda</title><main><h1>Tienda</h1></main>
<script type="module" src="/widget.js" data-key="pk_demo"></script>"""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo, for the tests of one module alone."""
    server = Server(tmp_path_factory.mktemp("desk"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def address(server: Server) -> str:
    """Where it is."""
    return server.address


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Open]:
    """Pages of browsers of their own; a script that fails or is refused by the content policy fails the test."""
    contexts, wrong = [], []

    def open_one(path: str, width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = browser.new_context(locale="es-MX", viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(SOON_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if _is_wrong(message.text) else None)
        page.route("**/storefront", lambda route: route.fulfill(body=STOREFRONT, content_type="text/html"))
        page.goto(address + path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert wrong == []


def _is_wrong(text: str) -> bool:
    return "Content Security Policy" in text or "Uncaught" in text


@pytest.fixture
def desk(open_page: Open) -> Sit:
    """Signs one of the demo's people in."""

    def sign_in(name: str, **options: Any) -> Page:
        page = open_page("/console", **options)
        page.get_by_role("button", name=f"Entrar como {name}").click()
        page.wait_for_url("**/console")
        return page

    return sign_in


@pytest.fixture
def shopper(open_page: Open) -> Arrive:
    """Somebody on a storefront's page, signed in there, who has said these lines."""

    def arrive(email: str, *lines: str) -> Page:
        page = open_page("/storefront", width=420)
        customers = page.request.get(page.url.replace("/storefront", "/demo/customers")).json()
        token = next(one["shopper_token"] for one in customers if one["email"] == email)
        page.evaluate("token => window.postventa.identify(token)", token)
        page.get_by_role("button", name="Ayuda con tu pedido").click()
        for line in lines:
            say(page, line)
        return page

    return arrive


@pytest.fixture(scope="module")
def emails(address: str, browser: Browser) -> dict[str, str]:
    """The demo's customers, by first name."""
    page = browser.new_page()
    customers = page.request.get(f"{address}/demo/customers").json()
    page.close()
    return {one["name"].split()[0]: one["email"] for one in reversed(customers)}
