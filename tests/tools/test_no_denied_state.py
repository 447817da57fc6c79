"""Whatever is called, confirmed and undone, in whatever order and at whatever time: policy said yes to every write."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tenacity import wait_none

from evals.tau_replay import make_scope
from tools.calling import call
from tools.errors import ToolFailure
from tools.execution import carry_out
from tools.policy.loader import load_policy
from tools.receipts import Receipt
from tools.refusals import Refusal
from tools.retrying import Retry
from tools.scope import Identity, Scope
from tools.shop.data import ShopData
from tools.shop.demo import demo_shop
from tools.shop.faults import FaultyShop
from tools.shop.models import Order
from tools.shop.sql import SqlShop, create_shop_engine, create_tables
from tools.undoing import undo

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
DATA = demo_shop(NOW)
POLICY = load_policy(Path(__file__).parents[2] / "tools" / "policy" / "demo")
ORDERS: Mapping[str, Order] = {order.number: order for order in DATA.orders}
BUYERS = [customer.id for customer in DATA.customers]
VARIANTS = [variant for product in DATA.products for variant in product.variants]
METHODS = ["", "card", "gift_card", *(method.id for customer in DATA.customers for method in customer.payment_methods)]
SLOTS = ["", *(f"2026-11-{day}T{hour:02}" for day in range(20, 27) for hour in (9, 14, 18))]
POINTS = ["", *(point.id for point in DATA.pickup_points)]
REASONS = ["too_small", "damaged", "changed_mind", "wrong_item", "gift"]
ADDRESSES = [
    {"line1": "Calle Nueva 1", "city": "Puebla", "postal_code": "72000"},
    {"line1": "Rua Nova 1", "city": "Recife", "postal_code": "50000", "country": "BR"},
]


def pick(items: list[Any], n: int) -> Any:
    return items[n % len(items)]


def a_line(order: Order, n: int) -> dict[str, Any]:
    return {"line": pick(list(order.lines), n).id, "quantity": pick([0, 1, 2, 9], n // 7)}


def a_swap(order: Order, n: int) -> dict[str, Any]:
    line = pick(list(order.lines), n)
    same = [variant for variant in VARIANTS if variant.product_id == line.product_id]
    return {"line": line.id, "variant_id": pick(same if n % 5 else VARIANTS, n // 3).id}


PROPOSALS: Mapping[str, Callable[[Order, int], dict[str, Any]]] = {
    "change_address": lambda _, n: {"address": pick(ADDRESSES, n)},
    "change_slot": lambda _, n: {"slot_id": pick(SLOTS, n)},
    "change_pickup": lambda _, n: {"pickup_point_id": pick(POINTS, n)},
    "hold_delivery": lambda _, n: {"until": pick(["", "2026-11-22", "2026-12-01", "2027-01-01"], n)},
    "set_instructions": lambda _, n: {"text": pick(["", "Portería", "a" * 250], n)},
    "cancel_order": lambda o, n: {"reason": "no longer needed"} | ({"items": [a_line(o, n)]} if n % 2 else {}),
    "change_items": lambda o, n: {"items": [a_swap(o, n)], "payment_method": pick(METHODS, n // 11)},
    "change_payment": lambda _, n: {"payment_method": pick(METHODS, n)},
    "return_items": lambda o, n: {
        "items": [a_line(o, n) | {"reason": pick(REASONS, n // 3)}],
        "refund_to": pick(METHODS, n // 13),
    },
    "exchange_items": lambda o, n: {"items": [a_swap(o, n)], "payment_method": pick(METHODS, n // 11)},
    "report_problem": lambda o, n: {
        "problem": pick(["damaged", "wrong_item", "missing_item", "not_received"], n),
        "description": "x",
        "items": [a_line(o, n // 4)],
    },
    "cancel_return": lambda _, n: {"rma": ""},
    "change_profile_address": lambda _, n: {"address": pick(ADDRESSES, n)},
}


class Watched(FaultyShop):
    """Judges every write anew as it arrives, and remembers whose it was."""

    def __init__(self, inner: SqlShop) -> None:
        super().__init__(inner, ())
        self.confirming = False
        self.written: list[tuple[str, str]] = []

    async def apply(self, customer_id, change, terms, *, key, expected_version, now):
        assert self.confirming, f"{change} was written without a confirmation"
        order = await self.order_of(customer_id, change.number) if hasattr(change, "number") else None
        products = [await self.product(line.product_id) for line in order.lines] if order else []
        verdict = POLICY.judge(
            change,
            order=order,
            customer=await self.customer(customer_id),
            products={product.id: product for product in products if product},
            capabilities=self.capabilities,
            identity=2,
            now=now,
        )
        assert verdict.allowed, f"{change} was written though {verdict.code}"
        applied = await super().apply(customer_id, change, terms, key=key, expected_version=expected_version, now=now)
        self.written.append((customer_id, key))
        return applied


@dataclass
class Run:
    """One shopper, a shop of their own, and what has come of it so far."""

    shop: Watched
    scope: Scope
    receipts: list[Receipt] = field(default_factory=list)

    async def step(self, what: str, number: str, n: int) -> None:
        if what == "wait":
            self.scope = replace(self.scope, now=self.scope.now + timedelta(minutes=pick([1, 14, 40, 60 * 24 * 9], n)))
        elif what == "confirm" and self.scope.proposals:
            await self.decide(lambda kept: carry_out(pick(self.scope.proposals, n), **kept))
        elif what == "undo" and self.receipts:
            await self.decide(lambda kept: undo(pick(self.receipts, n), **kept))
        elif what in PROPOSALS:
            arguments = PROPOSALS[what](ORDERS[number], n)
            try:
                await call(what, arguments if "profile" in what else {"number": number, **arguments}, self.scope)
            except ToolFailure:
                return
            if n % 3 == 0 and self.scope.proposals:
                await self.decide(lambda kept: carry_out(self.scope.proposals[-1], **kept))

    async def decide(self, act: Callable[[dict[str, Any]], Any]) -> None:
        kept = {
            "shop": self.shop,
            "policy": POLICY,
            "identity": self.scope.identity,
            "now": self.scope.now,
            "retry": Retry(attempts=1, wait=wait_none()),
        }
        self.shop.confirming = True
        try:
            self.receipts.append(await act(kept))
        except Refusal:
            return
        finally:
            self.shop.confirming = False


def rows_of_others(data: ShopData, customer_id: str) -> list[Any]:
    return [
        *(customer for customer in data.customers if customer.id != customer_id),
        *(order for order in data.orders if order.customer_id != customer_id),
    ]


STEPS = st.tuples(
    st.sampled_from([*PROPOSALS, *["confirm"] * 9, *["undo"] * 3, "wait"]),
    st.integers(0, 9),
    st.integers(0, 9999),
)
SHOPPER = st.sampled_from(BUYERS)


async def live(shopper: str, steps: list[tuple[str, int, int]]) -> int:
    engine = create_shop_engine("sqlite://")
    try:
        await create_tables(engine)
        inner = SqlShop(engine, "demo")
        await inner.load(DATA)
        shop = Watched(inner)
        scope = replace(make_scope(shop, POLICY, NOW), identity=Identity(2, shopper))
        run = Run(shop, scope)
        own = [order.number for order in DATA.orders if order.customer_id == shopper]
        numbers = [*own * 3, *(order.number for order in DATA.orders[:3])]
        for what, which, n in steps:
            await run.step(what, pick(numbers, which), n)
        data = await inner.export_all()
        assert rows_of_others(data, shopper) == rows_of_others(DATA, shopper)
        assert {owner for owner, _ in shop.written} <= {shopper}
        known = {proposal.id for proposal in scope.proposals}
        assert {key.removesuffix(":undo") for _, key in shop.written} <= known
        return len(shop.written)
    finally:
        await engine.dispose()


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(shopper=SHOPPER, steps=st.lists(STEPS, min_size=4, max_size=24))
def test_no_sequence_reaches_a_state_that_policy_denies(shopper: str, steps: list[tuple[str, int, int]]) -> None:
    asyncio.run(live(shopper, steps))


def test_such_sequences_do_write_and_undo() -> None:
    moving = [order.number for order in DATA.orders if order.customer_id == "lucia-hernandez"].index("10002")
    steps = [("set_instructions", moving, 1), ("confirm", 0, 0), ("undo", 0, 0), ("cancel_order", moving, 1)]
    assert asyncio.run(live("lucia-hernandez", steps)) == 2
