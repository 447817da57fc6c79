"""Safety, legal threats, fraud, vulnerability, privacy: heard in any language, and not in look-alikes."""

from __future__ import annotations

import pytest

from agent.escalation.verdict import ReasonCode, Stance

HEARD = (
    (ReasonCode.SAFETY, "el cargador echó humo al enchufarlo"),
    (ReasonCode.SAFETY, "mi hijo se tragó una pieza del juguete"),
    (ReasonCode.SAFETY, "me salieron ronchas con la crema"),
    (ReasonCode.SAFETY, "the battery swelled up and is hissing"),
    (ReasonCode.SAFETY, "the ladder snapped while I was on it and I broke my wrist"),
    (ReasonCode.SAFETY, "found glass in the baby food"),
    (ReasonCode.SAFETY, "levei um choque na chapinha"),
    (ReasonCode.SAFETY, "minha filha engoliu a pilha"),
    (ReasonCode.LEGAL, "voy a denunciarlos en Profeco"),
    (ReasonCode.LEGAL, "mi abogado se pondrá en contacto"),
    (ReasonCode.LEGAL, "I'm going to file a chargeback"),
    (ReasonCode.LEGAL, "see you in small claims court"),
    (ReasonCode.LEGAL, "vou abrir reclamação no Procon"),
    (ReasonCode.LEGAL, "vou processar vocês"),
    (ReasonCode.FRAUD, "yo no hice esa compra"),
    (ReasonCode.FRAUD, "hackearon mi cuenta"),
    (ReasonCode.FRAUD, "there's a charge I don't recognize"),
    (ReasonCode.FRAUD, "someone changed the email on my account, it wasn't me"),
    (ReasonCode.FRAUD, "não reconheço essa compra"),
    (ReasonCode.FRAUD, "clonaram meu cartão"),
    (ReasonCode.VULNERABLE, "mi mamá falleció y quiero cancelar su pedido"),
    (ReasonCode.VULNERABLE, "I don't want to live anymore"),
    (ReasonCode.VULNERABLE, "minha mãe está internada e precisa do remédio"),
    (ReasonCode.DATA_PRIVACY, "quiero que eliminen todos mis datos"),
    (ReasonCode.DATA_PRIVACY, "I can see another customer's address in my account"),
    (ReasonCode.DATA_PRIVACY, "com base na LGPD, apaguem meus dados"),
)

LOOK_ALIKES = (
    "¿la crema puede dar alergia?",
    "¿la plancha se sobrecalienta?",
    "me explotó la cabeza con lo bonito que es",
    "se reventó la bolsa pero el producto está bien",
    "does the heater get hot?",
    "this jacket is fire",
    "burnt orange or red, which one ships first?",
    "o plástico bolha veio rasgado",
    "hay mucha demanda de ese modelo",
    "entreguen en el juzgado, trabajo ahí",
    "can you deliver to the courthouse, I work there",
    "a tennis court skirt",
    "é presente pro meu advogado",
    "me cobraron dos veces",
    "I didn't order this, I ordered the blue one",
    "não comprei isso, comprei o azul",
    "my old phone died",
    "se murió la batería",
    "I work at the hospital, please deliver there",
    "the dress is for my pregnant sister, size M?",
    "quiero actualizar mis datos de envío",
    "please unsubscribe me from the newsletter",
)


@pytest.mark.parametrize(("code", "text"), HEARD)
def test_a_grave_reason_is_heard_with_its_words(decide, code: ReasonCode, text: str) -> None:
    decision = decide(text)
    assert decision.stance is Stance.ESCALATE
    evidence = {cause.code: cause.evidence for cause in decision.causes}
    assert evidence[code]
    assert evidence[code] in text


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_a_look_alike_calls_nobody(decide, text: str) -> None:
    assert decide(text).stance is not Stance.ESCALATE


def test_a_hazard_outranks_the_request_for_a_person(decide) -> None:
    decision = decide("the charger is smoking, get me a person")
    assert [cause.code for cause in decision.causes][:1] == [ReasonCode.SAFETY]
    assert ReasonCode.HUMAN_REQUEST in {cause.code for cause in decision.causes}
    assert (decision.queue, decision.priority) == ("safety", 1)


def test_a_hazard_stays_until_a_person_has_seen_to_it(decide) -> None:
    assert decide("salió humo del cargador", "¿Qué modelo es?", "el de viaje").stance is Stance.ESCALATE


def test_a_typed_card_is_offered_a_person_and_never_quoted(decide) -> None:
    decision = decide("mi tarjeta es 4111 1111 1111 1111")
    assert decision.stance is Stance.OFFER
    assert decision.causes[0].code is ReasonCode.DATA_PRIVACY
    assert "4111" not in decision.causes[0].evidence


def test_digits_that_are_no_card_are_none(decide) -> None:
    assert decide("o código é 4111 1111 1111 1112").stance is Stance.STAY
