"""Every change the demo shop can be asked for, in words: as it is proposed, done, and refused, in each language."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
import yaml
from tenacity import wait_none

from agent.app.demo import POLICY
from agent.app.selling import open_policy
from agent.loop.wording import Wording
from evals.tau_replay import make_scope
from prompts.loader import LANGUAGES, Sentences
from tools.calling import call
from tools.errors import ToolFailure
from tools.execution import carry_out
from tools.proposals import Proposal
from tools.receipts import Receipt, receipt_to_json
from tools.refusals import Refusal
from tools.retrying import Retry
from tools.scope import Identity, Scope
from tools.shop.changes import ChangeKind
from tools.shop.demo import demo_shop
from tools.shop.models import Customer, Order
from tools.shop.sql import SqlShop, create_shop_engine, create_tables

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SENTENCES = Sentences.load()
WORDING = Wording(SENTENCES)
UGLY = re.compile(
    r"None|undefined|[{}]|\[|  | [,.;:!?]|\.\.(?!\.)|\(\)|,\.|T\d\d:\d\d|\d{4}-\d\d-\d\d|\b[a-z]+_[a-z]+\b"
)

Asked = tuple[str, dict[str, Any]]


def wishes(order: Order, customer: Customer, variants: Mapping[str, list[str]]) -> Iterator[Asked]:
    """What a shopper may want of that order, one way or two each."""
    first, last = order.lines[0], order.lines[-1]
    near = {"line1": "Calle Nueva 1", "city": order.address.city, "postal_code": order.address.postal_code}
    for address in (near, near | {"line2": "Int. 4"}, near | {"country": "FR"}):
        yield "change_address", {"address": address}
    for day in ("2026-11-24", "2026-11-20", "2027-01-01", ""):
        yield "hold_delivery", {"until": day}
    yield "set_instructions", {"text": "Toca el timbre azul"}
    yield "change_pickup", {"pickup_point_id": ""}
    yield "change_slot", {"slot_id": ""}
    yield "cancel_order", {"reason": "no longer needed"}
    yield "cancel_order", {"reason": "no longer needed", "items": [{"line": first.id, "quantity": 1}]}
    for line in (first, last):
        for variant in variants[line.product_id][:3]:
            swap = [{"line": line.id, "variant_id": variant}]
            yield "change_items", {"items": swap}
            yield "exchange_items", {"items": swap}
    for reason in ("too_small", "changed_mind", "damaged"):
        yield "return_items", {"items": [{"line": last.id, "quantity": 1, "reason": reason}]}
    yield "return_items", {"items": [{"line": first.id, "quantity": 9, "reason": "too_small"}]}
    for method in customer.payment_methods:
        yield "change_payment", {"payment_method": method.id}
        yield "return_items", {
            "items": [{"line": first.id, "quantity": 1, "reason": "changed_mind"}], "refund_to": method.id,
        }  # fmt: skip
    for problem in ("damaged", "wrong_item", "missing_item", "not_received"):
        for wish in ("refund", "replacement", "repair"):
            items = [{"line": first.id, "quantity": 1}]
            yield "report_problem", {"problem": problem, "description": "x", "items": items, "wish": wish}
    for rma in (*order.returns, *order.exchanges):
        yield "cancel_return", {"rma": rma.rma}
    yield "change_profile_address", {"address": near}


@dataclass
class Walk:
    """What came of all of it: ``before`` and ``after`` a yes, and every no."""

    proposals: list[Proposal] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    denials: dict[str, dict[str, Any]] = field(default_factory=dict)

    def times_done(self, kind: ChangeKind) -> int:
        return sum(receipt.kind is kind for receipt in self.receipts)


async def walk() -> Walk:
    engine = create_shop_engine("sqlite://")
    await create_tables(engine)
    data, policy, shop, seen = demo_shop(NOW), open_policy(POLICY), SqlShop(engine, "demo"), Walk()
    await shop.load(data)
    customers = {customer.id: customer for customer in data.customers}
    variants = {product.id: [variant.id for variant in product.variants] for product in data.products}
    minted = count(1)
    for order in data.orders:
        identity = Identity(2, order.customer_id)
        scope = replace(make_scope(shop, policy, NOW), identity=identity, new_id=lambda kind: f"{kind}_{next(minted)}")
        points = await shop.pickup_points_for(order)
        slots = await shop.slots_for(order, NOW)
        more: list[Asked] = [("change_pickup", {"pickup_point_id": point.id}) for point in points[:1]]
        more += [("change_slot", {"slot_id": slot.id}) for slot in slots[-1:]]
        for name, given in (*wishes(order, customers[order.customer_id], variants), *more):
            await ask(
                name, given if name == "change_profile_address" else {"number": order.number, **given}, scope, seen
            )
        for proposal in sorted(scope.proposals, key=lambda one: seen.times_done(one.change.kind)):
            if await do(proposal, scope, seen):
                break
    await engine.dispose()
    return seen


async def ask(name: str, given: dict[str, Any], scope: Scope, seen: Walk) -> None:
    before = len(scope.proposals)
    try:
        answer = await call(name, given, scope)
    except ToolFailure:
        return
    seen.proposals += scope.proposals[before:]
    if answer.get("status") in ("denied", "needs_person"):
        seen.denials.setdefault(answer["code"], answer)


async def do(proposal: Proposal, scope: Scope, seen: Walk) -> bool:
    """One of an order's proposals: the others are stale after it."""
    retry = Retry(wait=wait_none())
    try:
        receipt = await carry_out(
            proposal, shop=scope.shop, policy=scope.policy, identity=scope.identity, now=NOW, retry=retry
        )
    except Refusal:
        return False
    seen.receipts.append(receipt)
    return True


@pytest.fixture(scope="module")
def seen() -> Walk:
    return asyncio.run(walk())


def assert_reads_well(text: str, about: object) -> None:
    found = UGLY.search(re.sub(r"https?://\S+|/[a-z]+/\S+", "URL", text))
    assert not found, (found.group(), text, about)
    assert text[:1].isupper() or not text[:1].isalpha(), text
    assert text[-1] in ".?", text


def test_the_demo_shop_shows_every_kind_of_change(seen: Walk) -> None:
    assert {proposal.change.kind for proposal in seen.proposals} == set(ChangeKind)
    assert {receipt.kind for receipt in seen.receipts} == set(ChangeKind)
    assert {f"proposal.{kind}" for kind in ChangeKind} <= SENTENCES.keys.keys()
    assert {f"receipt.{kind}" for kind in ChangeKind} <= SENTENCES.keys.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_proposal_reads_well(seen: Walk, language: str) -> None:
    for proposal in seen.proposals:
        text = WORDING.proposal(proposal, language)
        assert_reads_well(text, proposal)
        assert (
            proposal.order_number is None or proposal.order_number in text or proposal.change.kind == "exchange_items"
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_receipt_reads_well_and_names_its_reference(seen: Walk, language: str) -> None:
    for receipt in seen.receipts:
        text = WORDING.receipt(receipt.kind.value, receipt_to_json(receipt), language)
        assert_reads_well(text, receipt)
        assert all(reference in text for reference in list(receipt.references.values())[:1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_no_reads_well(seen: Walk, language: str) -> None:
    assert len(seen.denials) > 20
    for view in seen.denials.values():
        assert_reads_well(WORDING.denial(view, language), view)


def test_every_reason_that_the_rules_know_has_a_sentence() -> None:
    known = {
        code
        for path in POLICY.glob("*/rules.yaml")
        for code in codes_in(yaml.safe_load(path.read_text(encoding="utf-8")))
    }
    assert len(known) > 30
    assert {code for code in known if not SENTENCES.has(f"denial.{code}")} == set()


def codes_in(rules: object) -> Iterator[str]:
    """``code: x`` and ``code: {a: x, otherwise: y}``, wherever they stand."""
    if isinstance(rules, dict):
        code = rules.get("code", {})
        yield from [code] if isinstance(code, str) else code.values()
    inside = rules.values() if isinstance(rules, dict) else rules if isinstance(rules, list) else ()
    for one in inside:
        yield from codes_in(one)


REFUSALS: tuple[tuple[str, bool], ...] = (
    ("expired", True), ("version", True), ("terms", True), ("gone", True), ("identity", False), ("shop_unavailable", False),
    ("out_of_stock", False), ("insufficient_balance", False), ("wrong_status", False), ("unknown_line", False),
)  # fmt: skip
SAY: Mapping[str, Callable[[str, str, bool], str]] = {
    "confirm": lambda code, language, stale: WORDING.refusal(code, None, language, stale=stale),
    "undo": lambda code, language, _: WORDING.undo_refusal(code, language),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", SAY)
def test_every_refusal_of_a_yes_reads_well(what: str, language: str) -> None:
    codes = REFUSALS if what == "confirm" else (("too_late", False), ("changed_since", False), ("no_inverse", False))
    for code, stale in codes:
        assert_reads_well(SAY[what](code, language, stale), code)
