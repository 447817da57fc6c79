"""The trajectory decides: slow burns, calm-downs, circles, and strong words about something else."""

from __future__ import annotations

import pytest

from agent.escalation.verdict import Circumstances, Line, ReasonCode, Stance

SORRY = "Lamento la demora."


def test_a_slow_burn_without_a_hot_line_calls_a_person(decide) -> None:
    lines = ["¿Y mi pedido?", "Llega mañana.", "Sigo esperando", SORRY, "Me dijeron mañana hace tres días", SORRY]
    assert decide(*lines[:1]).stance is Stance.STAY
    decision = decide(*lines, "Perdí otro día de trabajo esperando")
    assert decision.stance is Stance.ESCALATE
    assert ReasonCode.FRUSTRATION in {cause.code for cause in decision.causes}


@pytest.mark.parametrize(
    "text", ["esto es una vergüenza, ¿dónde está mi pedido?", "this is ridiculous, where is my order"]
)
def test_one_hot_line_is_offered_a_person(decide, text: str) -> None:
    assert decide(text).stance is Stance.OFFER


def test_a_second_hot_line_calls_a_person(decide) -> None:
    decision = decide("this is ridiculous, where is my order", "I'm sorry.", "you people are useless")
    assert decision.stance is Stance.ESCALATE


def test_a_calm_down_lowers_the_pressure(decide) -> None:
    start = ("this is ridiculous, where is my order", "It was delivered to your porch.")
    assert decide(*start, "oh, found it, sorry for snapping, thanks").stance is Stance.STAY


@pytest.mark.parametrize(
    "text",
    [
        "fucking love these boots",
        "holy shit that was fast",
        "my ex is the worst, I need a new blender",
        "está bien chingona la mochila",
        "qué asco de clima, ¿el repartidor viene igual?",
        "caralho que lindo, chegou rápido demais",
        "o juiz é um ladrão kkk, a camisa chega quando?",
    ],
)
def test_strong_words_meant_well_or_about_something_else_stay(decide, text: str) -> None:
    assert decide(text).stance is Stance.STAY


def test_capitals_by_habit_weigh_nothing(decide) -> None:
    assert decide("BUEN DIA", "Buen día.", "QUIERO SABER SI YA SALIO MI PEDIDO", "Sí.", "GRACIAS").stance is Stance.STAY


def test_the_agent_asking_again_is_a_circle(decide) -> None:
    lines = ("no puedo entrar", "¿Cuál es tu correo?", "ana@correo.example", "¿Cuál es tu correo?")
    assert decide(*lines, "ya te lo di").stance is Stance.ESCALATE


def test_asking_again_for_an_excused_reason_is_no_circle(decide) -> None:
    lines = ("when does it arrive?", "On Thursday.", "sorry, my app crashed, when does it arrive?", "On Thursday.")
    assert decide(*lines, "got it").stance is Stance.STAY


def test_one_turn_of_a_circle_is_an_offer(decide) -> None:
    assert decide("my code is AB12", "What is your code?", "I already told you").stance is Stance.OFFER


def test_the_reader_adds_heat_that_the_words_here_miss(policy, reading) -> None:
    lines = [Line("shopper", "zzz"), Line("agent", "ok"), Line("shopper", "zzz")]
    assert policy.decide(lines, Circumstances()).stance is Stance.STAY
    upset = [Line(line.who, line.text, reading(line.text, 0.95) if line.who == "shopper" else None) for line in lines]
    assert policy.decide(upset, Circumstances()).stance is Stance.OFFER
