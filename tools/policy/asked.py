"""What the shopper asks for, in facts: the part of a change that needs no line and no parcel to be read."""

from __future__ import annotations

from tools.policy.calendar_days import Moment
from tools.policy.facts import Seen
from tools.shop.changes import (
    CancelExchange,
    CancelOrder,
    CancelReturn,
    Change,
    ChangeAddress,
    ChangePickup,
    ChangeProfileAddress,
    ChangeSlot,
    HoldDelivery,
    OpenClaim,
    SetInstructions,
)
from tools.shop.models import Address, ClaimStatus, Customer, LineId, Order


def observe_request(change: Change, order: Order | None, customer: Customer, moment: Moment) -> Seen:
    """What the change itself says."""
    match change:
        case ChangeAddress(address=address):
            return _address(address, order.address) if order else {}
        case ChangeProfileAddress(address=address):
            return _address(address, customer.address)
        case ChangeSlot(slot_id=chosen) | ChangePickup(pickup_point_id=chosen):
            return {"clearing": chosen is None}
        case HoldDelivery(until=until):
            days = (until - moment.today).days if until else 0
            return {"clearing": until is None, "hold_days": days}
        case SetInstructions(text=text):
            return {"text_length": len(text)}
        case CancelOrder():
            return {"reason": change.reason, "partial": change.lines is not None}
        case OpenClaim(problem=problem):
            again = order is not None and claims_again(change, order, None)
            return {"reason": problem.value, "claimed_already": again}
        case CancelReturn(rma=rma) if order:
            return {"rma_status": next((case.status for case in order.returns if case.rma == rma), None)}
        case CancelExchange(rma=rma) if order:
            return {"rma_status": next((case.status for case in order.exchanges if case.rma == rma), None)}
        case _:
            return {}


def claims_again(change: Change, order: Order, line_id: LineId | None) -> bool:
    """Whether an open claim about the same problem covers that line (any line when none is given)."""
    return isinstance(change, OpenClaim) and any(
        claim.kind is change.problem
        and claim.status is ClaimStatus.OPEN
        and (line_id is None or not claim.lines or line_id in claim.lines)
        for claim in order.claims
    )


def _address(new: Address, old: Address) -> Seen:
    needed = (new.line1, new.city, new.postal_code, new.country)
    return {
        "address_complete": all(part.strip() for part in needed),
        "address_differs": new != old,
        "same_country": new.country.upper() == old.country.upper(),
    }
