"""What models cost: a table that ships and that a shop may replace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.errors import Misconfigured
from agent.loop.brief import Usage

PRICES = Path(__file__).with_name("prices.yaml")
MILLION = Decimal(1_000_000)
_DATED = re.compile(r"-\d{4}-\d\d-\d\d$")


class Price(BaseModel):
    """For a million tokens each; without a price of their own, cached ones cost what the others do."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: Decimal = Field(ge=0)
    output: Decimal = Field(ge=0)
    cached: Decimal | None = Field(default=None, ge=0)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    currency: str = Field(pattern="^[A-Z]{3}$")
    models: dict[str, Price]
    as_of: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices by a model's own name, in one currency; since when they are said to hold, and who says so."""

    currency: str
    models: Mapping[str, Price]
    as_of: date | None = None
    source: str = ""

    @classmethod
    def load(cls, path: Path = PRICES) -> PriceList:
        """Raises ``Misconfigured`` naming the file and what is wrong in it."""
        try:
            read = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError) as error:
            raise Misconfigured(f"prices: {path}: {error}") from error
        except ValidationError as error:
            first = error.errors()[0]
            raise Misconfigured(f"prices: {path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
        return cls(read.currency, read.models, read.as_of, read.source)

    def price_of(self, model: str) -> Price | None:
        """Of ``openai:gpt-4.1-mini-2025-04-14`` that of ``gpt-4.1-mini``, unless the dated one has its own; else none."""
        names = (model, model.partition(":")[2], model.rpartition("/")[2])
        tried = (*names, *(_DATED.sub("", name) for name in names))
        return next((self.models[name] for name in tried if name in self.models), None)

    def cost(self, usage: Usage) -> Decimal | None:
        """Exact; none for a model without a price."""
        price = self.price_of(usage.model)
        if price is None:
            return None
        cached = min(usage.cached_tokens, usage.input_tokens)
        for_cached = price.input if price.cached is None else price.cached
        spent = (usage.input_tokens - cached) * price.input + cached * for_cached + usage.output_tokens * price.output
        return spent / MILLION
