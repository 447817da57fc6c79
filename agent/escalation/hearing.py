"""Hearing one line: its signals and what is needed to compare it with the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from agent.escalation.card import find_card
from agent.escalation.lexicon import FOLDER, LANGUAGES, Lexicon, load_lexicon
from agent.escalation.meaning import Meaning
from agent.escalation.openings import Openings, Span, words_at
from agent.escalation.sense import NOTHING, Sense
from agent.escalation.signals import AGENT_SIGNALS, Hit, Signal
from agent.escalation.spelling import Plain, Spelling

_REMEMBERED: Final = 2048
_NEAR: Final = 14
_FAR: Final = 9.0
_WORD: Final = re.compile(r"[a-z0-9]+")
_SENTENCE: Final = re.compile(r"[^.?]*[^.? ][^.?]*")
_UNREST: Final = (
    Signal.INSULT,
    Signal.ANGER,
    Signal.GRIEVANCE,
    Signal.RESIGNATION,
    Signal.LOOP,
    Signal.EXCEPTION,
    Signal.PLEA,
)
_QUOTED: Final = re.compile(
    r"(?<!\S)(?:dice|decia|dijo|pone|says|said|saying|reads|diz|dizia|disse|escrito|cartel|sign|banner|anuncio) (?:que |: )?"
    r"\" [^\"]+ \""
)
_FIRST_PERSON: Final = re.compile(r"(?:^| )(?:yo|i|eu|i have|ya) $")


@dataclass(frozen=True, slots=True)
class Heard:
    """A line as the rules see it. ``hits`` are in the order said; ``content`` the words that carry meaning.

    ``turned_down``: signals whose words are there but mean something else. ``calm``: relieved, and nothing in the line that
    takes it back or goes on about it. ``margins``: what the line means as a whole; empty where nobody has learnt it.
    """

    hits: Mapping[Signal, tuple[Hit, ...]]
    words: tuple[str, ...]
    content: frozenset[str]
    question: bool
    shouted: bool
    calm: bool
    turned_down: frozenset[Signal]
    margins: Mapping[Meaning, float] = field(default_factory=lambda: NOTHING)

    def means(self, meaning: Meaning, least: float = 0.0) -> bool:
        """Whether the line as a whole means it by at least that margin; never where nobody has learnt it."""
        return self.margins.get(meaning, -_FAR) >= least

    def first(self, *wanted: Signal) -> Hit | None:
        """The first hit of these signals."""
        hits = [self.hits[signal][0] for signal in wanted if signal in self.hits]
        return min(hits, key=lambda hit: hit.start) if hits else None

    def all(self, signal: Signal) -> tuple[Hit, ...]:
        """Every hit of that signal."""
        return self.hits.get(signal, ())

    def apart(self, *wanted: Signal) -> tuple[Hit, ...]:
        """Hits of these signals that share no words; where two do, the signal named first keeps them."""
        kept: list[Hit] = []
        for signal in wanted:
            for hit in self.all(signal):
                if all(hit.end <= other.start or other.end <= hit.start for other in kept):
                    kept.append(hit)
        return tuple(kept)


class Ear:
    """Hears lines in the three languages at once, since shoppers mix them. What was heard is kept for a while."""

    def __init__(self, lexicons: Sequence[Lexicon], sense: Sense | None = None) -> None:
        short = {word: spelled for lexicon in lexicons for word, spelled in lexicon.short.items()}
        mended = [word for lexicon in lexicons for word in lexicon.mended]
        self._spelling = Spelling(short, mended, [word for lexicon in lexicons for word in lexicon.kept])
        self._shopper = Words(lexicons, [signal for signal in Signal if signal not in AGENT_SIGNALS])
        self._agent = Words(lexicons, [signal for signal in Signal if signal in AGENT_SIGNALS])
        self._sense = sense
        self.hear_shopper = lru_cache(_REMEMBERED)(self._hear_shopper)
        self.hear_agent = lru_cache(_REMEMBERED)(self._hear_agent)

    @classmethod
    def load(cls, folder: Path = FOLDER, sense: Sense | None = None) -> Ear:
        """With the words of every language in that folder, and what was learnt about whole lines.

        Raises:
            Misconfigured: Names the file and the key that cannot be used.

        """
        return cls([load_lexicon(folder / f"{language}.yaml") for language in LANGUAGES], sense)

    def _hear_shopper(self, line: str) -> Heard:
        heard = self._hear(line, self._shopper)
        if self._sense is None:
            return heard
        margins = self._sense.meanings(line, heard.hits.keys(), heard.turned_down)
        return replace(heard, margins=margins)

    def _hear_agent(self, line: str) -> Heard:
        return self._hear(line, self._agent)

    def _hear(self, line: str, words: Words) -> Heard:
        plain = self._spelling.plain(line)
        quoted = [found.span() for found in _QUOTED.finditer(plain.text) if not _own_words(plain.text, found.start())]
        hits: dict[Signal, list[Hit]] = {}
        turned_down: set[Signal] = set()
        for signal, (found, barred) in words.spans(plain.text).items():
            meant = [span for span in found if not any(_touch(span, other) for other in (*quoted, *barred))]
            if meant:
                hits[signal] = [_hit(line, plain, signal, span) for span in meant]
            else:
                turned_down.add(signal)
        if card := find_card(line):
            hits[Signal.PAYMENT_DATA] = [Hit(Signal.PAYMENT_DATA, "*" * len(card[0]), card.start())]
        said = tuple(_WORD.findall(plain.text))
        return Heard(
            hits={signal: tuple(sorted(found, key=lambda hit: hit.start)) for signal, found in hits.items()},
            words=said,
            content=frozenset(word for word in said if len(word) > 3 or word.isdigit()),
            question="?" in line,
            shouted=_shouted(line),
            calm=Signal.RELIEF in hits and not any(signal in hits for signal in _UNREST),
            turned_down=frozenset(turned_down),
        )


class Words:
    """Where the words of some signals stand in a line, in whichever language."""

    def __init__(self, lexicons: Sequence[Lexicon], signals: Sequence[Signal]) -> None:
        spoken = [(signal, one.signals[signal]) for signal in signals for one in lexicons if signal in one.signals]
        self._signals = tuple(signal for signal, _ in spoken)
        self._hits = Openings([patterns.hits for _, patterns in spoken])
        self._alone = Openings([patterns.alone for _, patterns in spoken])
        self._unless = Openings([patterns.unless for _, patterns in spoken])
        pairs = [(signal, pair) for signal, patterns in spoken for pair in patterns.pairs]
        self._paired = tuple(signal for signal, _ in pairs)
        self._pairs = Openings([[one] for _, pair in pairs for one in pair])

    def spans(self, text: str) -> dict[Signal, tuple[list[Span], list[Span]]]:
        """For each signal that has any: the spans of its words, and those of the wider readings that turn them down."""
        starts = words_at(text)
        found: dict[Signal, list[Span]] = {}
        for number, spans in self._hits.find(text, starts).items():
            found.setdefault(self._signals[number], []).extend(spans)
        for sentence in _sentences(text):
            for number in self._alone.whole(text, sentence):
                found.setdefault(self._signals[number], []).append(sentence)
        sides = self._pairs.find(text, starts)
        for number in sides:
            if number % 2 == 0 and number + 1 in sides:
                near = list(_near(text, sides[number], sides[number + 1]))
                if near:
                    found.setdefault(self._paired[number // 2], []).extend(near)
        barred: dict[Signal, list[Span]] = {}
        if found:
            for number, spans in self._unless.find(text, starts).items():
                barred.setdefault(self._signals[number], []).extend(spans)
        return {signal: (found[signal], barred.get(signal, [])) for signal in Signal if signal in found}


def _sentences(text: str) -> Iterator[Span]:
    """The sentences of a line, without the spaces and commas around them."""
    for sentence in _SENTENCE.finditer(text):
        bare = sentence[0].strip(" ,")
        if bare:
            start = sentence.start() + len(sentence[0]) - len(sentence[0].lstrip(" ,"))
            yield start, start + len(bare)


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _hit(line: str, plain: Plain, signal: Signal, span: tuple[int, int]) -> Hit:
    start, end = plain.source(*span)
    return Hit(signal, line[start:end], start)


def _near(text: str, first: Sequence[Span], second: Sequence[Span]) -> Iterator[Span]:
    for start, end in first:
        spans = [(min(start, begin), max(end, stop)) for begin, stop in second if stop <= start or begin >= end]
        if spans and text.count(" ", *(nearest := min(spans, key=lambda span: span[1] - span[0]))) <= _NEAR:
            yield nearest


def _own_words(text: str, at: int) -> bool:
    return bool(_FIRST_PERSON.search(text[:at]))


def _shouted(line: str) -> bool:
    letters = [letter for letter in line if letter.isalpha()]
    return len(letters) >= 8 and sum(letter.isupper() for letter in letters) > 0.7 * len(letters)
