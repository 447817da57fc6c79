from dataclasses import replace
from datetime import timedelta

import pytest

from tools.calling import call
from tools.execution import carry_out
from tools.proposals import Proposal
from tools.receipts import receipt_from_json, receipt_to_json
from tools.refusals import Denied, Expired, NotReached, NotTheirs, ShopRefused, Stale, Unresolved
from tools.scope import Identity
from tools.shop.changes import SetInstructions, Terms
from tools.shop.faults import Fault, FaultyShop, Moment
from tools.shop.models import CustomerId, OrderNumber
from tools.shop.money import Money

LUCIA = CustomerId("lucia-hernandez")
ME = Identity(2, LUCIA)
BACK = {"number": "10001", "items": [{"line": "brisa", "reason": "too_small"}]}
HOLD = {"number": "10002", "until": "2026-11-25"}
NOTE = {"number": "10002", "text": "Dejar en portería"}


@pytest.fixture
def propose(make_scope):
    async def make(name: str, arguments: dict, identity: Identity = ME) -> Proposal:
        scope = make_scope(identity)
        await call(name, arguments, scope)
        return scope.proposals[-1]

    return make


@pytest.fixture
def confirm(make_scope, shop, policy, retry):
    async def run(proposal: Proposal, *, minutes: int = 1, over=None, identity: Identity = ME):
        now = make_scope().now + timedelta(minutes=minutes)
        return await carry_out(proposal, shop=over or shop, policy=policy, identity=identity, now=now, retry=retry)

    return run


async def test_a_yes_is_carried_out_once_and_gives_a_receipt(propose, confirm, shop) -> None:
    proposal = await propose("return_items", BACK)
    receipt = await confirm(proposal)
    order = await shop.order_of(LUCIA, "10001")
    (opened,) = order.returns
    assert receipt.references == {"rma": opened.rma}
    assert (opened.refund, opened.fee, opened.ship_by) == (
        proposal.terms.refund,
        proposal.terms.fee,
        proposal.terms.ship_by,
    )
    assert receipt.label_url == opened.label.url
    assert (receipt.before, receipt.after, receipt.cost) == (proposal.before, proposal.after, proposal.cost)
    assert receipt.version == order.version == proposal.expected_version + 1
    assert receipt_from_json(receipt_to_json(receipt)) == receipt


async def test_the_same_yes_again_answers_the_same_receipt_even_after_it_expired(propose, confirm, shop) -> None:
    proposal = await propose("set_instructions", NOTE)
    receipt = await confirm(proposal)
    data = await shop.export_all()
    assert await confirm(proposal) == receipt
    assert await confirm(proposal, minutes=600) == receipt
    assert await shop.export_all() == data


async def test_a_yes_that_comes_too_late_does_nothing(propose, confirm, shop, data) -> None:
    proposal = await propose("set_instructions", NOTE)
    with pytest.raises(Expired):
        await confirm(proposal, minutes=16)
    assert await shop.export_all() == data


async def test_a_yes_to_an_order_that_changed_meanwhile_does_nothing(propose, confirm, shop) -> None:
    first, second = await propose("set_instructions", NOTE), await propose("hold_delivery", HOLD)
    await confirm(second)
    data = await shop.export_all()
    with pytest.raises(Stale, match="version"):
        await confirm(first)
    assert await shop.export_all() == data


SWAPPED = {
    "another change under the same consent": {"change": SetInstructions(OrderNumber("10002"), "Llamar al 55")},
    "more money back": {"terms": Terms(refund=Money.of("900", "MXN"), policy="2026-03-01")},
    "another policy": {"terms": Terms(policy="2025-09-01")},
    "a made-up digest": {"digest": "0" * 64},
}


@pytest.mark.parametrize("swap", SWAPPED)
async def test_a_proposal_that_is_not_the_one_consented_to_is_refused(propose, confirm, shop, data, swap: str) -> None:
    proposal = await propose("set_instructions", NOTE)
    with pytest.raises(Stale, match="terms"):
        await confirm(replace(proposal, **SWAPPED[swap]))
    assert await shop.export_all() == data


async def test_a_price_that_moved_is_not_charged(propose, confirm, shop, data) -> None:
    item = {"line": "brisa", "options": {"size": "8"}}
    proposal = await propose("exchange_items", {"number": "10001", "items": [item]})
    dearer = tuple(
        replace(p, variants=tuple(replace(v, price=v.price + Money.of("10", v.price.currency)) for v in p.variants))
        for p in data.products
    )
    await shop.load(replace(data, products=dearer))
    with pytest.raises(Stale, match="terms"):
        await confirm(proposal)


async def test_stock_that_ran_out_is_a_denial_with_its_verdict(propose, confirm, shop, data) -> None:
    item = {"line": "brisa", "options": {"size": "8"}}
    proposal = await propose("exchange_items", {"number": "10001", "items": [item]})
    sold_out = tuple(replace(p, variants=tuple(replace(v, stock=0) for v in p.variants)) for p in data.products)
    await shop.load(replace(data, products=sold_out))
    with pytest.raises(Denied) as denied:
        await confirm(proposal)
    assert denied.value.code == denied.value.verdict.code == "out_of_stock"


async def test_only_the_customer_it_was_proposed_to_can_say_yes(propose, confirm, shop, data) -> None:
    proposal = await propose("set_instructions", NOTE)
    with pytest.raises(NotTheirs):
        await confirm(proposal, identity=Identity(2, CustomerId("emma-clark")))
    with pytest.raises(NotTheirs):
        await confirm(proposal, identity=Identity())
    with pytest.raises(Denied):
        await confirm(proposal, identity=Identity(1, LUCIA, frozenset({OrderNumber("10002")})))
    assert await shop.export_all() == data


async def test_a_key_that_was_used_for_something_else_is_refused(propose, confirm) -> None:
    first, second = await propose("set_instructions", NOTE), await propose("hold_delivery", HOLD)
    await confirm(first)
    with pytest.raises(Stale, match="version"):
        await confirm(replace(second, id=first.id))
    fresh = await propose("hold_delivery", HOLD)
    with pytest.raises(ShopRefused, match="key_reused"):
        await confirm(replace(fresh, id=first.id))


async def test_an_order_that_is_gone_is_stale(propose, confirm, shop, data) -> None:
    proposal = await propose("set_instructions", NOTE)
    await shop.load(replace(data, orders=()))
    with pytest.raises(Stale, match="gone"):
        await confirm(proposal)


HAPPENS_ALL_THE_SAME = {
    "the first write is lost": [Fault("apply", Moment.BEFORE, 1)],
    "the first answer is lost": [Fault("apply", Moment.AFTER, 1)],
    "every answer is lost": [Fault("apply", Moment.AFTER)],
    "a read fails twice": [Fault("order_of", Moment.BEFORE, 1), Fault("order_of", Moment.BEFORE, 2)],
    "answer and first look back are lost": [Fault("apply", Moment.AFTER, 1), Fault("applied", Moment.BEFORE, 2)],
}


@pytest.mark.parametrize("plan", HAPPENS_ALL_THE_SAME)
async def test_a_fault_that_passes_leaves_exactly_one_write(propose, confirm, shop, plan: str) -> None:
    proposal = await propose("return_items", BACK)
    receipt = await confirm(proposal, over=FaultyShop(shop, HAPPENS_ALL_THE_SAME[plan]))
    order = await shop.order_of(LUCIA, "10001")
    assert [opened.rma for opened in order.returns] == [receipt.references["rma"]]
    assert receipt == await confirm(proposal)


async def test_a_shop_that_stays_away_has_done_nothing_and_says_so(propose, confirm, shop, data) -> None:
    proposal = await propose("return_items", BACK)
    faulty = FaultyShop(shop, [Fault("apply", Moment.BEFORE)])
    with pytest.raises(NotReached):
        await confirm(proposal, over=faulty)
    assert faulty.calls["apply"] == 3
    assert await shop.export_all() == data
    with pytest.raises(NotReached):
        await confirm(proposal, over=FaultyShop(shop, [Fault("customer")]))


async def test_an_outcome_nobody_can_tell_is_not_told(propose, confirm, shop) -> None:
    proposal = await propose("return_items", BACK)
    silent = [Fault("apply", Moment.AFTER), *(Fault("applied", Moment.BEFORE, n) for n in range(2, 9))]
    with pytest.raises(Unresolved) as unresolved:
        await confirm(proposal, over=FaultyShop(shop, silent))
    assert unresolved.value.key == proposal.id
    receipt = await confirm(proposal, minutes=120)
    assert len((await shop.order_of(LUCIA, "10001")).returns) == 1
    assert receipt.references["rma"]


async def test_a_call_without_an_answer_ends_at_its_deadline(propose, make_scope, policy, shop, retry) -> None:
    class Silent(FaultyShop):
        async def apply(self, *args, **kwargs):
            raise TimeoutError

    proposal = await propose("return_items", BACK)
    with pytest.raises(NotReached):
        await carry_out(
            proposal,
            shop=Silent(shop, ()),
            policy=policy,
            identity=ME,
            now=make_scope().now,
            retry=retry,
        )


async def test_a_shop_that_refuses_changed_nothing_and_is_not_asked_again(propose, confirm, shop, data) -> None:
    proposal = await propose("change_pickup", {"number": "10002", "pickup_point_id": await a_point(shop)})
    await shop.load(replace(data, pickup_points=()))
    faulty = FaultyShop(shop, ())
    with pytest.raises(ShopRefused, match="unknown_pickup_point"):
        await confirm(proposal, over=faulty)
    assert faulty.calls["apply"] == 1


async def a_point(shop) -> str:
    order = await shop.order_of(LUCIA, "10002")
    return (await shop.pickup_points_for(order))[0].id
