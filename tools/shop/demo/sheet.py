"""Reading the demo's YAML files: strict, so that a typing error in one of them never becomes a quiet default."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, TypeAdapter

from tools.shop.demo.clock import check_moment

FOLDER = Path(__file__).parent

Read = TypeVar("Read")


class Sheet(BaseModel):
    """A part of a YAML file: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _refuse_floats(value: object) -> object:
    if isinstance(value, float):
        raise ValueError('write an amount in quotes ("49.90"): YAML would read it as a float')
    return value


Amount = Annotated[Decimal, BeforeValidator(_refuse_floats)]
"""Money in the market's currency, written in quotes."""

When = Annotated[str, AfterValidator(check_moment)]
"""A moment relative to now, as ``DemoClock.at`` reads it."""


def read_sheet(path: Path, shape: type[Read]) -> Read:
    """The file as that shape; raises pydantic's ``ValidationError`` with the place of every defect."""
    return TypeAdapter(shape).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
