"""Pages for people."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from agent.api.pages import FOLDER
from agent.api.pages.shop_views import page_texts, tries
from agent.widget.files import widget_files
from tools.shop.demo import demo_customers
from tools.shop.wire import SHOP

HTML = {"Accept": "text/html"}


async def test_outside_the_demo_its_doors_do_not_exist(house: Any) -> None:
    for path in ("/", "/demo/customers", "/demo/outbox", "/demo/shop"):
        assert (await house.client.get(path)).status_code == 404
    assert not any(path.startswith("/demo") for path in house.app.openapi()["paths"])


async def test_the_shop_finds_its_scripts_styles_and_drawings(build_house: Any) -> None:
    house = await build_house(demo=True)
    page = await house.client.get("/")
    found = re.findall(r'(?:src|href)="(/(?:pages|widget|demo/drawings)[^"]*\.[a-z]+)"', page.text)
    assert {path.rsplit(".")[-1] for path in found} == {"js", "css", "svg"}
    assert len(found) > 20, "every product has its drawing"
    for path in found:
        asset = await house.client.get(path)
        assert asset.status_code == 200, path
        assert asset.headers["content-type"].split(";")[0] in ("text/javascript", "text/css", "image/svg+xml")


@pytest.mark.parametrize(("language", "word"), [("es", "Mis pedidos"), ("en", "My orders"), ("pt", "Meus pedidos")])
async def test_the_shop_speaks_the_browsers_language_until_another_is_picked(
    build_house: Any, language: str, word: str
) -> None:
    house = await build_house(demo=True)
    assert word in (await house.client.get("/", headers={"Accept-Language": f"{language}-XX,xx;q=0.5"})).text
    assert word in (await house.client.get(f"/?lang={language}", headers={"Accept-Language": "fr"})).text


async def test_signing_in_shows_ones_own_orders_and_a_token_for_the_widget(build_house: Any) -> None:
    house = await build_house(demo=True)
    signed = await house.client.post("/demo/sign-in", content="customer=C-1&say=hola+%3Cb%3E")
    assert signed.status_code == 303
    assert signed.headers["location"] == "/?say=hola+%3Cb%3E"
    cookie = {"Cookie": signed.headers["set-cookie"].split(";")[0]}
    assert 'name="shopper-token"' in (await house.client.get("/", headers=cookie)).text
    stranger = await house.client.post("/demo/sign-in", content="customer=somebody-else")
    assert "somebody-else" not in stranger.headers.get("set-cookie", "")


@pytest.mark.parametrize("path", ["/demo/products/nothing", "/demo/drawings/nothing/rojo.svg", "/demo/drawings/..%2fx/rojo.svg"])  # fmt: skip
async def test_what_the_shop_does_not_have_is_not_found(build_house: Any, path: str) -> None:
    house = await build_house(demo=True)
    assert (await house.client.get(path)).status_code == 404


@pytest.mark.parametrize("name", ["build.py", "..%2fbuild.py", "label.html", "shop.js.map"])
async def test_only_assets_are_served(house: Any, name: str) -> None:
    assert (await house.client.get(f"/pages/{name}")).status_code == 404


@pytest.mark.parametrize(
    ("accepted", "packed"), [("gzip, br", True), ("br;q=1, gzip;q=0.5", True), ("gzip;q=0", False), ("identity", False)]
)
async def test_the_widget_goes_over_the_line_packed(house: Any, accepted: str, packed: bool) -> None:
    for name in ("widget.js", "widget/panel.js", "widget/texts/pt.json"):
        answer = await house.client.get(f"/{name}", headers={"Accept-Encoding": accepted})
        assert (answer.headers.get("content-encoding") == "gzip") is packed
        assert "Accept-Encoding" in answer.headers["vary"]
        assert answer.content == widget_files()[name].content
        again = {"If-None-Match": answer.headers["etag"], "Accept-Encoding": accepted}
        assert (await house.client.get(f"/{name}", headers=again)).status_code == 304


def test_pages_have_nothing_inline_and_show_words_as_text() -> None:
    for page in FOLDER.rglob("*.html"):
        text = page.read_text("utf-8")
        assert not re.search(r"<style|style=|\son\w+=|javascript:", text), page.name
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), page.name


def test_the_shop_says_everything_in_three_languages() -> None:
    texts = page_texts()
    assert texts["es"].keys() == texts["en"].keys() == texts["pt"].keys()
    for part in ("status", "also", "stories"):
        assert texts["es"][part].keys() == texts["en"][part].keys() == texts["pt"][part].keys()
    people = {one.id for one in demo_customers()}
    assert people >= {*texts["es"]["stories"], *(one["who"] for each in tries().values() for one in each if one["who"])}
    assert len({len(one) for one in tries().values()}) == 1


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


async def test_evaluations_see_the_demos_shop_and_put_it_back(build_house: Any) -> None:
    house = await build_house(demo=True)
    shown = (await house.client.get("/demo/shop")).json()
    assert shown["now"] == house.clock().isoformat()
    assert SHOP.of(shown["shop"]).zone == "America/Mexico_City"
    assert (await house.client.post("/demo/shop/reset")).status_code == 204
    assert house.parts.demo.stage.put == 1
    house.app.state.parts = replace(house.parts, demo=replace(house.parts.demo, stage=None))
    assert (await house.client.get("/demo/shop")).status_code == 404
    assert (await house.client.post("/demo/shop/reset")).status_code == 404


async def test_an_article_is_a_page_of_its_language(house: Any) -> None:
    page = await house.client.get("/help/pt/tracking")
    assert '<html lang="pt">' in page.text
    assert "<h1>pt: tracking</h1>" in page.text
    assert (await house.client.get("/help/pt/unknown")).status_code == 404
    assert (await house.client.get("/help/fr/tracking")).status_code == 422
