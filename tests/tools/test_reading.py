import json
from datetime import datetime

import pytest

from tools.calling import call
from tools.errors import AskAgain
from tools.scope import Identity
from tools.shop.demo import demo_states, orders_in_state
from tools.shop.models import CustomerId

OF_ONE_ORDER = (
    "get_order",
    "track_order",
    "delivery_options",
    "return_options",
    "exchange_options",
    "refund_status",
    "get_invoice",
)


def signed_in(customer_id: str) -> Identity:
    return Identity(2, CustomerId(customer_id))


async def test_no_reading_tool_lets_out_an_e_mail_or_a_phone(make_scope, data) -> None:
    customers = {customer.id: customer for customer in data.customers}
    for order in data.orders[::6]:
        scope = make_scope(signed_in(order.customer_id))
        answers = [await call(name, {"number": order.number}, scope) for name in OF_ONE_ORDER]
        answers += [await call("customer_profile", {}, scope), await call("list_orders", {}, scope)]
        said = json.dumps(answers, ensure_ascii=False)
        owner = customers[order.customer_id]
        assert not [secret for secret in (owner.email, owner.phone, order.address.phone) if secret and secret in said]


def times_in(value: object) -> list[str]:
    if isinstance(value, dict):
        return [time for item in value.values() for time in times_in(item)]
    if isinstance(value, list):
        return [time for item in value for time in times_in(item)]
    return [value] if isinstance(value, str) and len(value) > 15 and value[4:5] == "-" and "T" in value else []


async def test_every_time_has_an_offset(make_scope, data) -> None:
    for order in data.orders[::9]:
        scope = make_scope(signed_in(order.customer_id))
        for name in OF_ONE_ORDER:
            times = times_in(await call(name, {"number": order.number}, scope))
            assert all(datetime.fromisoformat(time).tzinfo for time in times if not time.startswith("/"))


STATES = {
    "late": "late",
    "waiting_at_pickup": "at_pickup_point",
    "delivered_5_days_ago": "delivered",
    "split": "on_time",
}


@pytest.mark.parametrize("state", STATES)
async def test_tracking_says_the_situation_of_the_demo_order(make_scope, order_named, state: str) -> None:
    order = order_named(orders_in_state(state)[0])
    view = await call("track_order", {"number": order.number}, make_scope(signed_in(order.customer_id)))
    assert view["situation"] == STATES[state]
    assert len(view["parcels"]) == len(order.shipments)


async def test_a_slot_is_told_on_the_clock_of_the_door_it_comes_to(make_scope) -> None:
    view = await call("delivery_options", {"number": "10006"}, make_scope(signed_in("carmen-ruiz")))
    assert view["slots"][0]["starts_at"][10:] == "T09:00:00+01:00"


async def test_what_is_offered_next_is_what_a_proposal_gets(make_scope) -> None:
    scope = make_scope(signed_in("carmen-ruiz"))
    steps = (await call("track_order", {"number": "10006"}, scope))["next_steps"]
    assert "delivery_instructions" in steps
    assert "cancel_order" not in steps
    allowed = await call("set_instructions", {"number": "10006", "text": "Dejar en portería"}, scope)
    denied = await call("cancel_order", {"number": "10006", "reason": "ya no lo quiero"}, scope)
    assert (allowed["status"], denied["status"]) == ("awaiting_confirmation", "denied")


async def test_each_line_has_its_own_answer_with_the_way_to_a_yes(make_scope) -> None:
    view = await call("return_options", {"number": "10006"}, make_scope(signed_in("carmen-ruiz")))
    by_code = {line["code"]: line for line in view["lines"]}
    assert set(by_code) == {"allowed", "hygiene", "not_delivered"}
    assert by_code["allowed"]["until"] == "2026-12-19"
    assert by_code["allowed"]["refund"] == {"amount": "41.00", "currency": "EUR"}
    assert by_code["hygiene"]["needs"][0]["fact"] == "hygiene"


async def test_exchange_options_hold_stock_and_difference_of_each_other_variant(make_scope) -> None:
    view = await call(
        "exchange_options", {"number": "10001", "line": "brisa"}, make_scope(signed_in("lucia-hernandez"))
    )
    (line,) = view["lines"]
    eights = [variant for variant in line["variants"] if variant["options"]["size"] == "8"]
    assert eights
    assert line["variant_id"] not in {variant["variant_id"] for variant in line["variants"]}
    assert all("difference" in variant for variant in line["variants"] if variant["in_stock"])
    assert not any("difference" in variant for variant in line["variants"] if not variant["in_stock"])


async def test_stock_is_found_by_product_or_by_line(make_scope) -> None:
    scope = make_scope(signed_in("lucia-hernandez"))
    by_line = await call("product_stock", {"number": "10001"}, scope)
    assert by_line == await call("product_stock", {"product_id": "brisa-mx"}, make_scope())
    with pytest.raises(AskAgain, match="which_product"):
        await call("product_stock", {}, scope)


async def test_a_refund_past_its_day_is_overdue(make_scope, data) -> None:
    told_late = set()
    for order in (order for order in data.orders if order.refunds):
        view = await call("refund_status", {"number": order.number}, make_scope(signed_in(order.customer_id)))
        for refund, told in zip(order.refunds, view["refunds"], strict=True):
            late = (
                refund.status != "settled"
                and refund.expected_by is not None
                and told["expected_by"][:10] < "2026-11-20"
            )
            assert told["overdue"] is late
            told_late.add(late)
    assert False in told_late


async def test_the_demo_has_no_order_that_cannot_be_read(make_scope, data) -> None:
    numbers = {number for numbers in demo_states().values() for number in numbers}
    assert numbers == {order.number for order in data.orders}
    for order in data.orders:
        view = await call("get_order", {"number": order.number}, make_scope(signed_in(order.customer_id)))
        assert view["number"] == order.number
