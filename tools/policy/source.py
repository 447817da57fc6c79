"""A YAML file together with the line on which each of its keys stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tools.policy.refusal import KeyPath, Problem

Shape = TypeVar("Shape", bound=BaseModel)
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one on libyaml, three times as fast, where it was built in."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read: its content and where each key path was written. Defects of the syntax are in ``problems``."""

    file: Path
    content: Any
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def problem(self, path: KeyPath, text: str) -> Problem:
        """A defect at that path, with the line of the nearest key above it that is in the file."""
        known = next((path[:end] for end in range(len(path), -1, -1) if path[:end] in self.lines), ())
        return Problem(self.file, path, text, self.lines.get(known, 0))

    def validated(self, model: type[Shape], problems: list[Problem]) -> Shape | None:
        """The content as that model; none when it is not one, and every reason added to ``problems``."""
        problems.extend(self.problems)
        if self.problems:
            return None
        try:
            return model.model_validate(self.content)
        except ValidationError as error:
            problems.extend(self.problem(item["loc"], _wording(item)) for item in error.errors())
            return None


def read_source(file: Path) -> Source:
    """Read a YAML file; a missing file, broken syntax and a key written twice become problems, not exceptions."""
    try:
        loader = LOADER(file.read_text(encoding="utf-8"))
    except OSError as error:
        return Source(file, None, problems=(Problem(file, (), error.strerror or "cannot be read"),))
    except (UnicodeDecodeError, yaml.YAMLError):
        return Source(file, None, problems=(Problem(file, (), "is not UTF-8 text"),))
    try:
        node = loader.get_single_node()
        if node is None:
            return Source(file, {})
        lines = dict(_lines(node, ()))
        twice = tuple(_repeated(node, (), file))
        return Source(file, loader.construct_document(node), lines, twice)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        text = str(getattr(error, "problem", None) or error)
        return Source(file, None, problems=(Problem(file, (), text, mark.line + 1 if mark else 0),))
    finally:
        loader.dispose()


def _wording(item: ErrorDetails) -> str:
    if item["type"] == "extra_forbidden":
        return "is not a key known here"
    return item["msg"].removeprefix("Value error, ")


def _lines(node: yaml.Node, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    yield path, node.start_mark.line + 1
    for key, place, child in _children(node):
        yield (*path, key), place.start_mark.line + 1
        yield from ((deeper, line) for deeper, line in _lines(child, (*path, key)) if deeper != (*path, key))


def _repeated(node: yaml.Node, path: KeyPath, file: Path) -> Iterator[Problem]:
    seen: set[str | int] = set()
    for key, place, child in _children(node):
        if key in seen:
            yield Problem(file, (*path, key), "is written twice", place.start_mark.line + 1)
        seen.add(key)
        yield from _repeated(child, (*path, key), file)


def _children(node: yaml.Node) -> Iterator[tuple[str | int, yaml.Node, yaml.Node]]:
    """Key, the node that marks its place, and the value of each entry."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), key, value
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield index, value, value
