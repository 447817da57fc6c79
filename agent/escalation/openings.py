"""Many patterns over one line, each tried only where the line begins a word the way that pattern can begin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, TypeAlias

try:  # Python parses patterns in private modules: where they are gone every phrase is tried at every word
    from re import _constants as kind  # type: ignore[attr-defined]
    from re import _parser as grammar  # type: ignore[attr-defined]
except ImportError:
    kind = grammar = None

_LETTERS: Final = 3
"""How much of a word's beginning is looked at."""

_MOST: Final = 4000
Span: TypeAlias = tuple[int, int]

_ANYTHING: Final = frozenset({"\0"})
"""Stands for whatever letters; what follows it in a beginning is not known."""

_EMPTY: Final = frozenset({""})
_WIDE: Final = 12


class Phrase:
    """One pattern that begins and ends at words, compiled when it is first tried."""

    __slots__ = ("_compiled", "beginnings", "pattern")

    def __init__(self, pattern: str) -> None:
        """Raises ``re.error`` for a pattern that cannot be read, ``ValueError`` for one that matches an empty line."""
        read = grammar.parse(pattern) if grammar else None
        if (read is None or not read.getwidth()[0]) and re.compile(pattern).search(""):
            raise ValueError(pattern)
        self.pattern = pattern
        self._compiled: re.Pattern[str] | None = None
        self.beginnings = _EMPTY if read is None else beginnings_of(read)

    def end_of(self, text: str, start: int) -> int:
        """Where a match from ``start`` on ends, at the end of a word; -1 for none."""
        match = self._ready().match(text, start)
        return match.end() if match else -1

    def is_all_of(self, text: str, start: int, stop: int) -> bool:
        """Whether it matches that stretch and nothing but it."""
        return self._ready().fullmatch(text, start, stop) is not None

    def _ready(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(rf"(?:{self.pattern})(?!\S)")
        return self._compiled


class Openings:
    r"""Groups of phrases, each phrase tried only at the words that may begin it.

    What is found of a group is what ``(?<!\S)(?:one|other|...)(?!\S)`` finds: from the left, and of two phrases that
    begin at the same word the one listed first.
    """

    def __init__(self, groups: Sequence[Sequence[Phrase]]) -> None:
        listed = [(number, phrase) for number, group in enumerate(groups) for phrase in group]
        self._beginnings: dict[str, list[int]] = {}
        self._listed = tuple(listed)
        for place, (_, phrase) in enumerate(listed):
            for beginning in phrase.beginnings:
                self._beginnings.setdefault(beginning, []).append(place)
        self._tried = lru_cache(8192)(self._candidates)

    def find(self, text: str, starts: Sequence[int]) -> dict[int, list[Span]]:
        """The spans found of each group, by its number; ``starts`` are the offsets of the words."""
        spans: dict[int, list[Span]] = {}
        for start in starts:
            for number, phrase in self._tried(text[start : start + _LETTERS]):
                found = spans.get(number)
                if found and found[-1][1] > start:
                    continue
                if (end := phrase.end_of(text, start)) > start:
                    spans.setdefault(number, []).append((start, end))
        return spans

    def whole(self, text: str, stretch: Span) -> list[int]:
        """The groups of which a phrase is just that stretch of the line."""
        start, stop = stretch
        tried = self._tried(text[start : min(start + _LETTERS, stop)])
        return list(dict.fromkeys(number for number, one in tried if one.is_all_of(text, start, stop)))

    def _candidates(self, letters: str) -> tuple[tuple[int, Phrase], ...]:
        found = {place for length in range(_LETTERS + 1) for place in self._beginnings.get(letters[:length], ())}
        return tuple(self._listed[place] for place in sorted(found))


def words_at(text: str) -> tuple[int, ...]:
    """The offsets at which the words of a line begin that has one space between them."""
    return tuple(at for at in (0, *(found.end() for found in re.finditer(" ", text))) if at < len(text))


def beginnings_of(pattern: Any) -> frozenset[str]:
    """The first letters that a match of the parsed pattern may have; "" where it may be any."""
    return frozenset(beginning.partition("\0")[0] for beginning in _after(_EMPTY, pattern))


def _after(so_far: frozenset[str], items: Iterable[tuple[Any, Any]]) -> frozenset[str]:
    for operation, value in items:
        if all(len(one) >= _LETTERS or one.endswith("\0") for one in so_far):
            break
        so_far = _joined(so_far, _of(operation, value))
        if len(so_far) > _MOST:
            return _ANYTHING
    return so_far


def _joined(before: frozenset[str], more: frozenset[str]) -> frozenset[str]:
    if more == _EMPTY:
        return before
    return frozenset(
        one if one.endswith("\0") or len(one) >= _LETTERS else (one + other)[:_LETTERS]
        for one in before
        for other in more
    )


def _of(operation: Any, value: Any) -> frozenset[str]:
    """What one piece of a pattern may begin with."""
    if operation is kind.LITERAL:
        return frozenset({chr(value)})
    if operation is kind.IN:
        return _of_class(value)
    if operation in (kind.AT, kind.ASSERT, kind.ASSERT_NOT):
        return _EMPTY
    if operation is kind.SUBPATTERN:
        return _after(_EMPTY, value[3])
    if operation is kind.BRANCH:
        return frozenset().union(*(_after(_EMPTY, branch) for branch in value[1]))
    if operation in (kind.MAX_REPEAT, kind.MIN_REPEAT):
        return _of_repeat(*value)
    return _ANYTHING


def _of_class(items: Sequence[tuple[Any, Any]]) -> frozenset[str]:
    if any(operation not in (kind.LITERAL, kind.RANGE) for operation, _ in items):
        return _ANYTHING
    letters: set[str] = set()
    for operation, value in items:
        letters.update(map(chr, range(value[0], value[1] + 1)) if operation is kind.RANGE else (chr(value),))
    return frozenset(letters) if len(letters) <= _WIDE else _ANYTHING


def _of_repeat(least: int, most: int, item: Any) -> frozenset[str]:
    once = _after(_EMPTY, item)
    found, so_far = frozenset(_EMPTY if not least else ()), _EMPTY
    for times in range(1, min(int(most), _LETTERS) + 1):
        so_far = _joined(so_far, once)
        if times >= min(least, _LETTERS):
            found |= so_far
    return found
