"""A line brought to plain words, so that one pattern reads every spelling of it; offsets lead back to the line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

from agent.understanding.text import fold

_PIECE: Final = re.compile(r"\d+(?:[.,:/-]\d+)+|[a-z0-9$@#%]+(?:'[a-z]+)*|[.?!;\n]+|,|\"")
_LONG: Final = re.compile(r"([a-z])\1{2,}")
_SENTENCE_MARK: Final = re.compile(r"[.?!;\n]+")
_TAILS: Final = {"ll": "will", "re": "are", "ve": "have", "m": "am", "d": "would"}
_SHORTEST: Final = 4
_REMEMBERED: Final = 8192


@dataclass(frozen=True, slots=True)
class Plain:
    """Words parted by single spaces; commas, quotation marks and the ends of sentences stand as words of their own."""

    text: str
    _offsets: tuple[tuple[int, int, int], ...]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the line that ``text[start:end]`` was made from."""
        starts = [offset[0] for offset in self._offsets]
        first = self._offsets[max(bisect_right(starts, start) - 1, 0)]
        last = self._offsets[max(bisect_right(starts, max(end - 1, start)) - 1, 0)]
        return first[1], last[2]


class Spelling:
    """Spells out abbreviations and mends one slip of the finger in the words that decide something."""

    def __init__(self, short: Mapping[str, str], mended: Iterable[str], kept: Iterable[str]) -> None:
        self._short = dict(short)
        self._mended = frozenset(mended)
        self._kept = self._mended | frozenset(kept)
        self._nearby: dict[str, list[str]] = {}
        self._spelled = lru_cache(_REMEMBERED)(self._spell)
        for word in sorted(self._mended):
            for variant in {word, *_without_one(word)}:
                self._nearby.setdefault(variant, []).append(word)

    def plain(self, line: str) -> Plain:
        """The line in plain words."""
        parts: list[str] = []
        offsets: list[tuple[int, int, int]] = []
        at = 0
        for piece in _PIECE.finditer(fold(line)):
            spelled = self._spelled(piece[0])
            offsets.append((at, piece.start(), piece.end()))
            parts.append(spelled)
            at += len(spelled) + 1
        return Plain(" ".join(parts), tuple(offsets) or ((0, 0, len(line)),))

    def _spell(self, piece: str) -> str:
        if _SENTENCE_MARK.fullmatch(piece):
            return "?" if "?" in piece else "."
        if not piece[0].isalpha():
            return piece
        word = self._short.get(piece, piece)
        if word is piece:
            word = _LONG.sub(r"\1", piece)
            word = self._short.get(word, word)
        if "'" in word:
            word = _apart(word)
        return self._mend(word) if " " not in word else word

    def _mend(self, word: str) -> str:
        if len(word) < _SHORTEST or word in self._kept:
            return word
        candidates = {near for variant in (word, *_without_one(word)) for near in self._nearby.get(variant, ())}
        close = [near for near in candidates if DamerauLevenshtein.distance(word, near, score_cutoff=1) <= 1]
        if not close:
            return word
        return min(close, key=lambda near: (near[0] != word[0], len(near) != len(word), near[-1] != word[-1], near))


def _without_one(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _apart(word: str) -> str:
    stem, _, tail = word.partition("'")
    return f"{stem} {_TAILS[tail]}" if tail in _TAILS else word.replace("'", "")
