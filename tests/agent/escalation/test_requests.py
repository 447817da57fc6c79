"""A person is always one message away: any phrasing, any of the three languages, any place in a dialogue."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.escalation.policy import RuleEscalation
from agent.escalation.verdict import Circumstances, Line, ReasonCode, Stance

POLICY = RuleEscalation.load()

GRAMMAR = {
    "es": {
        "plain": (
            ("quiero hablar con", "necesito hablar con", "puedo hablar con", "quisiera conversar con", "me pasas con",
             "me pasa con", "pásame con", "páseme con", "me podés pasar con", "me comunica con", "comuníqueme con",
             "transfiéreme con", "poneme con", "que me atienda", "quiero que me atienda", "prefiero hablar con",
             "exijo hablar con", "cómo hago para hablar con", "no me entiendes, pásame con", "quiero", "necesito"),
            ("una persona", "un humano", "un agente", "un asesor", "una asesora", "un representante", "un supervisor",
             "una persona real", "un ejecutivo", "una operadora", "un ser humano", "un agente humano"),
        ),
        "frames": ("¿sería posible que me atendiera {}?",
             "necesito que {} me ayude",
             "me gustaría que {} revise mi caso",
             "¿hay {} disponible?",
             "prefiero {}",
             "derivame a {}",
             "quiero que me llame {}",
             "mejor {}",
             "podrías conectarme con {}",
             "me urge hablar con {}",
             "deseo ser atendida por {}",
             "solo hablo con {}",
             "déjame hablar con {}",
             "dejame hablar con {} por favor",
             "vos no me servís, quiero {}",
             "quiero comunicarme directamente con {}",
             "hablar con {}",
             "con {} por favor",
             "¿no puedo hablar con {}?",
             "¿cómo contacto a {}?",
             "necesito el contacto de {}",
             "busco a {} que resuelva esto",
             "¿me puede atender {}?",
             "puede llamarme {}?",
             "que {} se comunique conmigo",
             "quiero hablar de esto con {}",
             "me cansé, dame {}",
             "{} por favor",
             "me pondrías con {}?",
             "¿se puede hablar con {}?",
             "exijo {}",
             "no quiero hablar con una máquina, quiero {}",
             "¿podría yo hablar un momento con {}?",
             "ya no quiero seguir con el bot, pásame a {}",
             "quisiera la ayuda de {}",
             "necesito platicar con {} sobre mi pedido",
             "hágame el favor de pasarme con {}"),
        "politeness": ("", "por favor", "porfa", "si es tan amable", "gracias"),
        "before": ("", "Hola, ", "Mi pedido no llegó. ", "¿Cuánto tarda el reembolso? ", "Ya entendí, pero ", "Oye, "),
        "after": ("", ". Mi pedido es el 48213", ", es sobre una devolución", ", se los agradezco"),
        "small_talk": ("Hola, ¿dónde está mi pedido?", "¿Tienen talla M?", "Quiero cambiar la dirección", "ok", "sí"),
        "answers": ("Claro, ¿me das el número de pedido?", "Llega el jueves.", "Tu cambio quedó hecho."),
    },
    "en": {
        "plain": (
            ("I want to talk to", "I need to speak with", "can I talk to", "could I speak to", "let me talk to",
             "put me through to", "transfer me to", "connect me with", "get me", "I'd like to chat with", "I want",
             "I need", "give me", "can you pass me to", "how do I reach", "I'd rather talk to", "I demand to speak to"),
            ("a person", "a human", "an agent", "a representative", "a real person", "a supervisor", "your manager",
             "a human being", "a live agent", "a real human", "an actual person"),
        ),
        "frames": ("is there {} available?",
             "can {} help me with this?",
             "I'd prefer {}",
             "have {} call me",
             "any chance of speaking to {}?",
             "how about {} instead",
             "I'd like assistance from {}",
             "I'll only deal with {}",
             "bring in {}",
             "switch me to {}",
             "is it possible to speak to {}",
             "any way to talk to {}?",
             "hand me over to {}",
             "no bot, {}",
             "{} please",
             "please let {} look at my case",
             "I wish to speak with {}",
             "could you get {} on the line",
             "I'm asking for {}",
             "would it be possible to chat with {}?",
             "get {} in here",
             "talk to {}",
             "speak to {}",
             "why can't I talk to {}?",
             "can't I just speak with {}",
             "I don't want a bot, I want {}",
             "you're not helping, I need {}",
             "find me {} who understands",
             "please escalate me to {}",
             "let me speak with {} right now",
             "I want to be transferred to {}",
             "want {} now",
             "who do I ask to speak to {}",
             "I would really like to talk to {} about this"),
        "politeness": ("", "please", "pls", "if you don't mind", "thanks"),
        "before": ("", "Hi, ", "My order is late. ", "How long do refunds take? ", "ok but ", "Look, "),
        "after": ("", ". My order is 48213", ", it's about a return", ", I'd appreciate it"),
        "small_talk": ("Hi, where is my order?", "Do you have it in medium?", "I want to change my address", "ok", "yes"),
        "answers": ("Sure, what's the order number?", "It arrives on Thursday.", "The change is done."),
    },
    "pt": {
        "plain": (
            ("quero falar com", "preciso falar com", "posso falar com", "gostaria de falar com", "me passa para",
             "me transfere para", "me coloca com", "pode me passar para", "prefiro falar com", "exijo falar com",
             "como faço para falar com", "quero ser atendido por", "quero", "preciso de", "dá pra falar com"),
            ("uma pessoa", "um humano", "um atendente", "uma atendente", "um agente", "um supervisor",
             "uma pessoa real", "um representante", "uma pessoa de verdade", "um ser humano"),
        ),
        "frames": ("queria {}",
             "chama {}",
             "tem {} disponível?",
             "pode chamar {}?",
             "me conecta com {}",
             "passa pra {}",
             "quero que {} me atenda",
             "só falo com {}",
             "deixa eu falar com {}",
             "prefiro {}",
             "{} por favor",
             "quero conversar com {}",
             "me encaminha para {}",
             "não dá pra falar com {}?",
             "será que posso falar com {}?",
             "preciso que {} me ajude",
             "como eu falo com {}?",
             "quero contato com {}",
             "pode me ligar {}?",
             "exijo {}",
             "me transfira para {} imediatamente",
             "não quero robô, quero {}",
             "cadê {}?",
             "tem como falar com {}?",
             "quero ser atendida por {}",
             "desejo falar com {}",
             "por que não posso falar com {}?",
             "me põe pra falar com {}",
             "gostaria que {} analisasse meu caso",
             "consigo falar com {}?",
             "vou precisar falar com {}",
             "quero falar sobre isso com {}"),
        "politeness": ("", "por favor", "pfv", "por gentileza", "obrigado"),
        "before": ("", "Oi, ", "Meu pedido não chegou. ", "Quanto demora o estorno? ", "Entendi, mas ", "Olha, "),
        "after": ("", ". Meu pedido é o 48213", ", é sobre uma devolução", ", agradeço"),
        "small_talk": ("Oi, cadê meu pedido?", "Tem tamanho M?", "Quero trocar o endereço", "ok", "sim"),
        "answers": ("Claro, qual o número do pedido?", "Chega na quinta.", "A troca foi feita."),
    },
}  # fmt: skip

TOLERANT = 6
"""Letters from which on a word may have a slip in it and still be read."""


@st.composite
def slips(draw: st.DrawFn, phrase: str) -> str:
    """The phrase with the last long word mistyped, or in capitals, or with a letter held down, or as it is."""
    words = phrase.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= TOLERANT]
    kind = draw(st.sampled_from(("as it is", "capitals", "held down", "swapped", "left out")))
    if kind == "capitals":
        return phrase.upper()
    if kind == "as it is" or not long:
        return phrase
    word = words[long[-1]]
    place = draw(st.integers(1, len(word) - 3))
    if kind == "held down":
        words[long[-1]] = word + 3 * word[-1]
    elif kind == "swapped":
        words[long[-1]] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    else:
        words[long[-1]] = word[:place] + word[place + 1 :]
    return " ".join(words)


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str]:
    """A language and a message that asks for a person."""
    language = draw(st.sampled_from(sorted(GRAMMAR)))
    words = GRAMMAR[language]
    verbs, people = words["plain"]
    person = draw(slips(draw(st.sampled_from(people))))
    polite = draw(st.sampled_from(words["politeness"]))
    frames = [*(f"{verb} {{}}" for verb in verbs), *words["frames"]]
    core = " ".join(part for part in (draw(st.sampled_from(frames)).format(person), polite) if part)
    message = draw(st.sampled_from(words["before"])) + core + draw(st.sampled_from(words["after"]))
    return language, message + draw(st.sampled_from(("", "!", "?", "!!!", ".")))


@st.composite
def dialogues(draw: st.DrawFn) -> list[Line]:
    """A dialogue of up to seven turns that ends in a request for a person."""
    language, message = draw(requests())
    words = GRAMMAR[language]
    lines: list[Line] = []
    for _ in range(draw(st.integers(0, 3))):
        lines.append(Line("shopper", draw(st.sampled_from(words["small_talk"]))))
        lines.append(Line("agent", draw(st.sampled_from(words["answers"]))))
    return [*lines, Line("shopper", message)]


@given(dialogues(), st.builds(Circumstances, declined=st.booleans(), offered=st.booleans(), outage=st.booleans()))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_request_for_a_person_in_any_position_calls_one(lines: list[Line], circumstances: Circumstances) -> None:
    decision = POLICY.decide(lines, circumstances)
    assert decision.stance is Stance.ESCALATE
    causes = [cause for cause in decision.causes if cause.code is ReasonCode.HUMAN_REQUEST]
    assert [cause.line for cause in causes] == [len(lines) - 1]
    assert causes[0].evidence in lines[-1].text


ASKS = (
    "agente", "un humano por favor", "que me atienda alguien", "¿Hay alguien real ahí?", "quiero hablar con tu jefe",
    "pasame con alguien que entienda", "no quiero hablar con un robot", "necesito atención humana", "llámenme por favor",
    "¿no hay un asesor que me pueda ayudar?", "¿por qué no me pasas con una persona?", "SUPERVISOR YA",
    "representative", "get me a real person", "are you a bot? then pass me to someone", "can a human look at this",
    "I refuse to talk to a bot", "is there a person I can talk to", "escalate this please", "speak to a manager",
    "someone from your team needs to call me", "let me talk to your boss",
    "quero falar com gente", "atendente", "tem alguém de verdade aí?", "me passa pro gerente", "chama um humano",
    "não quero falar com robô", "quero atendimento humano", "me coloca com uma pessoa de carne e osso",
)  # fmt: skip

DOES_NOT_ASK = (
    "is the agent DHL?", "el agente de DHL no vino", "I was talking to a person yesterday", "no quiero hablar con nadie",
    "no need for an agent", "mi marido es agente", "customer service hours?", "are you a real person?",
    "¿eres un robot?", "ayer hablé con un asesor", "I spoke with a representative last week", "¿hablo con una persona?",
    "human hair wig in black", "necesito una mesa para seis personas", "the delivery person left it outside",
    "mi jefe quiere la factura", "o entregador falou com a pessoa da portaria", "a gente pode retirar na loja?",
    "falei com um atendente ontem", "minha mãe é gerente de banco", "qual o horário do atendimento?",
    "please don't transfer me to anyone", "no me pases con nadie", "não precisa chamar atendente",
    "the site says \"talk to a human\" but I just want tracking", "la persona que recibe es mi hermana",
    "my password manager won't fill the form", "quiero el agente limpiador de 500 ml",
)  # fmt: skip


@pytest.mark.parametrize("text", ASKS)
def test_a_request_calls_a_person_at_once(text: str) -> None:
    decision = POLICY.decide([Line("shopper", text)], Circumstances())
    assert decision.stance is Stance.ESCALATE
    assert ReasonCode.HUMAN_REQUEST in {cause.code for cause in decision.causes}


@pytest.mark.parametrize("text", DOES_NOT_ASK)
def test_the_same_words_about_something_else_call_nobody(text: str) -> None:
    before = [Line("shopper", "hola"), Line("agent", "¿En qué te ayudo?")]
    assert POLICY.decide([*before, Line("shopper", text)], Circumstances()).stance is Stance.STAY
