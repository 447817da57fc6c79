import pytest

from agent.understanding.emotion import read_emotion
from agent.understanding.trend import Direction, read_trend

CALM = [
    "hola, dónde está mi pedido?",
    "gracias, todo perfecto",
    "no es un robo, tranqui",
    "está de puta madre, gracias",
]
CALM += [
    "fucking love it, thanks",
    "que idiota soy, puse mal la talla",
    "ficou foda demais, amei",
    "i need help with a return",
]
UPSET = [
    "es una vergüenza, llevo 3 semanas esperando",
    "this is ridiculous, third time I write!!",
    "que absurdo, ninguém responde",
]
UPSET += ["ESTOY HARTA DE USTEDES", "you people are useless", "péssimo atendimento, faz um mês que espero"]


@pytest.mark.parametrize("text", CALM)
def test_calm_and_friendly_messages_are_not_upset(text: str) -> None:
    assert read_emotion(text).frustration < 0.3


@pytest.mark.parametrize("text", UPSET)
def test_upset_messages_show_their_evidence(text: str) -> None:
    emotion = read_emotion(text)
    assert emotion.frustration >= 0.5
    assert emotion.evidence
    assert all(words in text for words in emotion.evidence)


def test_shouting_makes_it_worse() -> None:
    assert read_emotion("ESTOY HARTA DE USTEDES!!!").frustration > read_emotion("estoy harta de ustedes").frustration


@pytest.mark.parametrize(
    ("frustrations", "direction"),
    [
        ((), Direction.STEADY),
        ((0.2,), Direction.STEADY),
        ((0.0, 0.3, 0.7), Direction.RISING),
        ((0.7, 0.1), Direction.FALLING),
        ((0.4, 0.4), Direction.STEADY),
    ],
)
def test_the_trend_follows_the_messages(frustrations: tuple[float, ...], direction: Direction) -> None:
    trend = read_trend(frustrations)
    assert trend.direction is direction
    assert trend.peak == max(frustrations, default=0.0)
