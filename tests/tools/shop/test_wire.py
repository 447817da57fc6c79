from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from tools.shop.changes import (
    CancelExchange,
    CancelOrder,
    CancelReturn,
    Change,
    ChangeAddress,
    ChangeItems,
    ChangeKind,
    ChangePayment,
    ChangePickup,
    ChangeProfileAddress,
    ChangeSlot,
    ExchangeItems,
    HoldDelivery,
    OpenClaim,
    ReturnItems,
    SetInstructions,
    Terms,
)
from tools.shop.models import Address, ClaimKind, ReturnLine, ReturnReason, Swap
from tools.shop.money import Money
from tools.shop.wire import change_from_json, change_to_json, terms_from_json, terms_to_json

HERE = Address("Rua A 1", "São Paulo", "SP", "01310-100", "BR", line2="apto 2")
CHANGES: list[Change] = [
    ChangeAddress("1", HERE),
    ChangeSlot("1", "2026-11-24T14"),
    ChangePickup("1", None),
    HoldDelivery("1", date(2026, 12, 1)),
    SetInstructions("1", "Portão azul"),
    CancelOrder("1", "changed_mind", {"1": 2}),
    ChangeItems("1", (Swap("1", 1, "v"),), "m"),
    ChangePayment("1", "m"),
    ReturnItems("1", (ReturnLine("1", 1, ReturnReason.GIFT),), "m"),
    ExchangeItems("1", (Swap("1", 1, "v"), Swap("2", 1, "w")), "m"),
    OpenClaim("1", ClaimKind.DAMAGED, {"1": 1}, "Quebrou", "refund"),
    ChangeProfileAddress(HERE),
    CancelReturn("1", "R-1"),
    CancelExchange("1", "X-1"),
]


@pytest.mark.parametrize("change", CHANGES, ids=[change.kind.value for change in CHANGES])
def test_a_change_goes_through_json_and_comes_back_equal(change: Change) -> None:
    assert change_from_json(json.loads(json.dumps(change_to_json(change)))) == change


def test_every_kind_of_change_is_tried_here() -> None:
    assert {change.kind for change in CHANGES} == set(ChangeKind)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"kind": "fly_to_the_moon", "number": "1"},
        {"kind": "change_slot", "number": "1"},
        {"kind": "hold_delivery", "number": "1", "until": "soon"},
    ],
)
def test_what_is_no_change_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        change_from_json(values)


def test_terms_keep_their_cents_and_times() -> None:
    terms = Terms(
        charge=Money.of("0.10", "EUR"), ship_by=datetime(2026, 11, 24, tzinfo=UTC), refund_days=3, policy="2026-03-01"
    )
    written = terms_to_json(terms)
    assert written["charge"] == {"amount": "0.10", "currency": "EUR"}
    assert terms_from_json(json.loads(json.dumps(written))) == terms
