"""What the shopper wants, kept across turns."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from agent.conversation import Request
from agent.loop.agenda import drop_confirmed, update_agenda
from agent.understanding.context import in_context
from agent.understanding.reading import Reading
from evals.world import FRIDAY_AFTERNOON, Library


@pytest.fixture(scope="module")
def read(library: Library) -> object:
    def read(text: str, asked: tuple[str, ...] = ()) -> Reading:
        reader, zone = library.thinking.reader, library.policy.zone
        return in_context(reader.read(text, language="es", now=FRIDAY_AFTERNOON, zone=zone), asked)

    return read


@dataclass(frozen=True)
class Step:
    """``open`` wishes (intent, stage), what the last reply asked, what is said, and the intents that are open then."""

    said: str
    now: tuple[str, ...]
    open: tuple[tuple[str, str], ...] = ()
    asked: tuple[str, ...] = ()


STEPS = (
    # nothing wanted, nothing on the agenda
    Step("hola", ()),
    Step("gracias", ()),
    Step("", ()),
    Step("🙂", ()),
    Step("quiero hablar con una persona", ()),
    # one wish, two wishes
    Step("¿dónde está mi pedido 10002?", ("order_status",)),
    Step("quiero cancelar mi pedido 10010", ("cancel_order",)),
    Step("quiero cambiar la dirección y que me manden la factura", ("change_address", "invoice")),
    # an answer continues what was asked for
    Step("lucia.hernandez@example.mx", ("order_status",), (("order_status", ""),), ("email", "postal_code")),
    Step("10002", ("order_status",), (("order_status", ""),), ("order_number",)),
    Step(
        "Calle Orizaba 121, Ciudad de México, 06700", ("change_address",), (("change_address", "open"),), ("address",)
    ),
    Step("123456", ("change_address",), (("change_address", ""),), ("code",)),
    Step("hola", ("order_status",), (("order_status", ""),), ("order_number",)),
    # a question in between does not lose the open wish
    Step("¿cuánto cuesta el envío?", ("policy_question", "return_item"), (("return_item", "open"),), ("reason",)),
    # a wish for the same goods takes the place of the one before
    Step("mejor quiero cambiarlo por otra talla", ("exchange_item",), (("return_item", "lines"),), ("reason",)),
    # asking for a person changes nothing on the agenda
    Step("pásame con una persona", ("return_item",), (("return_item", "open"),), ("reason",)),
)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.said[:40]}|{','.join(i for i, _ in step.open)}")
def test_the_agenda_after_a_message(read, step: Step) -> None:
    before = tuple(Request(intent, "", {"order": "10001"}, stage) for intent, stage in step.open)
    after = update_agenda(before, read(step.said, step.asked), step.asked)
    assert tuple(one.intent for one in after) == step.now


def test_the_agenda_is_bounded(read) -> None:
    agenda: tuple[Request, ...] = ()
    for text in (
        "¿dónde está mi pedido 10002?",
        "quiero la factura",
        "quiero devolver los tenis",
        "cambia la dirección",
        "¿y mi reembolso?",
        "cambia el método de pago",
    ):
        agenda = update_agenda(agenda, read(text), ())
    assert len(agenda) <= 4


def test_another_wish_for_the_same_goods_keeps_the_order_they_are_in(read) -> None:
    before = (Request("return_item", "", {"order": "10001", "reason": "too_small"}, "lines"),)
    (after,) = update_agenda(before, read("mejor quiero cambiarlo por otra talla"), ())
    assert after.slots["order"] == "10001"
    assert "reason" not in after.slots
    assert after.stage == ""


CONFIRMING = (Request("delivery_instructions", "", {"order": "1"}, "confirm"), Request("invoice", ""))


def test_what_was_decided_leaves_the_agenda_and_the_rest_stays() -> None:
    assert drop_confirmed(CONFIRMING, retry=False) == CONFIRMING[1:]


def test_what_has_to_be_shown_again_starts_anew_with_what_is_known() -> None:
    first, second = drop_confirmed(CONFIRMING, retry=True)
    assert (first.intent, first.stage, first.slots) == ("delivery_instructions", "", {"order": "1"})
    assert second == CONFIRMING[1]
