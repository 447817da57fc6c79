"""Tools with which shoppers show who they are: code counts tries and decides the level, the model carries words."""

from __future__ import annotations

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from tools.effects import Effect, effect
from tools.errors import AskAgain, Final
from tools.masking import mask
from tools.policy.port import Policy
from tools.scope import Identity, Scope
from tools.shop.models import CustomerId
from tools.shop.port import Proof
from tools.views import as_text

CODE_LEVEL = 2


@effect(Effect.READ)
@tool(parse_docstring=True)
async def verify_order(
    runtime: ToolRuntime[Scope],
    number: str = "",
    email: str = "",
    postal_code: str = "",
    phone: str = "",
    first_name: str = "",
    last_name: str = "",
) -> str:
    """Check that an order belongs to the shopper, from what they say. Give only what they said themselves.

    Args:
        number: order number
        email: e-mail of the order
        postal_code: postal code of the order
        phone: phone of the order
        first_name: first name
        last_name: last name
    """
    scope = runtime.context
    proof = Proof(
        number.strip(), email.strip(), postal_code.strip(), phone.strip(), first_name.strip(), last_name.strip()
    )
    level = _level_of(proof, scope.policy)
    _require_said(scope, *((name, getattr(proof, name)) for name in Proof.__dataclass_fields__))
    if not await scope.attempts.allow(proof.number or proof.email or proof.last_name):
        raise Final("too_many_attempts")
    customer_id = await scope.shop.identify(proof)
    if customer_id is None:
        raise AskAgain("not_found")
    scope.identity = await _raised(scope, customer_id, level, proof.number)
    return as_text({"status": "verified", "level": scope.identity.level, "orders": sorted(scope.identity.orders)})


@effect(Effect.READ)
@tool(parse_docstring=True)
async def send_code(runtime: ToolRuntime[Scope], email: str = "") -> str:
    """Send a one-time code to the contact on file, so that the shopper may change things. Needs verify_order first.

    A shopper who does not know any order number gives the e-mail of their orders instead of verify_order.

    Args:
        email: e-mail of the orders, only when no order number is known
    """
    scope = runtime.context
    identity = scope.identity
    if identity.customer_id is None and email.strip():
        return await _send_to_account(scope, email.strip())
    if identity.customer_id is None:
        raise AskAgain("verify_first", level=1, needs=[sorted(rule.fields) for rule in scope.policy.proofs])
    if identity.level >= CODE_LEVEL:
        return as_text({"status": "verified", "level": identity.level})
    try:
        sent_to = await scope.codes.send(identity.customer_id)
    except OSError:
        raise Final("code_not_sent") from None
    if sent_to is None:
        raise Final("too_many_codes")
    scope.code_sent_for = identity.customer_id
    return as_text({"status": "code_sent", "sent_to": sent_to})


@effect(Effect.READ)
@tool(parse_docstring=True)
async def check_code(code: str, runtime: ToolRuntime[Scope]) -> str:
    """Check the one-time code the shopper read out.

    Args:
        code: the digits
    """
    scope = runtime.context
    customer_id, known = scope.code_sent_for, scope.identity.customer_id
    if known is not None and customer_id != known:
        raise AskAgain("no_code_sent")
    _require_said(scope, ("code", code.strip()))
    if customer_id is None or not await scope.codes.check(customer_id, code.strip()):
        raise AskAgain("wrong_code")
    scope.identity = Identity(max(CODE_LEVEL, scope.identity.level), customer_id, scope.identity.orders)
    scope.code_sent_for = None
    return as_text({"status": "verified", "level": scope.identity.level})


async def _send_to_account(scope: Scope, email: str) -> str:
    """A code to the customer with that e-mail; the answer is the same when there is none, so that it tells nobody."""
    _require_said(scope, ("email", email))
    if not await scope.attempts.allow(email):
        raise Final("too_many_attempts")
    customer = await scope.shop.customer_with_email(email)
    if customer is not None:
        try:
            await scope.codes.send(customer.id)
        except OSError:
            raise Final("code_not_sent") from None
    scope.code_sent_for = customer.id if customer else None
    return as_text({"status": "code_sent", "sent_to": mask(email), "if_known": True})


def _require_said(scope: Scope, *given: tuple[str, str]) -> None:
    """A model may pass proof on, not find it: what it saw elsewhere, or guesses, is not even tried."""
    unsaid = scope.heard.unsaid(given) if scope.heard is not None else []
    if unsaid:
        raise AskAgain("not_said_by_the_shopper", fields=unsaid)


def _level_of(proof: Proof, policy: Policy) -> int:
    offered = {name for name in Proof.__dataclass_fields__ if getattr(proof, name)}
    levels = [rule.level for rule in policy.proofs if rule.fields <= offered]
    if not levels:
        raise AskAgain("proof_incomplete", needs=[sorted(rule.fields) for rule in policy.proofs])
    return max(levels)


async def _raised(scope: Scope, customer_id: CustomerId, level: int, number: str) -> Identity:
    known = scope.identity
    if known.customer_id not in (None, customer_id) and known.level >= CODE_LEVEL:
        raise Final("other_customer")
    orders = known.orders if known.customer_id == customer_id else frozenset()
    order = await scope.shop.order_of(customer_id, number) if number else None
    if order is not None:
        orders |= {order.number}
    same = known.level if known.customer_id == customer_id else 0
    return Identity(max(level, same), customer_id, orders)
