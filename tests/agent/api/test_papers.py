"""Invoice, label and tracking: pages to print, in three languages, for whoever has the link and nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from agent.casework.front import Storefront
from tools.shop.data import ShopData
from tools.shop.demo import demo_shop
from tools.shop.linked import LinkedShop
from tools.shop.links import Holder, PageLinks
from tools.shop.models import CustomerId, Order
from tools.shop.sql import SqlShop, create_shop_engine, create_tables

LINKS = PageLinks("demo", "a secret of the shop")
NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
LUCIA, NURIA, THIAGO = CustomerId("lucia-hernandez"), CustomerId("nuria-ferrer"), CustomerId("thiago-nascimento")
WORDS = {"es": ("Factura", "Pagado"), "en": ("Invoice", "Paid"), "pt": ("Nota fiscal", "Pago")}


@dataclass(frozen=True)
class Office:
    client: httpx2.AsyncClient
    shop: LinkedShop

    async def order(self, customer: CustomerId, number: str) -> Order:
        found = await self.shop.order_of(customer, number)
        assert found is not None
        return found

    async def page(self, url: str, **headers: str) -> httpx2.Response:
        return await self.client.get(url, headers=headers)


def with_markup(data: ShopData) -> ShopData:
    """The same shop, where one title came from somebody who meant harm."""
    orders = tuple(
        replace(order, lines=tuple(replace(line, title="<b>Tenis</b>{{ 7 * 7 }}") for line in order.lines))
        if order.number == "10001"
        else order
        for order in data.orders
    )
    return replace(data, orders=orders)


@pytest.fixture
async def office(build_house: Any, tmp_path: Path) -> AsyncIterator[Office]:
    engine = create_shop_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    await create_tables(engine)
    plain = SqlShop(engine, "demo")
    await plain.load(with_markup(demo_shop(NOW)))
    shop = LinkedShop(plain, LINKS)
    house = await build_house(links={"demo": LINKS})
    fronts = house.parts.services.storefronts
    fronts["demo"] = Storefront("demo", "Tienda Andén", shop, fronts["demo"].policy, fronts["demo"].knowledge)
    yield Office(house.client, shop)
    await engine.dispose()


@pytest.mark.parametrize("language", WORDS)
async def test_an_invoice_in_the_readers_language_with_every_amount(office: Office, language: str) -> None:
    order = await office.order(LUCIA, "10084")
    page = await office.page(order.invoice_url, **{"accept-language": f"{language}-XX,de;q=0.8"})
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert all(word in page.text for word in WORDS[language])
    for amount in (order.total.amount, *(line.unit_price.amount for line in order.lines)):
        assert f"{amount:.2f}".replace(".", "") in page.text.replace(",", "").replace(".", "")
    assert "4417" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


async def test_the_language_may_be_chosen(office: Office) -> None:
    url = (await office.order(THIAGO, "10088")).invoice_url
    assert "Invoice 10088" in (await office.page(f"{url}&lang=en")).text
    assert "Factura 10088" in (await office.page(url)).text, "the shop's own, when the browser says none"


async def test_what_stands_in_an_order_is_shown_as_text(office: Office) -> None:
    page = await office.page((await office.order(LUCIA, "10001")).invoice_url)
    assert "&lt;b&gt;Tenis&lt;/b&gt;{{ 7 * 7 }}" in page.text
    assert "<b>Tenis" not in page.text


async def test_a_label_says_what_goes_where_until_when(office: Office) -> None:
    back = (await office.order(NURIA, "10082")).returns[0]
    assert back.label is not None
    page = await office.page(f"{back.label.url}&lang=pt")
    for said in ("Etiqueta de devolução", back.rma, back.label.tracking_number, back.label.carrier, "Envie até"):
        assert said in page.text


async def test_a_parcels_way_newest_first(office: Office) -> None:
    parcel = (await office.order(LUCIA, "10002")).shipments[0]
    page = (await office.page(f"{parcel.tracking_url}&lang=es")).text
    assert page.count("<li>") == len(parcel.events)
    newest, oldest = max(parcel.events, key=lambda one: one.at), min(parcel.events, key=lambda one: one.at)
    assert page.index(newest.message) < page.index(oldest.message)


async def test_nothing_is_found_without_the_key_or_with_that_of_another(office: Office) -> None:
    mine, other = await office.order(LUCIA, "10001"), await office.order(THIAGO, "10088")
    stolen = urlsplit(other.invoice_url).query
    for url in ("/invoices/10001", "/invoices/10001?key=", f"/invoices/10001?{stolen}", f"/labels/10001?{stolen}"):
        answer = await office.page(url)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert (await office.page(mine.invoice_url)).status_code == 200
    assert (await office.page(f"/invoices/10001?key={'x' * 500}")).status_code == 422


async def test_an_order_without_an_invoice_has_no_page(office: Office) -> None:
    order = await office.order(CustomerId("rodrigo-mendoza"), "10012")
    assert order.invoice_url == ""
    url = LINKS.sign("/invoices/10012", Holder(order.customer_id, order.number))
    assert (await office.page(url)).status_code == 404
