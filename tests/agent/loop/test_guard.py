"""What a reply says is held against what is so: what has no ground is found, what has it passes, in three languages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import pytest

from agent.loop.guard.check import ReplyGuard
from agent.loop.guard.evidence import Evidence

GUARD = ReplyGuard()
TODAY = date(2026, 11, 20)

TRACK = json.dumps(
    {
        "number": "10002",
        "status": "shipped",
        "parcels": [{"tracking_number": "CLB047507377MX", "eta": "2026-11-24T20:00:00-06:00", "situation": "on_time"}],
    },
    separators=(",", ":"),
)
ORDER = json.dumps(
    {
        "number": "10001",
        "status": "delivered",
        "placed_at": "2026-11-11T20:14:00-06:00",
        "total": {"amount": "1499.00", "currency": "MXN"},
        "shipping_cost": {"amount": "0.00", "currency": "MXN"},
        "paid_with": {"kind": "card", "last4": "4417"},
    },
    separators=(",", ":"),
)
BRAZIL = json.dumps({"number": "10009", "status": "cancelled", "total": {"amount": "1349.90", "currency": "BRL"}})
RULES = "Tienes 30 días para devolver. El envío cuesta $99.00 MXN y es gratis desde $999.00 MXN. Hoy hay 10 % menos."
SAID = "mi correo es ana@example.com y mi pedido es el #W77812; lo pedí el 3 de octubre"
KNOWN = (TRACK, ORDER, BRAZIL, RULES, SAID, TODAY.isoformat())


@dataclass(frozen=True)
class Reply:
    text: str
    handoff: bool = False
    executed: tuple[str, ...] = ()

    def unsupported(self) -> tuple[str, ...]:
        known = Evidence.of(KNOWN, handoff=self.handoff, executed=self.executed, today=TODAY)
        return GUARD.unsupported(self.text, known)


MOVED, CANCELLED = ("change_address",), ("cancel_order",)

SOUND = (
    # figures that a tool gave, in the forms of the place
    Reply("Tu pedido 10002 llega el martes 24 de noviembre con la guía CLB047507377MX."),
    Reply("Your order 10002 arrives on Tuesday, November 24. The tracking number is CLB047507377MX."),
    Reply("Seu pedido 10002 chega na terça-feira, 24 de novembro, rastreio CLB047507377MX."),
    Reply("Pagaste $1,499.00 MXN con la tarjeta terminada en 4417."),
    Reply("You paid 1,499 MXN with the card ending in 4417."),
    Reply("O total foi R$ 1.349,90."),
    Reply("O total foi de 1349,90 reais."),
    Reply("Llega el 24/11/2026."),
    Reply("It should be there by Nov 24th."),
    Reply("Lo pediste el 11-11-2026."),
    Reply("El pedido #W77812 del que hablas no me aparece."),
    Reply("El envío cuesta 99 pesos y es gratis desde $999."),
    Reply("Hoy tienes un 10% menos, 100 % seguro."),
    Reply("Paquete 1/2, atención 24/7, 2 out of 3 items."),
    Reply("Tienes 30 días para devolverlo."),
    # state that a tool showed
    Reply("Tu pedido 10001 ya fue entregado."),
    Reply("Your order 10001 was delivered."),
    Reply("Seu pedido 10009 está cancelado."),
    Reply("O pedido 10001 consta como entregue."),
    # offers, questions and conditions claim nothing
    Reply("Si lo prefieres, te paso con una persona del equipo: solo dímelo."),
    Reply("¿Te paso con una persona?"),
    Reply("If you like, I'll connect you to a colleague."),
    Reply("Shall I cancel your order?"),
    Reply("Se quiser, passo você para uma pessoa da equipe."),
    Reply("Cuando me confirmes, cambio tu dirección."),
    Reply("Once you confirm, I'll cancel the order."),
    Reply("Puedo cancelar tu pedido o cambiar la dirección. ¿Qué prefieres?"),
    Reply("¿Quieres que cancele tu pedido?"),
    Reply("¿Confirmas que cambie la dirección?"),
    Reply("Escribe «persona» y te paso con alguien del equipo."),
    Reply("Gracias por contarnos, se lo paso al equipo."),
    Reply("Thanks for telling us, I'll pass it on to the team."),
    Reply("Te paso la guía: CLB047507377MX."),
    Reply("No he cambiado nada."),
    Reply("I have not cancelled anything yet."),
    Reply("Ainda não cancelei nada."),
    # what was really done
    Reply("Te paso con una persona del equipo.", handoff=True),
    Reply("I've passed you to a colleague; someone will write to you here.", handoff=True),
    Reply("Já transferi você para um atendente.", handoff=True),
    Reply("Listo: cambié la dirección de tu pedido.", executed=MOVED),
    Reply("Done! I've updated your address.", executed=MOVED),
    Reply("Pronto! Alterei o endereço do seu pedido.", executed=MOVED),
    Reply("Ya cancelé tu pedido.", executed=CANCELLED),
)

PLANTED = (
    # order numbers and codes
    Reply("Tu pedido 10005 va en camino."),
    Reply("Your order #1044 is on its way."),
    Reply("Seu pedido número 99 812 está a caminho, rastreio BR123456789BR."),
    Reply("La guía es CLB047507378MX."),
    Reply("Pagaste con la tarjeta terminada en 9999."),
    Reply("The RMA is RMA-55512."),
    # amounts
    Reply("Te devolvemos $1,500.00 MXN."),
    Reply("O valor é R$ 1.349,99."),
    Reply("It costs 12 dollars."),
    Reply("Son 89,90 €."),
    Reply("Te cuesta 250 pesos."),
    Reply("Te hago un 25 % de descuento."),
    Reply("You get 20 percent off."),
    # days
    Reply("Llega el 25 de noviembre."),
    Reply("It arrives on December 1st."),
    Reply("Chega dia 25/11."),
    Reply("Llega mañana."),
    Reply("It will be there tomorrow."),
    Reply("Fue entregado ayer, dice la mensajería."),
    # a person who was not called
    Reply("Ya te pasé con una persona."),
    Reply("Te paso con un agente ahora mismo."),
    Reply("Te estoy transfiriendo con un asesor."),
    Reply("En un momento una persona te va a atender."),
    Reply("I've transferred you to a human agent."),
    Reply("I'm connecting you with a colleague now."),
    Reply("Someone from our team will contact you shortly."),
    Reply("An agent will be with you soon."),
    Reply("Your case has been escalated."),
    Reply("Já encaminhei seu caso para a equipe."),
    Reply("Vou te transferir para um atendente."),
    Reply("Um atendente vai te responder em breve."),
    Reply("Te paso con una persona, ¿algo más?"),
    # acts that were not done
    Reply("Listo, tu dirección quedó actualizada."),
    Reply("Listo: ya está."),
    Reply("He cambiado tu dirección."),
    Reply("Acabo de registrar tu devolución."),
    Reply("Ya cancelé tu pedido, ¿algo más?"),
    Reply("I'm cancelling your order now, let me know if you need anything else."),
    Reply("Estoy cancelando tu pedido, dime si necesitas algo más."),
    Reply("Ya cancelé tu pedido.", executed=MOVED),
    Reply("I've just refunded your order."),
    Reply("I have cancelled your order, anything else?", executed=MOVED),
    Reply("I'm cancelling your order now."),
    Reply("Your refund has been processed."),
    Reply("Your delivery has been rescheduled."),
    Reply("All set! The change is in."),
    Reply("Cancelei o seu pedido."),
    Reply("Seu reembolso foi processado."),
    Reply("Troquei o seu produto."),
    Reply("Reembolsei seu pedido.", executed=MOVED),
    Reply("Procesé tu reembolso."),
    # the state of things that no tool showed
    Reply("Tu paquete se perdió."),
    Reply("Your parcel is lost."),
    Reply("I can see that your package was declared lost."),
    Reply("Seu pacote foi extraviado."),
)


@pytest.mark.parametrize("reply", SOUND, ids=lambda reply: reply.text[:60])
def test_a_sound_reply_passes(reply: Reply) -> None:
    assert reply.unsupported() == ()


@pytest.mark.parametrize("reply", PLANTED, ids=lambda reply: reply.text[:60])
def test_what_has_no_ground_is_found(reply: Reply) -> None:
    assert reply.unsupported() != ()


def test_nothing_is_known_at_first() -> None:
    nothing = Evidence.of([], handoff=False)
    assert GUARD.unsupported("Tu pedido 10002 ya fue entregado el 24 de noviembre.", nothing) == (
        "day 11-24",
        "code 10002",
        "claims delivered: pedido 10002 ya fue entregado",
    )


def test_what_was_delivered_once_is_not_what_was_cancelled() -> None:
    shown = Evidence.of(['{"status":"delivered"}'], handoff=False)
    assert GUARD.unsupported("Tu pedido está cancelado.", shown) != ()
    assert GUARD.unsupported("Tu pedido fue entregado.", shown) == ()


@pytest.mark.parametrize(
    "text", ["ABC123" + "a" * 5_000 + "ñ", "1" * 5_000, "$" * 5_000, "1.000" * 2_000, "a-1" * 3_000]
)
def test_no_text_keeps_the_guard_busy(text: str) -> None:
    """Fails by its time: nested repetition would take longer than the age of the shop."""
    GUARD.unsupported(text, Evidence.of([text], handoff=False))


ARTICLES = (
    "Sí, a los 12 meses de haberlos ganado. Los más viejos se usan primero, y **te llamamos** antes de que se pierdan.",
    "When they are about to expire, we'll notify you by e-mail. Keep the box.",
    "Recém-criado, o código demora. Se mudar, muda lá também e avisamos você.",
    "- **En reparto**: salió a reparto y está con el repartidor.\nCancelamos la anterior y emitimos otra.",
)
HELD_OUT = (
    "Los más viejos se usan primero, y te llamamos antes de que se pierdan.",
    "When they are about to expire, we'll notify you by e-mail.",
    "Se mudar, muda lá também e avisamos você.",
)
NOT_HELD_OUT = (
    ("te llamamos antes de que se pierdan.", "half a sentence"),
    ("We'll notify you by e-mail.", "without its condition"),
    ("Te avisamos cuando llegue tu pedido.", "in no article"),
    ("En reparto: salió a reparto y está con el repartidor.", "the state of things, not a promise"),
    ("Cancelamos la anterior y emitimos otra.", "an act, not a promise"),
)


@pytest.mark.parametrize("text", HELD_OUT)
def test_what_an_article_promises_everybody_may_be_said_in_its_words(text: str) -> None:
    assert GUARD.unsupported(text, Evidence.of(ARTICLES, handoff=False)), "without the article it is a promise of ours"
    assert GUARD.unsupported(text, Evidence.of(ARTICLES, handoff=False, articles=ARTICLES)) == ()


@pytest.mark.parametrize(("text", "why"), NOT_HELD_OUT, ids=[why for _, why in NOT_HELD_OUT])
def test_anything_else_is_not_borne_out_by_an_article(text: str, why: str) -> None:
    assert GUARD.unsupported(text, Evidence.of(ARTICLES, handoff=False, articles=ARTICLES)), why
