"""Pages for people."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agent.api.pages import FOLDER

HTML = {"Accept": "text/html"}


async def test_outside_the_demo_its_doors_do_not_exist(house: Any) -> None:
    for path in ("/", "/demo/customers", "/demo/outbox"):
        assert (await house.client.get(path)).status_code == 404
    assert not any(path.startswith("/demo") for path in house.app.openapi()["paths"])


async def test_the_chat_page_finds_its_script_and_its_style(build_house: Any) -> None:
    house = await build_house(demo=True)
    page = await house.client.get("/")
    found = re.findall(r'(?:src|href)="(/pages/[^"]+)"', page.text)
    assert {path.rsplit(".")[-1] for path in found} == {"js", "css", "svg"}
    for path in found:
        asset = await house.client.get(path)
        assert asset.status_code == 200
        assert asset.headers["content-type"].split(";")[0] in ("text/javascript", "text/css", "image/svg+xml")


@pytest.mark.parametrize("name", ["build.py", "..%2fbuild.py", "label.html", "chat.js.map"])
async def test_only_assets_are_served(house: Any, name: str) -> None:
    assert (await house.client.get(f"/pages/{name}")).status_code == 404


def test_pages_have_nothing_inline_and_show_words_as_text() -> None:
    for page in FOLDER.glob("*.html"):
        text = page.read_text("utf-8")
        assert not re.search(r"<style|style=|\son\w+=|javascript:", text), page.name
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), page.name
    script = (FOLDER / "chat.js").read_text("utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)


def test_the_chat_page_says_everything_in_three_languages() -> None:
    script = (FOLDER / "chat.js").read_text("utf-8")
    blocks = re.findall(r"^  (es|en|pt): \{(.*?)^  \},", script, re.MULTILINE | re.DOTALL)
    keys = {language: set(re.findall(r"(\w+): '", block)) for language, block in blocks}
    assert keys["es"] == keys["en"] == keys["pt"]
    assert len(keys["es"]) > 15
    wanted = set(re.findall(r'data-says="(\w+)"', (FOLDER / "index.html").read_text("utf-8")))
    assert wanted <= keys["es"]


async def test_a_demo_customer_can_be_signed_in_as(build_house: Any) -> None:
    house = await build_house(demo=True)
    (lucia,) = (await house.client.get("/demo/customers")).json()
    talk = await house.open(shopper_token=lucia["shopper_token"])
    assert (await talk.get()).json()["identity_level"] == 2


async def test_the_outbox_shows_mails_to_people_and_to_programs(build_house: Any) -> None:
    house = await build_house(demo=True)
    await house.mail.send("demo", "l@example.com", "Tu código <b>", "123456", house.clock())
    await house.mail.send("other", "x@example.com", "De otra tienda", "999999", house.clock())
    (mail,) = (await house.client.get("/demo/outbox")).json()
    assert (mail["subject"], mail["text"]) == ("Tu código <b>", "123456")
    page = (await house.client.get("/demo/outbox", headers=HTML)).text
    assert "123456" in page
    assert "Tu código &lt;b&gt;" in page
    assert "999999" not in page


async def test_an_article_is_a_page_of_its_language(house: Any) -> None:
    page = await house.client.get("/help/pt/tracking")
    assert '<html lang="pt">' in page.text
    assert "<h1>pt: tracking</h1>" in page.text
    assert (await house.client.get("/help/pt/unknown")).status_code == 404
    assert (await house.client.get("/help/fr/tracking")).status_code == 422
