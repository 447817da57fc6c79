from dataclasses import dataclass, field, replace

import pytest

from tools.calling import call
from tools.errors import AskAgain, Final
from tools.scope import Identity
from tools.shop.models import CustomerId

LUCIA = CustomerId("lucia-hernandez")


@dataclass
class Mailbox:
    """A code port that keeps what it sent."""

    sent: list[str] = field(default_factory=list)
    limit: int = 2

    async def send(self, customer_id: str) -> str | None:
        if len(self.sent) >= self.limit:
            return None
        self.sent.append(f"{customer_id}:{len(self.sent)}")
        return "l***@example.mx"

    async def check(self, customer_id: str, code: str) -> bool:
        return bool(self.sent) and self.sent[-1] == f"{customer_id}:{code}"


@dataclass
class Counter:
    """Allows so many tries."""

    left: int
    tried: list[str] = field(default_factory=list)

    async def allow(self, number: str) -> bool:
        self.tried.append(number)
        self.left -= 1
        return self.left >= 0


PROOFS = [
    {"number": "#10001", "email": "LUCIA.hernandez@example.mx"},
    {"number": "1 0001", "postal_code": "06700"},
    {"number": "10001", "phone": "+52 55 4812 0937"},
]


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: "+".join(proof))
async def test_number_and_a_contact_open_that_order_and_no_other(make_scope, proof) -> None:
    scope = make_scope()
    assert await call("verify_order", proof, scope) == {"status": "verified", "level": 1, "orders": ["10001"]}
    assert scope.identity == Identity(1, LUCIA, frozenset({"10001"}))
    assert (await call("get_order", {"number": "10001"}, scope))["number"] == "10001"
    with pytest.raises(AskAgain, match="verify_first"):
        await call("get_order", {"number": "10002"}, scope)


async def test_a_second_order_of_the_same_customer_is_added(make_scope) -> None:
    scope = make_scope()
    await call("verify_order", PROOFS[0], scope)
    await call("verify_order", {"number": "10002", "postal_code": "06700"}, scope)
    assert scope.identity.orders == {"10001", "10002"}


WRONG = [
    {"number": "99999", "email": "lucia.hernandez@example.mx"},
    {"number": "10001", "email": "emma.clark@example.com"},
    {"number": "10003", "email": "lucia.hernandez@example.mx"},
    {"number": "10001", "email": "lucia.hernandez@example.mx", "postal_code": "00000"},
]


@pytest.mark.parametrize("proof", WRONG, ids=["no such order", "wrong e-mail", "order of another", "one part wrong"])
async def test_an_unknown_order_and_a_wrong_contact_get_the_same_answer(make_scope, proof) -> None:
    scope = make_scope()
    with pytest.raises(AskAgain) as refused:
        await call("verify_order", proof, scope)
    assert (refused.value.code, refused.value.details) == ("not_found", {})
    assert scope.identity == Identity()


async def test_half_a_proof_is_answered_with_what_is_missing_and_costs_no_try(make_scope) -> None:
    scope = replace(make_scope(), attempts=Counter(left=0))
    with pytest.raises(AskAgain, match="proof_incomplete") as refused:
        await call("verify_order", {"number": "10001"}, scope)
    assert ["email", "number"] in refused.value.details["needs"]
    assert scope.attempts.tried == []


async def test_tries_are_counted_right_or_wrong_and_end(make_scope) -> None:
    scope = replace(make_scope(), attempts=Counter(left=1))
    with pytest.raises(AskAgain, match="not_found"):
        await call("verify_order", WRONG[1], scope)
    with pytest.raises(Final, match="too_many_attempts"):
        await call("verify_order", PROOFS[0], scope)
    assert scope.identity == Identity()


async def test_somebody_signed_in_cannot_become_somebody_else(make_scope) -> None:
    scope = make_scope(Identity(2, CustomerId("emma-clark")))
    with pytest.raises(Final, match="other_customer"):
        await call("verify_order", PROOFS[0], scope)
    assert scope.identity.customer_id == "emma-clark"


async def test_another_proof_at_level_one_leaves_the_first_customer_behind(make_scope) -> None:
    scope = make_scope(Identity(1, CustomerId("emma-clark"), frozenset({"10003"})))
    await call("verify_order", PROOFS[0], scope)
    assert scope.identity == Identity(1, LUCIA, frozenset({"10001"}))


async def test_the_code_from_the_contact_on_file_gives_level_two(make_scope) -> None:
    scope = replace(make_scope(Identity(1, LUCIA, frozenset({"10001"}))), codes=Mailbox())
    assert await call("send_code", {}, scope) == {"status": "code_sent", "sent_to": "l***@example.mx"}
    with pytest.raises(AskAgain, match="wrong_code"):
        await call("check_code", {"code": "7"}, scope)
    assert await call("check_code", {"code": " 0 "}, scope) == {"status": "verified", "level": 2}
    assert [order["number"] for order in (await call("list_orders", {}, scope))["orders"]][:1]


async def test_no_code_is_sent_to_nobody_or_too_often(make_scope) -> None:
    with pytest.raises(AskAgain, match="verify_first"):
        await call("send_code", {}, replace(make_scope(), codes=Mailbox()))
    scope = replace(make_scope(Identity(1, LUCIA)), codes=Mailbox(limit=0))
    with pytest.raises(Final, match="too_many_codes"):
        await call("send_code", {}, scope)


class DeadMailbox(Mailbox):
    async def send(self, customer_id: str) -> str | None:
        raise TimeoutError


async def test_a_code_that_did_not_leave_is_told_apart_from_too_many(make_scope) -> None:
    scope = replace(make_scope(Identity(1, LUCIA)), codes=DeadMailbox())
    with pytest.raises(Final, match="code_not_sent"):
        await call("send_code", {}, scope)
    assert scope.code_sent_for is None


async def test_a_code_sent_for_one_customer_does_not_open_another(make_scope) -> None:
    scope = replace(make_scope(Identity(1, CustomerId("emma-clark"))), codes=Mailbox(), code_sent_for=LUCIA)
    await scope.codes.send(LUCIA)
    with pytest.raises(AskAgain, match="no_code_sent"):
        await call("check_code", {"code": "0"}, scope)


ARGUMENTS = {
    "list_orders": {},
    "customer_profile": {},
    "get_order": {"number": "10001"},
    "track_order": {"number": "10001"},
    "return_options": {"number": "10001"},
    "refund_status": {"number": "10001"},
    "cancel_order": {"number": "10001", "reason": "no"},
    "hold_delivery": {"number": "10001", "until": ""},
}


@pytest.mark.parametrize("name", ARGUMENTS)
async def test_nobody_sees_or_proposes_anything_unverified(make_scope, name: str) -> None:
    scope = make_scope()
    with pytest.raises(AskAgain, match="verify_first") as refused:
        await call(name, ARGUMENTS[name], scope)
    assert refused.value.details["needs"]
    assert not scope.proposals


async def test_level_one_reads_but_is_asked_for_the_code_before_it_proposes(make_scope) -> None:
    scope = make_scope(Identity(1, LUCIA, frozenset({"10002"})))
    view = await call("get_order", {"number": "10002"}, scope)
    assert set(view["address"]) == {"city", "region", "country"}
    with pytest.raises(AskAgain, match="verify_first") as refused:
        await call("set_instructions", {"number": "10002", "text": "Portería"}, scope)
    assert ["code"] in refused.value.details["needs"]


async def test_an_order_of_another_customer_equals_no_order(make_scope) -> None:
    scope = make_scope(Identity(2, LUCIA))
    for number in ("10003", "99999"):
        with pytest.raises(AskAgain) as refused:
            await call("get_order", {"number": number}, scope)
        assert (refused.value.code, refused.value.details) == ("unknown_order", {"number": number})
