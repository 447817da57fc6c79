"""A widget's key works on its shop's pages; copied to another page it opens nothing, whatever way a browser calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

SHOP = "https://shop.example"
THIEF = "https://thief.example"


@dataclass(frozen=True)
class Case:
    told: str
    headers: dict[str, str]
    allowed: bool


CASES = (
    Case("the shop's page", {"Origin": SHOP, "Sec-Fetch-Site": "cross-site"}, True),
    Case("the shop's page, with the port spelt out", {"Origin": "https://SHOP.example:443"}, True),
    Case("the thief's page", {"Origin": THIEF, "Sec-Fetch-Site": "cross-site"}, False),
    Case("the thief's page in an old browser", {"Origin": THIEF}, False),
    Case("the thief's page, naming the shop as well", {"Origin": THIEF, "Referer": f"{SHOP}/"}, False),
    Case("a host that begins alike", {"Origin": f"{SHOP}.thief.example"}, False),
    Case("a host with the shop as its user", {"Referer": "https://shop.example@thief.example/"}, False),
    Case("the shop's page without encryption", {"Origin": "http://shop.example"}, False),
    Case("another port of the shop", {"Origin": f"{SHOP}:8443"}, False),
    Case("a sandboxed frame", {"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
    Case("no origin, from another site", {"Sec-Fetch-Site": "cross-site"}, False),
    Case("no origin, from a sibling of the service", {"Sec-Fetch-Site": "same-site"}, False),
    Case("no origin, typed into the address bar", {"Sec-Fetch-Site": "none"}, False),
    Case("no origin, a page of the service", {"Sec-Fetch-Site": "same-origin"}, True),
    Case("no origin, referred by the shop", {"Sec-Fetch-Site": "cross-site", "Referer": f"{SHOP}/p/1?q=2"}, True),
    Case("no origin, referred by the thief", {"Referer": f"{THIEF}/p/1"}, False),
    Case("an address that is none", {"Origin": "https://[shop.example"}, False),
    Case("no browser", {}, True),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.told)
async def test_a_key_works_on_its_shops_pages_only(house: Any, case: Case) -> None:
    talk = await house.open()
    key = {**case.headers, "Authorization": "Bearer pk_here"}
    opened = await house.client.post("/v1/conversations", json={}, headers=key)
    assert opened.status_code == (201 if case.allowed else 403)
    read = await house.client.get(talk.path, headers={**talk.headers, **key})
    assert read.status_code == (200 if case.allowed else 403)


@pytest.mark.parametrize("case", [one for one in CASES if not one.allowed], ids=lambda case: case.told)
async def test_nor_does_it_in_the_address_of_an_event_source(house: Any, case: Case) -> None:
    talk = await house.open()
    token = talk.headers["X-Conversation-Token"]
    address = f"{talk.path}/events?key=pk_here&token={token}"
    assert (await house.client.get(address, headers=case.headers)).status_code == 403


async def test_a_key_without_a_limit_works_anywhere(house: Any) -> None:
    for key in ("pk_test", "pk_star"):
        headers = {"Authorization": f"Bearer {key}", "Origin": THIEF, "Sec-Fetch-Site": "cross-site"}
        assert (await house.client.post("/v1/conversations", json={}, headers=headers)).status_code == 201
