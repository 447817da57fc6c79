"""Lines of shoppers sorted by what they mean: ``examples/<language>/<name>.yaml``, a list a meaning.

``stay`` lists lines that call for nobody, most of them made to be mistaken for those that do. In a line ``(a|b)`` is a
choice. The meanings of one line are joined with ``+``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import yaml

from agent.escalation.lexicon import LANGUAGES, LOADER
from agent.escalation.meaning import Meaning
from agent.understanding.examples import spell_out

EXAMPLES: Final = Path(__file__).parent / "examples"
STAY: Final = "stay"
_DRAWS: Final = 2
"""Times that a line of many choices is spelled out, six ways each."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One line and what it means; ``unknown`` are the meanings that nobody looked for in it."""

    text: str
    language: str
    means: frozenset[Meaning]
    source: str
    unknown: frozenset[Meaning] = frozenset()


def sample_paths(folder: Path = EXAMPLES) -> list[Path]:
    """Every file, in a stable order."""
    return sorted(path for language in LANGUAGES for path in (folder / language).glob("*.yaml"))


def load_samples(folder: Path = EXAMPLES) -> tuple[Sample, ...]:
    """Every line spelled out, the same ones in the same order each time.

    Raises:
        ValueError: A file names a meaning that there is not, or holds something else than lines.

    """
    return tuple(sample for path in sample_paths(folder) for sample in _samples(path))


def _samples(path: Path) -> Iterator[Sample]:
    listed: Mapping[str, Sequence[str]] = yaml.load(path.read_text("utf-8"), Loader=LOADER)
    for names, lines in listed.items():
        means = frozenset() if names == STAY else frozenset(Meaning(name.strip()) for name in names.split("+"))
        for line in lines:
            if not isinstance(line, str):
                raise ValueError(f"{path}: {names}: {line!r} is not a line of text")
            for text in _ways(line):
                yield Sample(text, path.parent.name, means, line)


def _ways(line: str) -> list[str]:
    drawn = (spell_out(line, {}, Random(f"{line}{draw}")) for draw in range(_DRAWS))
    return list(dict.fromkeys(text for ways in drawn for text in ways))
