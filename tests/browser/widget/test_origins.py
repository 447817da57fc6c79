"""A widget's key that is limited to its shop's pages, on real pages of two origins: another shop gains nothing by copying it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.browser.shopper import begin, say


class Shop:
    """A storefront with a server of its own."""

    def __init__(self, host: str) -> None:
        shop = self
        self.page = ""

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(shop.page.encode())

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.origin = f"http://{host}:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def shops() -> Iterator[tuple[Shop, Shop]]:
    """The shop, and somebody else's."""
    pair = (Shop("127.0.0.1"), Shop("localhost"))
    yield pair
    for shop in pair:
        shop.close()


def test_a_key_opens_conversations_on_its_own_shops_pages_only(
    page: Page, server: Server, shops: tuple[Shop, Shop]
) -> None:
    ours, theirs = shops
    key = server.command("keys", "add", "pk", "widget", "--origin", ours.origin).split()[0]
    for shop in shops:
        shop.page = f'<!doctype html><html lang="es"><title>Tienda</title><h1>Tienda</h1><script type="module" src="{server.address}/widget.js" data-key="{key}"></script>'
    page.goto(f"{ours.origin}/")
    begin(page)
    say(page, "¿cuántos días tengo para devolver?", answers=2)
    kept = page.evaluate("(key) => sessionStorage.getItem(`postventa:${key}`)", key)

    page.goto(f"{theirs.origin}/")
    refused: list[int] = []
    page.on("response", lambda one: refused.append(one.status) if "/v1/" in one.url else None)
    page.locator(".launcher").click()
    expect(page.locator("postventa-widget [role=alert]:visible")).to_contain_text("no se pudo")
    expect(page.get_by_role("log").locator("article")).to_have_count(0)
    assert refused == [403]

    # Nor with the shopper's conversation, should its token have been stolen as well.
    page.evaluate("([key, kept]) => sessionStorage.setItem(`postventa:${key}`, kept)", [key, kept])
    page.reload()
    expect(page.locator("postventa-widget [role=alert]:visible")).to_contain_text("no se pudo")
    expect(page.get_by_role("log").locator("article")).to_have_count(0)
    assert set(refused) == {403}
