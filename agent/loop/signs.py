"""What the words of a message tell besides its wish, by names that stand in a file with the words of each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

from agent.understanding.text import ABBREVIATIONS, fold

WORD = re.compile(r"(?<![\w'.@-])[a-z0-9]+(?![\w'@-]|\.\w)")
FILE = Path(__file__).with_name("signs.yaml")


def says(sign: str, text: str) -> bool:
    """Whether the text shows that sign, in any of the languages. Raises ``KeyError`` for a sign that is not in the file."""
    return pattern_of(sign).search(spelled(text)) is not None


@lru_cache(maxsize=512)
def spelled(text: str) -> str:
    """Folded, with what shoppers shorten written out: "dnd" is "donde"."""
    return WORD.sub(lambda found: ABBREVIATIONS.get(found.group(), found.group()), fold(text))


def pattern_of(sign: str) -> re.Pattern[str]:
    """What is looked for in folded text."""
    return _signs()[sign]


@lru_cache(maxsize=1)
def _signs() -> Mapping[str, re.Pattern[str]]:
    read = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {sign: re.compile(rf"(?<!\w)(?:{'|'.join(spoken.values())})(?!\w)") for sign, spoken in read.items()}
