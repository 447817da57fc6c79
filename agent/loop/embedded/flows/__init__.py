"""What the embedded model can carry through, one flow an intent."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agent.conversation import Request
from agent.loop.embedded.case import Case, Step
from agent.loop.embedded.flows import (
    cancel,
    claims,
    delivery,
    exchange,
    knowledge,
    money,
    pickup,
    returns,
    slots,
    social,
    status,
)

Flow = Callable[[Case, Request], Step]

FLOWS: Mapping[str, Flow] = {
    "order_status": status.tell_status,
    "delivery_problem": status.tell_status,
    "change_address": delivery.change_address,
    "change_delivery_slot": slots.change_slot,
    "change_pickup": pickup.change_pickup,
    "delivery_instructions": delivery.give_instructions,
    "hold_delivery": delivery.hold,
    "cancel_order": cancel.cancel_order,
    "change_items": exchange.change_items,
    "return_item": returns.return_item,
    "return_label": returns.tell_label,
    "exchange_item": exchange.exchange_item,
    "item_problem": claims.report_problem,
    "claim_status": claims.tell_claim,
    "refund_status": money.tell_refund,
    "invoice": money.give_invoice,
    "payment_problem": money.pay_differently,
    "policy_question": knowledge.answer_question,
    "product_help": knowledge.answer_question,
    "account_help": knowledge.answer_question,
    "complaint": social.hear_complaint,
    "out_of_scope": knowledge.turn_down,
}
