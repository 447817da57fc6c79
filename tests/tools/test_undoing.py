from datetime import timedelta

import pytest

from tools.calling import call
from tools.execution import carry_out
from tools.receipts import Receipt, receipt_from_json, receipt_to_json
from tools.refusals import NotTheirs, NotUndoable
from tools.scope import Identity
from tools.shop.changes import ChangeKind
from tools.shop.faults import Fault, FaultyShop, Moment
from tools.shop.models import CustomerId, Order, ReturnStatus
from tools.undoing import undo

LUCIA = Identity(2, CustomerId("lucia-hernandez"))
MARTIN = Identity(2, CustomerId("martin-suarez"))
ADDRESS = {"line1": "Av. Corrientes 1234", "city": "Buenos Aires", "postal_code": "C1043"}
EIGHT = {"line": "brisa", "options": {"size": "8"}}


@pytest.fixture
def do(make_scope, policy, retry):
    async def run(name: str, arguments: dict, who: Identity = LUCIA) -> Receipt:
        scope = make_scope(who)
        await call(name, arguments, scope)
        receipt = await carry_out(
            scope.proposals[-1], shop=scope.shop, policy=policy, identity=who, now=scope.now, retry=retry
        )
        return receipt_from_json(receipt_to_json(receipt))

    return run


@pytest.fixture
def take_back(make_scope, shop, policy, retry):
    async def run(receipt: Receipt, who: Identity = LUCIA, *, minutes: int = 5, over=None) -> Receipt:
        now = make_scope().now + timedelta(minutes=minutes)
        return await undo(receipt, shop=over or shop, policy=policy, identity=who, now=now, retry=retry)

    return run


def chosen(order: Order) -> object:
    return order.address, order.delivery, order.total, order.payments


RESTORED = {
    "change_address": ({"number": "10010", "address": ADDRESS}, MARTIN),
    "set_instructions": ({"number": "10002", "text": "Dejar en portería"}, LUCIA),
    "hold_delivery": ({"number": "10002", "until": "2026-11-25"}, LUCIA),
}


@pytest.mark.parametrize("name", RESTORED)
async def test_undoing_puts_back_what_was_there(do, take_back, order_named, shop, name: str) -> None:
    arguments, who = RESTORED[name]
    receipt = await do(name, arguments, who)
    changed = await shop.order_of(who.customer_id, arguments["number"])
    undone = await take_back(receipt, who)
    order = await shop.order_of(who.customer_id, arguments["number"])
    before = order_named(arguments["number"])
    assert chosen(changed) != chosen(before) == chosen(order)
    assert (undone.before, undone.after) == (receipt.after, receipt.before)
    assert undone.inverse is None


async def test_a_pickup_point_is_taken_off_again(do, take_back, shop, order_named) -> None:
    point = (await shop.pickup_points_for(order_named("10002")))[0]
    receipt = await do("change_pickup", {"number": "10002", "pickup_point_id": point.id})
    await take_back(receipt)
    order = await shop.order_of(LUCIA.customer_id, "10002")
    assert chosen(order) == chosen(order_named("10002"))


async def test_the_account_gets_its_address_back(do, take_back, shop, data) -> None:
    receipt = await do("change_profile_address", {"address": ADDRESS | {"city": "Rosario"}}, MARTIN)
    await take_back(receipt, MARTIN)
    before = next(customer for customer in data.customers if customer.id == MARTIN.customer_id)
    assert (await shop.customer(MARTIN.customer_id)).address == before.address


REQUESTS = {
    "return_items": {"number": "10001", "items": [{"line": "brisa", "reason": "too_small"}]},
    "exchange_items": {"number": "10001", "items": [EIGHT]},
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_an_rma_is_withdrawn_and_the_goods_are_free_again(do, take_back, shop, name: str) -> None:
    receipt = await do(name, REQUESTS[name])
    undone = await take_back(receipt)
    order = await shop.order_of(LUCIA.customer_id, "10001")
    (rma,) = (*order.returns, *order.exchanges)
    assert (rma.status, rma.rma) == (ReturnStatus.CANCELLED, receipt.references["rma"])
    assert undone.kind in (ChangeKind.CANCEL_RETURN, ChangeKind.CANCEL_EXCHANGE)


async def test_undoing_twice_answers_the_same_and_writes_once(do, take_back, shop) -> None:
    receipt = await do("set_instructions", RESTORED["set_instructions"][0])
    first = await take_back(receipt)
    data = await shop.export_all()
    assert await take_back(receipt) == first
    assert await take_back(receipt, minutes=500) == first
    assert await shop.export_all() == data


async def test_a_lost_answer_to_an_undo_is_looked_up(do, take_back, shop) -> None:
    receipt = await do("set_instructions", RESTORED["set_instructions"][0])
    undone = await take_back(receipt, over=FaultyShop(shop, [Fault("apply", Moment.AFTER)]))
    assert undone == await take_back(receipt)


async def test_undoing_ends_when_the_receipt_says_so(do, take_back) -> None:
    receipt = await do("set_instructions", RESTORED["set_instructions"][0])
    with pytest.raises(NotUndoable, match="too_late"):
        await take_back(receipt, minutes=31)


async def test_what_changed_since_is_not_overwritten(do, take_back, shop) -> None:
    receipt = await do("set_instructions", RESTORED["set_instructions"][0])
    await do("hold_delivery", RESTORED["hold_delivery"][0])
    data = await shop.export_all()
    with pytest.raises(NotUndoable, match="changed_since"):
        await take_back(receipt)
    assert await shop.export_all() == data


async def test_nobody_else_can_undo(do, take_back) -> None:
    receipt = await do("set_instructions", RESTORED["set_instructions"][0])
    with pytest.raises(NotTheirs):
        await take_back(receipt, MARTIN)


async def test_a_cancelled_order_stays_cancelled(do, take_back) -> None:
    receipt = await do("cancel_order", {"number": "10010", "reason": "me equivoqué"}, MARTIN)
    assert (receipt.inverse, receipt.undo_until) == (None, None)
    with pytest.raises(NotUndoable, match="no_inverse"):
        await take_back(receipt, MARTIN)


async def test_a_change_that_was_paid_for_offers_no_undo(do, take_back, shop, order_named, make_scope) -> None:
    slots = await shop.slots_for(order_named("10002"), make_scope().now)
    paid = await do("change_slot", {"number": "10002", "slot_id": slots[0].id})
    assert (paid.cost, paid.undo_until) == (slots[0].fee, None)
    moved = await do("change_slot", {"number": "10002", "slot_id": slots[1].id})
    before = (await shop.order_of(LUCIA.customer_id, "10002")).payments
    assert (moved.cost, moved.undo_until is None) == (None, False)
    await take_back(moved)
    order = await shop.order_of(LUCIA.customer_id, "10002")
    assert (order.delivery.slot, order.payments) == (slots[0], before)
