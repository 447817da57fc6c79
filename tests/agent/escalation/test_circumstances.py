"""What the words do not show, and what the shopper may wave away."""

from __future__ import annotations

import pytest

from agent.escalation.verdict import Circumstances, Line, ReasonCode, Stance


@pytest.mark.parametrize(
    ("text", "circumstances", "stance", "code"),
    [
        ("cancela el pedido", {"unresolved_write": True}, Stance.ESCALATE, ReasonCode.TOOL_OUTAGE),
        ("cancela el pedido", {"outage": True}, Stance.ESCALATE, ReasonCode.TOOL_OUTAGE),
        ("cancela el pedido", {"failed_actions": 1}, Stance.OFFER, ReasonCode.TOOL_OUTAGE),
        ("cancela el pedido", {"failed_actions": 2}, Stance.ESCALATE, ReasonCode.TOOL_OUTAGE),
        ("talla M", {"asked_again": 1}, Stance.OFFER, ReasonCode.LOOP),
        ("talla M", {"asked_again": 2}, Stance.ESCALATE, ReasonCode.LOOP),
        ("¿y entonces?", {"exceptions": 1}, Stance.OFFER, ReasonCode.OUT_OF_POLICY_EXCEPTION),
        ("¿y entonces?", {"denials": 2}, Stance.OFFER, ReasonCode.OUT_OF_POLICY_EXCEPTION),
        ("hagan una excepción", {"denials": 1}, Stance.ESCALATE, ReasonCode.OUT_OF_POLICY_EXCEPTION),
        ("llegó roto", {"value": 1.2}, Stance.ESCALATE, ReasonCode.VALUE),
    ],
)
def test_a_circumstance_calls_for_what_the_rules_say(
    decide, text: str, circumstances: dict[str, object], stance: Stance, code: ReasonCode
) -> None:
    decision = decide(text, **circumstances)
    assert (decision.stance, decision.causes[0].code) == (stance, code)


@pytest.mark.parametrize("circumstances", [{}, {"denials": 1}, {"value": 5.0}])
def test_money_or_one_refusal_alone_need_nobody(decide, circumstances: dict[str, object]) -> None:
    assert decide("¿cuándo llega?", **circumstances).stance is Stance.STAY


def test_an_exception_asked_before_any_refusal_is_an_offer(decide) -> None:
    assert decide("¿me hacen una excepción con el plazo?").stance is Stance.OFFER


DECLINED = ("esto es una vergüenza, nadie responde, estoy harto", "Puedo pasarte con una persona, ¿quieres?")


@pytest.mark.parametrize("text", ["no, prefiero seguir contigo", "no gracias", "no quiero hablar con nadie"])
def test_a_shopper_who_declines_stays_with_the_agent(decide, text: str) -> None:
    assert decide(*DECLINED, text).stance is Stance.STAY
    assert decide(*DECLINED, text, "De acuerdo.", "la talla M").stance is Stance.STAY


def test_a_decline_told_by_the_conversation_counts_too(decide) -> None:
    assert decide(*DECLINED, "la talla M", declined=True).stance is Stance.STAY


@pytest.mark.parametrize("text", ["salió humo del cargador", "los voy a demandar", "yo no hice esa compra"])
def test_what_cannot_wait_is_not_declined(decide, text: str) -> None:
    decision = decide(text, "Te paso con una persona, ¿sí?", "no, no quiero hablar con nadie")
    assert decision.stance is Stance.ESCALATE


def test_whoever_declined_may_still_ask(decide) -> None:
    assert decide(*DECLINED, "no gracias", "Ok.", "mejor sí, pásame con alguien").stance is Stance.ESCALATE


@pytest.mark.parametrize("text", ["sí, por favor", "dale", "yes please", "pode ser"])
def test_taking_the_offer_is_a_request(decide, text: str) -> None:
    decision = decide("no me funciona", "Si lo prefieres, te paso con una persona del equipo.", text)
    assert decision.causes[0].code is ReasonCode.HUMAN_REQUEST


def test_a_yes_to_another_question_beside_the_offer_is_no_request(decide) -> None:
    reply = "¿Confirmo el cambio a la talla M? Si lo prefieres, te paso con una persona."
    assert decide("cambia la talla", reply, "sí", offered=True).stance is Stance.STAY


def test_the_same_offer_is_not_made_twice(decide) -> None:
    lines = ("this is ridiculous, where is my order", "It arrives on Friday.", "which Friday?")
    assert decide(lines[0]).stance is Stance.OFFER
    assert decide(*lines, offered=True).stance is Stance.STAY


def test_what_a_person_has_answered_is_settled(policy) -> None:
    lines = [
        Line("shopper", "quiero hablar con una persona"),
        Line("person", "Hola, soy Ana, ya quedó."),
        Line("shopper", "¿y el envío?"),
    ]
    assert policy.decide(lines, Circumstances()).stance is Stance.STAY


def test_an_ended_handoff_settles_the_lines_before_it(decide) -> None:
    lines = ("quiero hablar con una persona", "Tu caso quedó con el equipo.", "¿cuándo llega?")
    assert decide(*lines).stance is Stance.ESCALATE
    assert decide(*lines, settled=2).stance is Stance.STAY


def test_no_lines_need_nobody(policy) -> None:
    assert policy.decide([], Circumstances()).stance is Stance.STAY
