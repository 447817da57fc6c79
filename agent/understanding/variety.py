"""More examples from the examples: misspelt, with talk around them, with reasons, and several in one message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final

from agent.understanding.examples import Example, Surroundings
from agent.understanding.noise import misspell
from agent.understanding.reading import Intent

_STANDS_ALONE: Final = frozenset(
    {Intent.GREETING, Intent.THANKS_BYE, Intent.AFFIRM, Intent.DENY, Intent.INFORM, Intent.OUT_OF_SCOPE}
)
_MOST: Final = 3
_JOINTS: Final[Mapping[str, tuple[str, ...]]] = {
    "es": (
        ". ",
        ", y ",
        " y también ",
        ". además ",
        ", ",
        ". ah y ",
        " y de paso ",
        "; ",
        ". otra cosa: ",
        "\n",
        " y ",
    ),
    "en": (
        ". ",
        ", and ",
        " and also ",
        ". also, ",
        ", ",
        ". oh and ",
        " plus ",
        "; ",
        ". another thing: ",
        "\n",
        " and ",
    ),
    "pt": (
        ". ",
        ", e ",
        " e também ",
        ". além disso ",
        ", ",
        ". ah e ",
        " e aproveitando ",
        "; ",
        ". outra coisa: ",
        "\n",
        " e ",
    ),
}


def misspelt(examples: Sequence[Example]) -> list[Example]:
    """A copy of every other example with slips of the thumb, where there are any."""
    found: list[Example] = []
    for example in examples[::2]:
        text = misspell(example.text, Random(example.text))
        if text != example.text:
            found.append(_with(example, text))
    return found


def estranged(examples: Sequence[Example]) -> list[Example]:
    """A copy of every third example in which three words in ten are ones that nobody knows.

    What a message scores falls with each word that training has not seen; the judge has to have met that.
    """
    found: list[Example] = []
    for example in examples[::3]:
        random = Random("estranged " + example.text)
        words = [_unheard(random) if len(word) > 3 and random.random() < 0.3 else word for word in example.text.split()]
        found.append(_with(example, " ".join(words)))
    return found


def _unheard(random: Random) -> str:
    return "".join(random.choice("bcdfgklmnprstv") + random.choice("aeiou") for _ in range(random.choice((2, 3))))


def surrounded(examples: Sequence[Example], around: Mapping[str, Surroundings]) -> list[Example]:
    """Every third request once more, with what people say before it, after it or both."""
    found: list[Example] = []
    for example in _requests(examples):
        random = Random("around " + example.text)
        before, after = around[example.language].before, around[example.language].after
        if not before or not after or random.random() > 0.4:
            continue
        way = random.randrange(4)
        text = example.text if way == 3 else f"{random.choice(before)} {example.text}"
        if way in (2, 3):
            text += random.choice((" ", ", ", ". ")) + random.choice(after)
        found.append(_with(example, text))
    return found


def joined(examples: Sequence[Example]) -> list[Example]:
    """Two requests of one language and different intents in one message, about one for every four examples."""
    found: list[Example] = []
    for language in sorted(_JOINTS):
        single = [each for each in _requests(examples) if each.language == language and len(each.intents) == 1]
        random = Random(f"joined {language} {len(single)}")
        for first in single:
            second = random.choice(single)
            if random.random() < 0.25 and first.intents != second.intents:
                text = first.text.rstrip(" .,") + random.choice(_JOINTS[language]) + second.text
                found.append(Example(text, language, (*first.intents, *second.intents), first.source))
    return found


def continued(examples: Sequence[Example], around: Mapping[str, Surroundings]) -> list[Example]:
    """Two requests of five once more with a second wish hung on to them, and one of those in six with a third."""
    found: list[Example] = []
    for example in _requests(examples):
        random = Random("continued " + example.text)
        seconds = around[example.language].seconds
        if not seconds or random.random() > 0.4:
            continue
        text, intents = example.text, example.intents
        for _ in range(2 if random.random() < 1 / 6 else 1):
            intent, half = random.choice(seconds)
            if intent not in intents and len(intents) < _MOST:
                text, intents = _hung_on(text, half, random), (*intents, intent)
        if intents != example.intents:
            found.append(Example(text, example.language, intents, example.source))
    return found


def reasoned(examples: Sequence[Example], around: Mapping[str, Surroundings]) -> list[Example]:
    """Two requests of five once more with why they are made, before or after: a reason is no wish of its own."""
    found: list[Example] = []
    for example in _requests(examples):
        random = Random("reasoned " + example.text)
        reasons = [text for intent, text in around[example.language].reasons if intent in example.intents]
        if not reasons or random.random() > 0.4:
            continue
        reason = random.choice(reasons)
        first = random.random() < 0.5
        text = _hung_on(reason, example.text, random) if first else _hung_on(example.text, reason, random)
        found.append(_with(example, text))
    return found


def _hung_on(first: str, second: str, random: Random) -> str:
    """One after the other as people type it: with a stop, a comma, a new line or nothing at all between them."""
    joint = random.choice((". ", ", ", ", ", " ", " ", "\n"))
    return first + " " + second if first[-1] in "?!" else first.rstrip(" .,") + joint + second


def _requests(examples: Sequence[Example]) -> list[Example]:
    return [example for example in examples if not _STANDS_ALONE & set(example.intents)]


def _with(example: Example, text: str) -> Example:
    return Example(text, example.language, example.intents, example.source)
