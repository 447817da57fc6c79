"""Reading the demo's YAML files: strict, so that a typing error in one of them never becomes a quiet default."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, TypeAdapter

from tools.shop.demo.clock import check_moment

FOLDER = Path(__file__).parent

Read = TypeVar("Read")


class Sheet(BaseModel):
    """A part of a YAML file: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class UniqueKeys(yaml.CSafeLoader):
    """YAML in which a key written twice is an error instead of the later one winning."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """The mapping; ``yaml.constructor.ConstructorError`` with the line of the second key."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} is written twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _refuse_floats(value: object) -> object:
    if isinstance(value, float):
        raise ValueError('write an amount in quotes ("49.90"): YAML would read it as a float')
    return value


Amount = Annotated[Decimal, BeforeValidator(_refuse_floats)]
"""Money in the market's currency, written in quotes."""

When = Annotated[str, AfterValidator(check_moment)]
"""A moment relative to now, as ``DemoClock.at`` reads it."""


def read_sheet(path: Path, shape: type[Read]) -> Read:
    """The file as that shape; raises ``yaml.YAMLError``, or ``ValidationError`` with the place of every defect."""
    return TypeAdapter(shape).validate_python(yaml.load(path.read_text(encoding="utf-8"), UniqueKeys))
