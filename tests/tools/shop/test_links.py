"""A link opens its own page for its own owner; nothing else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tools.shop.demo import demo_shop
from tools.shop.linked import LinkedShop
from tools.shop.links import Holder, PageLinks
from tools.shop.models import CustomerId, OrderNumber
from tools.shop.sql import SqlShop, create_shop_engine, create_tables

LINKS = PageLinks("demo", "a secret", "https://help.example")
LUCIA = Holder(CustomerId("lucia-hernandez"), OrderNumber("10001"))
NURIA = CustomerId("nuria-ferrer")


def key_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["key"][0]


def test_a_signed_path_tells_whose_it_is() -> None:
    url = LINKS.sign("/invoices/10001", LUCIA)
    assert url.startswith("https://help.example/invoices/10001?key=")
    assert LINKS.holder_of("/invoices/10001", key_of(url)) == LUCIA


@pytest.mark.parametrize(
    "key",
    ["", ".", "x", "x.y", "%", "é.ñ", "bHVjaWEAMTAwMDE.", "bHVjaWEAMTAwMDE.AAAAAAAAAAAAAAAAAAAAAA", "a" * 400],
)
def test_a_made_up_key_opens_nothing(key: str) -> None:
    assert LINKS.holder_of("/invoices/10001", key) is None


def test_a_key_opens_no_other_page_no_other_shop_and_not_after_the_secret_changed() -> None:
    key = key_of(LINKS.sign("/invoices/10001", LUCIA))
    assert LINKS.holder_of("/invoices/10002", key) is None
    assert LINKS.holder_of("/labels/10001", key) is None
    assert replace(LINKS, shop_id="other").holder_of("/invoices/10001", key) is None
    assert replace(LINKS, secret="another").holder_of("/invoices/10001", key) is None


def test_whose_it_is_cannot_be_swapped() -> None:
    mine = key_of(LINKS.sign("/invoices/10001", LUCIA))
    other = key_of(LINKS.sign("/invoices/10003", Holder(CustomerId("emma-clark"), OrderNumber("10003"))))
    mixed = f"{other.partition('.')[0]}.{mine.partition('.')[2]}"
    assert LINKS.holder_of("/invoices/10001", mixed) is None


@pytest.mark.parametrize("url", ["", "https://shop.example/i/1", "/invoices/1?key=x", "invoices/1"])
def test_links_that_lead_elsewhere_stay_as_they_are(url: str) -> None:
    assert LINKS.sign(url, LUCIA) == url


def test_without_a_secret_nothing_is_signed_and_nothing_opens() -> None:
    bare = PageLinks("demo", "")
    assert bare.sign("/invoices/10001", LUCIA) == "/invoices/10001"
    assert bare.holder_of("/invoices/10001", key_of(LINKS.sign("/invoices/10001", LUCIA))) is None


async def test_a_shop_with_links_signs_whatever_it_reads_and_stores_none(tmp_path: Path) -> None:
    engine = create_shop_engine(f"sqlite:///{tmp_path / 'shop.db'}")
    await create_tables(engine)
    plain = SqlShop(engine, "demo")
    await plain.load(demo_shop(datetime(2026, 11, 20, 18, tzinfo=UTC)))
    linked = LinkedShop(plain, LINKS)
    assert linked.capabilities == plain.capabilities
    order = await linked.order_of(NURIA, "10082")
    stored = await plain.order_of(NURIA, "10082")
    assert order is not None
    assert stored is not None
    label = order.returns[0].label
    assert label is not None
    for url in (order.invoice_url, label.url, order.shipments[0].tracking_url):
        assert LINKS.holder_of(urlsplit(url).path, key_of(url)) == Holder(NURIA, OrderNumber("10082"))
    assert stored.invoice_url == "/invoices/10082"
    assert [one.invoice_url for one in await linked.orders_of(NURIA) if one.number == "10082"] == [order.invoice_url]
    assert await linked.order_of(CustomerId("lucia-hernandez"), "10082") is None
    await engine.dispose()
