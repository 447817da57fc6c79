"""The words of goods: colours, products, reasons and ways to pay, from ``lexicon.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

from tools.shop.models import ReturnReason

_FILE: Final = Path(__file__).parent / "lexicon.yaml"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    colors: list[str]
    products: list[str]
    reasons: dict[ReturnReason, list[str]]
    payment_methods: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Patterns over folded text."""

    color: re.Pattern[str]
    product: re.Pattern[str]
    reasons: Mapping[ReturnReason, re.Pattern[str]]
    payment_methods: Mapping[str, re.Pattern[str]]


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once a process."""
    read = _File.model_validate(yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader))
    return Lexicon(
        color=_any_of(read.colors),
        product=_any_of(read.products),
        reasons={reason: _any_of(words) for reason, words in read.reasons.items()},
        payment_methods={method: _any_of(words) for method, words in read.payment_methods.items()},
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")
