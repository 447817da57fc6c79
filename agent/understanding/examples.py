"""The training examples: files of sentences that a shop can extend, with alternatives and slots spelled out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import yaml
from pydantic import BaseModel, ConfigDict, Field

from agent.understanding.model import LANGUAGES
from agent.understanding.reading import Intent

_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_SLOT = re.compile(r"\{(\w+)\}")
_MOST_VARIANTS = 6


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence with what it wants, several intents in the order said; ``source`` is the line it was made from."""

    text: str
    language: str
    intents: tuple[Intent, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What goes with a request: what comes before it and after it and asks for nothing; second wishes; why it is wanted."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    seconds: tuple[tuple[Intent, str], ...] = ()
    reasons: tuple[tuple[Intent, str], ...] = ()


class ExampleFile(BaseModel):
    """``examples/<language>/<name>.yaml``.

    ``examples`` are sentences of ``intent``; ``mixed`` maps "first + second" to sentences that carry both. In a
    sentence ``(a|b|)`` is a choice and ``{product}`` is filled from ``slots.yaml``. ``before`` and ``after`` are
    sentences that people put around a request and that ask for nothing. ``seconds`` are wishes as they are hung on to
    another one, ``reasons`` why something is wanted, which is no wish of its own; both by intent.
    """

    model_config = ConfigDict(extra="forbid")

    intent: Intent | None = None
    examples: list[str] = Field(default_factory=list)
    mixed: dict[str, list[str]] = Field(default_factory=dict)
    before: list[str] = Field(default_factory=list)
    after: list[str] = Field(default_factory=list)
    seconds: dict[Intent, list[str]] = Field(default_factory=dict)
    reasons: dict[Intent, list[str]] = Field(default_factory=dict)


def example_paths(folder: Path) -> list[Path]:
    """Every file that training reads, in a stable order."""
    return sorted(path for language in LANGUAGES for path in (folder / language).glob("*.yaml"))


def load_examples(folder: Path) -> tuple[Example, ...]:
    """Read and spell out every sentence of every language, the same ones in the same order each time.

    Raises:
        ValueError: A file has unknown keys, an unknown intent or an unknown slot.

    """
    found: list[Example] = []
    for language, slots, content in _files(folder):
        for sentence, intents in _sentences(content):
            random = Random(sentence)
            found += [Example(text, language, intents, sentence) for text in spell_out(sentence, slots, random)]
    return tuple(found)


def load_surroundings(folder: Path) -> Mapping[str, Surroundings]:
    """What people say around a request and beside it, by language.

    Raises:
        ValueError: As ``load_examples``.

    """
    found = {language: Surroundings() for language in LANGUAGES}
    for language, slots, content in _files(folder):
        known = found[language]
        found[language] = Surroundings(
            known.before + _spelled(content.before, slots),
            known.after + _spelled(content.after, slots),
            known.seconds + _by_intent(content.seconds, slots),
            known.reasons + _by_intent(content.reasons, slots),
        )
    return found


def _spelled(lines: Sequence[str], slots: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return tuple(text for line in lines for text in spell_out(line, slots, Random(line)))


def _by_intent(
    lines: Mapping[Intent, Sequence[str]], slots: Mapping[str, Sequence[str]]
) -> tuple[tuple[Intent, str], ...]:
    return tuple((intent, text) for intent, said in lines.items() for text in _spelled(said, slots))


def _files(folder: Path) -> Iterator[tuple[str, Mapping[str, Sequence[str]], ExampleFile]]:
    for path in example_paths(folder):
        if path.name != "slots.yaml":
            content = ExampleFile.model_validate(yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader))
            yield path.parent.name, _slots(path.parent / "slots.yaml"), content


def _sentences(content: ExampleFile) -> Iterator[tuple[str, tuple[Intent, ...]]]:
    if content.intent is not None:
        for sentence in content.examples:
            yield sentence, (content.intent,)
    for names, sentences in content.mixed.items():
        intents = tuple(Intent(name.strip()) for name in names.split("+"))
        for sentence in sentences:
            yield sentence, intents


def _slots(path: Path) -> Mapping[str, Sequence[str]]:
    if not path.exists():
        return {}
    slots: Mapping[str, Sequence[str]] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return slots


def spell_out(sentence: str, slots: Mapping[str, Sequence[str]], random: Random) -> list[str]:
    """Every way to say a sentence with choices, at most six of them, with the slots filled by ``random``.

    Raises:
        ValueError: The sentence has a slot that ``slots`` lacks.

    """
    wanted = min(_MOST_VARIANTS, _ways(sentence))
    texts: dict[str, None] = {}
    for _ in range(wanted * 4):
        texts[_once(sentence, slots, random)] = None
        if len(texts) >= wanted:
            break
    return list(texts)


def _ways(sentence: str) -> int:
    ways = 1
    for choice in _CHOICE.findall(sentence):
        ways *= choice.count("|") + 1
    return ways


def _once(sentence: str, slots: Mapping[str, Sequence[str]], random: Random) -> str:
    while _CHOICE.search(sentence):
        sentence = _CHOICE.sub(lambda choice: random.choice(choice[1].split("|")), sentence)

    def fill(slot: re.Match[str]) -> str:
        if slot[1] not in slots:
            raise ValueError(f"no slot {slot[1]!r} for {sentence!r}")
        return str(random.choice(slots[slot[1]]))

    return " ".join(_SLOT.sub(fill, sentence).split())
