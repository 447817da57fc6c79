"""What a verdict names as missing is exactly what is missing: put it right, and the same rule says yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
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
    ShipmentStatus,
    Slot,
    Swap,
    VariantId,
)
from tools.shop.money import Money

N = OrderNumber("10001")
line_ids = st.sampled_from([LineId(number) for number in ("1", "2", "3", "4", "5", "9")])
methods = st.sampled_from([PaymentMethodId(name) for name in ("card", "paypal", "gift", "none")])
variants = st.sampled_from(
    [VariantId(f"{name}-{letter}") for name in ("shoes", "shirt", "phone", "earrings", "bag") for letter in "abc"]
)
units = st.integers(0, 5)
swaps = st.lists(st.builds(Swap, line_ids, units, variants), max_size=3).map(tuple)
back = st.lists(st.builds(ReturnLine, line_ids, units, st.sampled_from(ReturnReason)), max_size=3).map(tuple)
some_units = st.dictionaries(line_ids, units, max_size=3)
addresses = st.builds(
    Address,
    st.sampled_from(["Calle Luna 4", "Calle Sol 9", ""]),
    st.just("Guadalajara"),
    st.just("Jalisco"),
    st.just("44100"),
    st.sampled_from(["MX", "mx", "US"]),
)
reasons = st.sampled_from(["changed_mind", "no longer needed", "ordered by mistake"])
money = Money.of("10.00", "MXN")


@st.composite
def changes(draw: st.DrawFn, today: Any) -> Change:
    until = draw(st.none() | st.integers(-2, 20).map(lambda days: today + timedelta(days=days)))
    choice = draw(st.none() | st.just("x"))
    rma = draw(st.sampled_from(["R-1", "X-1", "?"]))
    one_of: list[st.SearchStrategy[Change]] = [
        st.builds(ChangeAddress, st.just(N), addresses),
        st.just(ChangeSlot(N, choice)),
        st.just(ChangePickup(N, choice)),
        st.just(HoldDelivery(N, until)),
        st.builds(SetInstructions, st.just(N), st.sampled_from(["", "x" * 250, "x" * 300])),
        st.builds(CancelOrder, st.just(N), reasons, st.none() | some_units),
        st.builds(ChangeItems, st.just(N), swaps, methods),
        st.builds(ExchangeItems, st.just(N), swaps, methods),
        st.builds(ChangePayment, st.just(N), methods),
        st.builds(ReturnItems, st.just(N), back, methods),
        st.builds(OpenClaim, st.just(N), st.sampled_from(ClaimKind), some_units, st.just("")),
        st.just(CancelReturn(N, rma)),
        st.just(CancelExchange(N, rma)),
    ]
    return draw(st.one_of(one_of))


@st.composite
def orders(draw: st.DrawFn, world: Any) -> Order:
    status = draw(st.sampled_from(OrderStatus))
    ago = st.integers(0, 60).map(lambda days: world.now - timedelta(days=days))
    when = st.none() | ago
    parcels = []
    for lines in draw(st.sampled_from([(), ((),), (("1", "2"), ("3", "4", "5"))])):
        state = draw(st.sampled_from(ShipmentStatus))
        delivered_at = draw(when) if state is ShipmentStatus.DELIVERED else None
        parcels.append(world.parcel(state, *lines, eta=draw(when), shipped_at=draw(when), delivered_at=delivered_at))
    starts = world.now + timedelta(hours=draw(st.integers(-5, 30)))
    slot = draw(st.none() | st.just(Slot("s", starts, starts + timedelta(hours=2), money)))
    state = draw(st.sampled_from(ReturnStatus))
    returns = draw(
        st.just(())
        | st.just(
            (
                Return(
                    "R-1",
                    (ReturnLine(LineId("1"), 1, ReturnReason.OTHER),),
                    state,
                    PaymentMethodId("card"),
                    money,
                    money,
                ),
            )
        )
    )
    exchanges = draw(
        st.just(())
        | st.just(
            (Exchange("X-1", (Swap(LineId("2"), 1, VariantId("shirt-b")),), state, PaymentMethodId("card"), money),)
        )
    )
    return replace(
        world.order,
        status=status,
        shipments=tuple(parcels),
        delivery=DeliveryChoice(slot=slot),
        returns=returns,
        exchanges=exchanges,
        gift_note=draw(st.sampled_from(["", "Para ti"])),
        items_changed=draw(st.booleans()),
        country=draw(st.sampled_from(["MX", "MX", "MX", "ES"])),
        customer_id=draw(st.sampled_from(["ana", "ana", "ana", "bea"])),
        placed_at=draw(st.none() | st.integers(0, 400).map(lambda days: world.now - timedelta(days=days))),
        lines=tuple(replace(line, cancelled=draw(st.integers(0, line.quantity))) for line in world.order.lines),
    )


@st.composite
def questions(draw: st.DrawFn, world: Any) -> dict[str, Any]:
    return {
        "change": draw(changes(Moment(world.now, world.demo.zone).today)),
        "order": draw(st.none() | orders(world)),
        "policy": draw(st.sampled_from(["demo", "tau_retail"])),
        "identity": draw(st.integers(0, 2)),
        "capabilities": draw(st.sampled_from([frozenset(ChangeKind)] * 3 + [frozenset({ChangeKind.CLAIM})])),
    }


def put_right(requirement: Requirement, facts: Facts, policy_figures: Any) -> Facts:
    need = requirement.counterfactual(facts, policy_figures)
    value = need.value[0] if need.operator == Operator.ONE_OF else need.value
    return replace(facts, **{need.fact: value})


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
