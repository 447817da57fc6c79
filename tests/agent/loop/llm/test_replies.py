"""What is read in an LLM's reply: its language, what it asks for, what it leaves open."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from agent.loop.leftover import Asks, without_questions
from agent.loop.reply_language import language_of

ASKS = Asks()


@dataclass(frozen=True)
class Asking:
    text: str
    kinds: tuple[str, ...]


ASKING = (
    Asking("¿Me das el número de pedido y el correo con el que compraste?", ("order_number", "email")),
    Asking("Para ayudarte necesito tu número de pedido.", ("order_number",)),
    Asking("Could you share your order number and the email on the order?", ("order_number", "email")),
    Asking("Please send me your order number.", ("order_number",)),
    Asking("Me informe o número do pedido e o e-mail da compra, por favor.", ("order_number", "email")),
    Asking("Dime el código postal de la entrega.", ("postal_code",)),
    Asking("Te mandé un código. Escríbelo aquí.\nEscribe aquí el código: ¿cuál es el código?", ("code",)),
    Asking("I sent you a security code. Please enter the code here.", ("code",)),
    Asking("Te enviei um código. Me diga o código, por favor.", ("code",)),
    Asking("¿Cuál es la nueva dirección?", ("address",)),
    Asking("What is the new address?", ("address",)),
    Asking("Qual é o novo endereço?", ("address",)),
    Asking("¿Qué talla necesitas?", ("size",)),
    Asking("Which size do you need?", ("size",)),
    Asking("¿Cuál es el motivo de la devolución?", ("reason",)),
    Asking("¿Con qué medio quieres pagarlo?", ("payment_method",)),
    Asking("Which card would you like to pay with?", ("payment_method",)),
    Asking("Com qual meio de pagamento você quer pagar?", ("payment_method",)),
    Asking("¿Qué nota le dejo al repartidor?", ("instructions",)),
    Asking("What should the courier know?", ("instructions",)),
    Asking("Qual recado deixo para o entregador?", ("instructions",)),
    Asking("Se pagó con tu tarjeta. ¿Necesitas algo más?", ()),
    Asking("Tu pedido va en camino. ¿Te ayudo con algo más?", ()),
    Asking("Anything else I can help with?", ()),
    Asking("Llega a la dirección de siempre.", ()),
    Asking("Your order number is 10002.", ()),
)


@pytest.mark.parametrize("case", ASKING, ids=lambda case: case.text[:40])
def test_what_a_reply_asks_for(case: Asking) -> None:
    assert ASKS.read(case.text) == case.kinds


@pytest.mark.parametrize(
    ("text", "is_question"),
    [
        ("¿Cuál te gusta?", True), ("Which would suit you?", True), ("Dime cómo lo quieres.", True),
        ("Va en camino. ¿Te ayudo con algo más?", False), ("Is there anything else?", False), ("Posso te ajudar com algo mais?", False),
        ("Va en camino.", False),
    ],
)  # fmt: skip
def test_a_polite_ending_asks_for_nothing(text: str, is_question: bool) -> None:
    assert ASKS.is_question(text) is is_question


SPOKEN = {
    "Tu pedido ya salió del almacén y llega el viernes por la tarde.": "es",
    "Con gusto, reviso tu pedido 10002 y te digo cómo va la entrega.": "es",
    "Seu pedido já saiu do depósito e chega na sexta-feira à tarde.": "pt",
    "Claro! Vou verificar o seu pedido e já te digo como está a entrega.": "pt",
    "Your order has left the warehouse and arrives on Friday afternoon.": "en",
    "I can see that the parcel was delivered yesterday at your door.": "en",
    "您的订单已经发货,预计星期五下午送达。": "other",
    "Ваш заказ уже отправлен и прибудет в пятницу днём.": "other",
    "Votre commande a quitté notre entrepôt et devrait arriver vendredi après-midi chez vous. Souhaitez-vous changer "
    "quelque chose avant cela, ou puis-je vous aider autrement aujourd'hui ?": "other",
    "10002": None,
    "OK!": None,
    "¡Listo!": None,
    "Brisa 7 blanco, Lienzo M, Nudo M marrón": None,
    "": None,
    "😀😀😀": None,
}


@pytest.mark.parametrize(("text", "language"), SPOKEN.items(), ids=[text[:30] for text in SPOKEN])
def test_the_language_of_a_reply(text: str, language: str | None) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Claro. ¿Sigo?", "Claro."),
        ("Son 49.90 € en total. ¿Confirmas?", "Son 49.90 € en total."),
        ("¿Sigo?", ""),
        ("Hola.\n¿Va bien?\nPerfecto.", "Hola.\n\nPerfecto."),
        ("Sin preguntas", "Sin preguntas"),
    ],
)
def test_questions_are_taken_out_and_nothing_else(text: str, left: str) -> None:
    assert without_questions(text) == left


def test_no_sentence_of_the_shop_s_own_is_taken_for_another_language(every_sentence) -> None:
    wrong = [
        (key, language, found)
        for key, language, text in every_sentence
        if (found := language_of(text)) not in (None, language)
    ]
    assert wrong == []
