import pytest

from agent.understanding.answers import read_answer
from agent.understanding.reading import Answer

YES = ["sí", "SI POR FAVOR", "ok", "dale", "sale", "va", "isso", "pode ser", "beleza", "blz", "go ahead", "yep do it"]
YES += [
    "no tengo nada que objetar, procede",
    "don't see why not",
    "can't complain, confirm it",
    "não tenho nada contra, pode seguir",
    "sí, así está perfecto, muchísimas gracias, feliz tarde",
    "claro que sí, faltaría más",
    "no problem, go ahead",
    "sí, cancélalo",
    "vale, hazlo",
    "👍",
    "ok gracias",
    "uhum tá certo",
    "perfect thanks",
    "pode sim",
]
NO = ["no", "claro que no", "no, gracias", "não, deixa assim", "mejor no", "don't", "yes no wait", "no quiero eso", "ñ"]
NO += [
    "ok, entendí, pero no lo hagas",
    "yes, I understood perfectly, and the answer is no",
    "sim, eu li, mas não quero",
]
NO += ["Sí, hombre, y qué más. Ni hablar", "sure, and i'm the pope. no", "claro, e eu sou a rainha da Inglaterra. não"]
CHANGE = [
    "ok pero a Gorriti 5512",
    "pode, só que muda pra azul",
    "sí pero a otra talla",
    "yes but not the red one",
    "sim, mas em azul",
    "no, mejor la talla M",
]
NEITHER = [
    "sí, ¿y cuánto cuesta?",
    "si llega mañana lo quiero",
    "si no llega cancelo",
    "no me ha llegado",
    "gracias",
    "yeah right",
]
NEITHER += [
    "sí, claro, como no...",
    "sure, sure...",
    "ok pero cuándo llega",
    "no funciona",
    "yes it arrived",
    "hola",
    "eso es todo, gracias",
    "é só isso, obrigado",
    "ok that's all thanks",
    "cancel it",
    "oh great, perfect",
    "claro, claro",
    "oh perfect, just perfect",
    "don't ring the bell",
    "deixa com o porteiro",
    "",
]
NEITHER += [
    "I would say yes but I'll have to ask him",
    "por mim sim, mas tenho que perguntar",
    "espera, espera, que lo miro",
]
NEITHER += [
    "ainda não caiu o estorno",
    "Do NOT leave it on the porch, porch pirates everywhere",
    "não deixa no portão não",
]
NEITHER += ["ok so the app says delivered but i have nothing", "me sale que lo entregaron pero no hay nada"]
NEITHER += ["sí quiero cancelar el pedido 10023", "no problem", "¿sí?", "yes?", "sí, y el otro pedido también"]


@pytest.mark.parametrize("text", YES)
def test_a_message_that_is_all_yes_is_a_yes(text: str) -> None:
    assert read_answer(text) is Answer.YES


@pytest.mark.parametrize("text", YES)
def test_a_complaint_or_a_wish_for_a_person_is_never_a_yes(text: str) -> None:
    assert read_answer(text, troubled=True) is None


@pytest.mark.parametrize("text", NO)
def test_a_refusal_is_a_no(text: str) -> None:
    assert read_answer(text) is Answer.NO


@pytest.mark.parametrize("text", CHANGE)
def test_an_answer_with_a_wish_asks_for_a_new_proposal(text: str) -> None:
    assert read_answer(text) is Answer.CHANGE


@pytest.mark.parametrize("text", NEITHER)
def test_questions_conditions_and_stories_answer_nothing(text: str) -> None:
    assert read_answer(text) is None


YES_WORDS = ["sí", "dale", "ok", "sure", "yes", "go ahead", "sim", "pode fazer", "claro", "confirmo"]
TAKEN_BACK = [
    "?",
    " pero no",
    " but not like that",
    " mas não",
    ". no",
    " cuando llegue el otro",
    " if it is free",
    " ¿cuánto cuesta?",
]


@pytest.mark.parametrize("tail", TAKEN_BACK)
@pytest.mark.parametrize("word", YES_WORDS)
def test_no_yes_survives_a_question_an_objection_or_a_condition(word: str, tail: str) -> None:
    assert read_answer(word + tail) is not Answer.YES
