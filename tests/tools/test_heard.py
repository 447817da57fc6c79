"""Proof of identity comes from the shopper's own mouth."""

from __future__ import annotations

import pytest

from tools.calling import call
from tools.errors import AskAgain
from tools.heard import Heard
from tools.scope import Identity

SAID = Heard(("mi pedido es el #W-10 002, soy Lucía HERNÁNDEZ", "lucia.hernandez@example.mx", "55 4812 0937, cp 06700"))


@pytest.mark.parametrize(
    "value",
    [
        "W10002",
        "#w-10002",
        "Lucia",
        "Hernandez",
        "LUCIA.HERNANDEZ@example.mx",
        "+52 55 4812 0937",
        "5548120937",
        "06700",
    ],
)
def test_what_was_said_counts_however_it_is_written(value: str) -> None:
    assert SAID.says(value)


@pytest.mark.parametrize("value", ["10003", "diego@example.mx", "5548120938", "06701", "Diego"])
def test_what_was_not_said_does_not(value: str) -> None:
    assert not SAID.says(value)


def test_parts_of_two_messages_are_not_put_together() -> None:
    assert not Heard(("100", "02")).says("10002")


PROOF = {"number": "10002", "email": "lucia.hernandez@example.mx"}


@pytest.mark.parametrize(
    ("said", "unsaid"),
    [
        ("¿dónde está mi pedido 10002?", ["email"]),
        ("mi correo es lucia.hernandez@example.mx", ["number"]),
        ("hola", ["number", "email"]),
    ],
)
async def test_proof_the_shopper_did_not_give_is_not_even_tried(make_scope, said: str, unsaid: list[str]) -> None:
    scope = make_scope(Identity())
    scope.heard = Heard((said,))
    with pytest.raises(AskAgain) as refused:
        await call("verify_order", PROOF, scope)
    assert (refused.value.code, refused.value.details["fields"]) == ("not_said_by_the_shopper", unsaid)
    assert scope.identity == Identity()


async def test_proof_the_shopper_gave_opens_the_order(make_scope) -> None:
    scope = make_scope(Identity())
    scope.heard = Heard(("el #10002", "es Lucia.Hernandez@Example.MX"))
    await call("verify_order", PROOF, scope)
    assert scope.identity.level == 1


async def test_a_code_that_the_model_guesses_is_not_even_tried(make_scope) -> None:
    scope = make_scope(Identity(1, "lucia-hernandez", frozenset({"10002"})))  # type: ignore[arg-type]
    scope.heard, scope.code_sent_for = Heard(("no me llegó",)), scope.identity.customer_id
    with pytest.raises(AskAgain, match="not_said_by_the_shopper"):
        await call("check_code", {"code": "123456"}, scope)
