from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.understanding.lines import read_lines
from agent.understanding.reader import Reader
from agent.understanding.reading import Answer, Intent, Reading

PERSON = ["quiero hablar con alguien", "pásame con una persona", "ponme con un humano", "agente", "real person pls"]
PERSON += ["falar com atendente", "no quiero hablar con un robot", "get me your supervisor", "me passa pra um humano"]
PERSON += ["kiero ablar con alguien", "QUIERO UNA PERSONA YA", "can I talk to someone?", "yes please talk to a human"]
NOT_PERSON = ["is the delivery agent DHL?", "se lo dejaron a otra persona", "are you a robot or a person?"]
PERSON += ["alguien con pulso por favor", "será que dá pra ser atendida por gente?", "si no puedes, llama a un humano"]
PERSON += ["ya hablé con una persona ayer y nada, quiero hablar con un supervisor", "call me, this is too long to type"]
NOT_PERSON += ["hablé con una persona ayer y me dio un número", "no need for a person, leave it", "hay alguien?"]
NOT_PERSON += ["¿están contratando agentes? mando mi cv", "já tem uma pessoa cuidando disso, o protocolo tá aberto"]
NOT_PERSON += ["the doorbell i bought makes no sound when a person rings", "mi agente de viajes dice que llega mañana"]
NOT_PERSON += ["puede recibirlo otra persona", "mañana no hay nadie en casa", "nadie me abrió"]

INTENTS = [
    ("¿dónde está mi pedido?", (Intent.ORDER_STATUS,)),
    ("cadê minha encomenda", (Intent.ORDER_STATUS,)),
    ("i want to return the shoes", (Intent.RETURN_ITEM,)),
    ("cancel order 10023 please", (Intent.CANCEL_ORDER,)),
    ("preciso da nota fiscal", (Intent.INVOICE,)),
    ("olvidé mi contraseña", (Intent.ACCOUNT_HELP,)),
    ("hola", (Intent.GREETING,)),
    ("cuéntame un chiste", (Intent.OUT_OF_SCOPE,)),
    ("dónde está mi pedido y mándenme la factura", (Intent.ORDER_STATUS, Intent.INVOICE)),
    ("la batidora viene rajada, quiero que me la cambien por otra", (Intent.ITEM_PROBLEM, Intent.EXCHANGE_ITEM)),
    ("o fone não liga, vou devolver", (Intent.ITEM_PROBLEM, Intent.RETURN_ITEM)),
    ("it's too small, i want to return it", (Intent.RETURN_ITEM,)),
    ("déjenlo con el portero. ¿y a qué hora llega?", (Intent.DELIVERY_INSTRUCTIONS, Intent.ORDER_STATUS)),
    ("10023", (Intent.INFORM,)),
    ("mi correo es ana@example.com", (Intent.INFORM,)),
    ("no, a esa no: calle Mayor 3", (Intent.DENY, Intent.CHANGE_ADDRESS)),
    ("yes but send it to 40 Aldwych Terrace", (Intent.AFFIRM, Intent.CHANGE_ADDRESS)),
    ("agreguen 1 mantel y manden todo a Calle Nogal 15", (Intent.CHANGE_ITEMS, Intent.CHANGE_ADDRESS)),
    ("sim, perfeito, obrigada, tchau", (Intent.AFFIRM, Intent.THANKS_BYE)),
    ("where is my order? also send me the invoice", (Intent.ORDER_STATUS, Intent.INVOICE)),
]


@pytest.mark.parametrize("text", PERSON)
def test_a_wish_for_a_person_is_never_missed(text: str, read: Callable[..., Reading]) -> None:
    reading = read(text)
    assert reading.has(Intent.HUMAN_AGENT)
    assert reading.answer is not Answer.YES


@pytest.mark.parametrize("text", NOT_PERSON)
def test_other_people_are_not_a_wish_for_a_person(text: str, read: Callable[..., Reading]) -> None:
    assert not read(text).has(Intent.HUMAN_AGENT)


@pytest.mark.parametrize(("text", "intents"), INTENTS)
def test_intents_are_read_in_the_order_said(
    text: str, intents: tuple[Intent, ...], read: Callable[..., Reading]
) -> None:
    assert tuple(intent.name for intent in read(text).intents) == intents


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("quiero devolver esta camisa azul", "es"),
        ("i want to return this blue shirt", "en"),
        ("quero devolver essa camisa azul", "pt"),
    ],
)
def test_the_language_of_a_sentence_is_sure(text: str, language: str, read: Callable[..., Reading]) -> None:
    reading = read(text, language="en")
    assert (reading.language, reading.language_sure) == (language, True)


@pytest.mark.parametrize("text", ["10023", "ok", "M", "👍", ""])
def test_what_is_too_short_keeps_the_language_of_the_conversation(text: str, read: Callable[..., Reading]) -> None:
    reading = read(text, language="pt")
    assert (reading.language, reading.language_sure) == ("pt", False)


@pytest.mark.parametrize("text", ["a" * 5000, "¿?¡!...", "\n\n", "🙂" * 50, "1 " * 500, "<b>&amp;</b>", "ünïcödé ﬁ Ⅳ"])
def test_odd_input_is_read_without_an_error(text: str, read: Callable[..., Reading]) -> None:
    assert read(text).text == text


def test_three_intents_at_most(read: Callable[..., Reading]) -> None:
    text = "where is my order, cancel the other, send the invoice, change my address, and i forgot my password"
    assert len(read(text).intents) <= 3


def test_lines_become_rows_of_json(model_path: Path) -> None:
    rows = read_lines(
        ['{"id": "1", "text": "sí, por favor"}\n'],
        Reader.load(model_path),
        now=datetime(2026, 3, 10, tzinfo=UTC),
        zone=ZoneInfo("UTC"),
    )
    row = next(iter(rows))
    assert row["id"] == "1"
    assert row["language"] == "es"
    assert row["answer"] == "yes"
    assert row["intents"] == [{"name": "affirm", "score": 0.99}]


@pytest.mark.parametrize(
    ("line", "name"),
    [("{broken", None), ("[1, 2]", None), ('{"id": 7}', 7), ('{"id": "x", "text": null}', "x"), ("12", None)],
)
def test_a_line_that_is_no_message_becomes_a_row_that_says_so(line: str, name: object, model_path: Path) -> None:
    zone = ZoneInfo("UTC")
    rows = list(
        read_lines(
            [line, "", '{"text": "hola"}'], Reader.load(model_path), now=datetime(2026, 3, 10, tzinfo=UTC), zone=zone
        )
    )
    assert rows[0]["id"] == name
    assert rows[0]["error"]
    assert [intent["name"] for intent in rows[1]["intents"]] == ["greeting"]
