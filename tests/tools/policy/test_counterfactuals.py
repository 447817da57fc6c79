"""What a verdict names as missing is exactly what is missing: put it right, and the same rule says yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from tools.policy.calendar_days import Moment
from tools.policy.facts import Facts
from tools.policy.observation import Case, observe
from tools.policy.rules import Operator, Requirement
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
    ChangeSlot,
    ExchangeItems,
    HoldDelivery,
    OpenClaim,
    ReturnItems,
    SetInstructions,
)
from tools.shop.models import (
    Address,
    ClaimKind,
    DeliveryChoice,
    Exchange,
    LineId,
    Order,
    OrderNumber,
    OrderStatus,
    PaymentMethodId,
    Return,
    ReturnLine,
    ReturnReason,
    ReturnStatus,
    Shipment,
    ShipmentStatus,
    Slot,
    Swap,
    VariantId,
)
from tools.shop.money import Money

N = OrderNumber("10001")
CARD = PaymentMethodId("card")
TEN = Money.of("10.00", "MXN")
AFTER_DELIVERY = frozenset({ChangeKind.RETURN, ChangeKind.EXCHANGE, ChangeKind.CLAIM})
Drawn = TypeVar("Drawn")


def mostly(good: Drawn, otherwise: st.SearchStrategy[Drawn]) -> st.SearchStrategy[Drawn]:
    """Five times of six the value with which nothing is wrong, so that often one thing alone is."""
    return st.integers(0, 5).flatmap(lambda chance: otherwise if chance == 5 else st.just(good))


line_ids = st.sampled_from([LineId(number) for number in ("1", "2", "3", "4", "5", "9")])
methods = mostly(CARD, st.sampled_from([PaymentMethodId(name) for name in ("paypal", "gift", "none")]))
variants = st.sampled_from(
    [VariantId(f"{name}-{letter}") for name in ("shoes", "shirt", "phone", "earrings", "bag") for letter in "abc"]
)
units = mostly(1, st.integers(0, 5))
a_swap = mostly(Swap(LineId("1"), 1, VariantId("shoes-b")), st.builds(Swap, line_ids, units, variants))
swaps = st.lists(a_swap, min_size=1, max_size=2).map(tuple)
back = st.lists(st.builds(ReturnLine, line_ids, units, st.sampled_from(ReturnReason)), max_size=2).map(tuple)
some_units = st.dictionaries(line_ids, units, max_size=2)
addresses = st.builds(
    Address,
    st.sampled_from(["Calle Sol 9", "Calle Luna 4", ""]),
    st.just("Guadalajara"),
    st.just("Jalisco"),
    st.just("44100"),
    st.sampled_from(["MX", "mx", "US"]),
)
reasons = mostly("no longer needed", st.sampled_from(["changed_mind", "ordered by mistake"]))


def changes(today: date) -> st.SearchStrategy[Change]:
    untils = st.none() | st.integers(-2, 20).map(lambda days: today + timedelta(days=days))
    choices = st.none() | st.just("x")
    rmas = mostly("R-1", st.just("?"))
    number = st.just(N)
    kinds: list[st.SearchStrategy[Change]] = [
        st.builds(ChangeAddress, number, addresses),
        st.builds(ChangeSlot, number, choices),
        st.builds(ChangePickup, number, choices),
        st.builds(HoldDelivery, number, untils),
        st.builds(SetInstructions, number, st.sampled_from(["", "x" * 250, "x" * 300])),
        st.builds(CancelOrder, number, reasons, st.none() | some_units),
        st.builds(ChangeItems, number, swaps, methods),
        st.builds(ExchangeItems, number, swaps, methods),
        st.builds(ChangePayment, number, mostly(PaymentMethodId("paypal"), methods)),
        st.builds(ReturnItems, number, back, methods),
        st.builds(OpenClaim, number, st.sampled_from(ClaimKind), some_units, st.just("")),
        st.builds(CancelReturn, number, rmas),
        st.builds(CancelExchange, number, rmas),
    ]
    return st.one_of(kinds)


@st.composite
def parcels(draw: st.DrawFn, world: Any, arrived: bool) -> tuple[Shipment, ...]:
    when = st.none() | st.integers(0, 60).map(lambda days: world.now - timedelta(days=days))
    if arrived:
        at = draw(mostly(world.now - timedelta(days=3), when))
        return draw(mostly((world.parcel(ShipmentStatus.DELIVERED, delivered_at=at),), parcels(world, False)))
    found = []
    for lines in draw(mostly((), st.sampled_from([((),), (("1", "2"), ("3", "4", "5"))]))):
        state = draw(st.sampled_from(ShipmentStatus))
        at = draw(when) if state is ShipmentStatus.DELIVERED else None
        found.append(world.parcel(state, *lines, eta=draw(when), shipped_at=draw(when), delivered_at=at))
    return tuple(found)


@st.composite
def orders(draw: st.DrawFn, world: Any, kind: ChangeKind) -> Order:
    """An order to which that kind of change is mostly open, but for a few things drawn otherwise."""
    usual = OrderStatus.DELIVERED if kind in AFTER_DELIVERY else OrderStatus.PROCESSING
    status = draw(mostly(usual, st.sampled_from(OrderStatus)))
    starts = world.now + timedelta(hours=draw(st.integers(-5, 30)))
    slot = Slot("s", starts, starts + timedelta(hours=2), TEN)
    state = draw(mostly(ReturnStatus.REQUESTED, st.sampled_from(ReturnStatus)))
    a_return = Return("R-1", (ReturnLine(LineId("1"), 1, ReturnReason.OTHER),), state, CARD, TEN, TEN)
    an_exchange = Exchange("R-1", (Swap(LineId("2"), 1, VariantId("shirt-b")),), state, CARD, TEN)
    sent_back = {ChangeKind.CANCEL_RETURN: (True, False), ChangeKind.CANCEL_EXCHANGE: (False, True)}
    returned, exchanged = draw(mostly(sent_back.get(kind, (False, False)), st.tuples(st.booleans(), st.booleans())))
    ago = st.integers(0, 400).map(lambda days: world.now - timedelta(days=days))
    lines = tuple(replace(line, cancelled=draw(mostly(0, st.integers(0, line.quantity)))) for line in world.order.lines)
    return replace(
        world.order,
        status=status,
        shipments=draw(parcels(world, status is OrderStatus.DELIVERED)),
        delivery=DeliveryChoice(slot=draw(st.none() | st.just(slot))),
        returns=(a_return,) if returned else (),
        exchanges=(an_exchange,) if exchanged else (),
        gift_note=draw(st.sampled_from(["", "Para ti"])),
        items_changed=draw(mostly(False, st.just(True))),
        country=draw(mostly("MX", st.just("ES"))),
        customer_id=draw(mostly("ana", st.just("bea"))),
        placed_at=draw(mostly(world.now - timedelta(days=9), st.none() | ago)),
        lines=lines,
    )


@st.composite
def questions(draw: st.DrawFn, world: Any) -> dict[str, Any]:
    change = draw(changes(Moment(world.now, world.demo.zone).today))
    order: Order | None = draw(orders(world, change.kind))
    return {
        "change": change,
        "order": draw(mostly(order, st.none())),
        "policy": draw(st.sampled_from(["demo", "tau_retail"])),
        "identity": draw(mostly(2, st.integers(0, 1))),
        "capabilities": draw(mostly(frozenset(ChangeKind), st.just(frozenset({ChangeKind.CLAIM})))),
    }


def put_right(requirement: Requirement, facts: Facts, policy_figures: Any) -> Facts:
    need = requirement.counterfactual(facts, policy_figures)
    value = need.value[0] if need.operator == Operator.ONE_OF else need.value
    return replace(facts, **{need.fact: value})


@settings(max_examples=300)
@given(data=st.data())
def test_putting_one_thing_right_is_enough_for_its_rule_and_for_a_yes_when_nothing_else_is_wrong(
    world: Any, data: st.DataObject
) -> None:
    question = data.draw(questions(world))
    policy, order, change = world.policies[question["policy"]], question["order"], question["change"]
    version = policy.version_at((order.placed_at if order else None) or world.now)
    rule, figures = version.rules[change.kind], version.figures
    moment = Moment(world.now, policy.zone)
    owned = order if order is not None and order.customer_id == world.customer.id else None
    case = Case(change, owned, world.customer, world.products, moment, version.faults)
    offered = rule.offered and change.kind in question["capabilities"]
    served = owned is None or owned.country == "MX"
    for facts in observe(case, offered=offered, identity=question["identity"], country_known=served):
        asked = [item for item in rule.requirements if owned or item.clause.startswith("gate.")]
        failing = [item for item in asked if item.fails(facts, figures)]
        for requirement in failing:
            mended = put_right(requirement, facts, figures)
            assert not requirement.fails(mended, figures)
            if failing == [requirement] and owned:
                assert rule.first_failure([mended], figures) is None


@given(data=st.data())
def test_what_is_named_is_what_was_seen_and_judging_leaves_no_trace(world: Any, data: st.DataObject) -> None:
    question, other = data.draw(questions(world)), data.draw(questions(world))
    first = world.judge(**question)
    world.judge(**other)
    assert world.judge(**question) == first
    assert bool(first.needs) is not first.allowed
    for need in first.needs:
        if need.operator == Operator.ONE_OF:
            assert need.actual not in need.value
        elif need.operator == Operator.EQUALS:
            assert need.actual != need.value
        elif need.actual is not None:
            assert (need.actual <= need.value) is not (need.operator == Operator.AT_MOST)


@given(data=st.data())
def test_a_way_that_is_named_is_one_the_shop_has_and_denials_book_nothing(world: Any, data: st.DataObject) -> None:
    question = data.draw(questions(world))
    verdict = world.judge(**question)
    ways = {name for name in (*verdict.alternatives, *verdict.later) if name != "talk_to_person"}
    assert ways <= {kind.value for kind in question["capabilities"]}
    terms = verdict.terms
    if verdict.decision.value == "deny":
        assert (terms.charge, terms.refund, terms.fee, terms.ship_by) == (None, None, None, None)
    for amount in (terms.charge, terms.refund, terms.fee):
        assert amount is None or amount.amount >= 0
    assert terms.policy == verdict.clause.version
