"""The demo page in a real Chromium, against the real server in a process of its own."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
TURN_MS = 20_000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("demo")
    environment = {**os.environ, "PORT": "0", "POSTVENTA_DATA_DIR": str(folder), "POSTVENTA_LOG_LEVEL": "ERROR"}
    server = subprocess.Popen(
        [sys.executable, "-m", "agent", "serve", "--demo"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        found = next((match for line in server.stdout if (match := re.search(r"http://127\.0\.0\.1:\d+", line))), None)
        assert found is not None, "the server ended before it was ready"
        yield found.group()
    finally:
        server.terminate()
        server.wait(20)
        if server.stdout:
            server.stdout.close()


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Page]:
    chromium = shutil.which("chromium")
    if chromium is None and os.environ.get("CI") != "true":
        pytest.skip("there is no chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(locale="es-MX")
        page.set_default_timeout(TURN_MS)
        page.goto(address)
        yield page
        browser.close()


def say(page: Page, words: str) -> None:
    box = page.get_by_role("textbox")
    box.fill(words)
    box.press("Enter")


def test_a_shopper_exchanges_a_size_and_confirms_with_the_button(page: Page) -> None:
    log = page.get_by_role("log")
    expect(log).to_contain_text("inteligencia artificial")
    page.get_by_role("combobox").select_option(index=1)
    say(page, "compré unos tenis talla 7 y necesito una talla más")
    expect(log.get_by_role("button", name="Confirmar").last).to_be_visible(timeout=TURN_MS)
    page.get_by_role("button", name="Confirmar").last.click()
    expect(log).to_contain_text(re.compile(r"Listo: tu cambio del pedido 10001"), timeout=TURN_MS)


def test_an_answer_from_the_help_centre_links_to_its_article(page: Page) -> None:
    say(page, "¿cuántos días tengo para devolver?")
    link = page.get_by_role("log").get_by_role("link").last
    expect(link).to_have_attribute("href", re.compile(r"/help/es/returns_window"), timeout=TURN_MS)


def test_the_person_button_hands_over_and_says_so(page: Page) -> None:
    page.get_by_role("button", name="Hablar con una persona").click()
    expect(page.get_by_role("log")).to_contain_text("te paso con una persona", timeout=TURN_MS)
