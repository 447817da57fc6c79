"""Scripted conversations as files: what a shopper writes, what each answer must be, and what the shop must be like after."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import AwareDatetime, Field, TypeAdapter, ValidationError

from agent.conversation import ActionStatus, Status
from evals.suite.casefile.strict import LANGUAGES, Language, Pattern, Strict

FOLDER = Path(__file__).with_name("conversations")


class ScenarioRefused(ValueError):
    """A file of scenarios cannot be used; the text names file and key."""


class Expect(Strict):
    """What the answer to one line must be like; what is left out is not looked at.

    ``asks`` and ``actions`` are complete, in no order; an action is ``[kind, status]``. ``says`` needs one of its
    patterns to be found in the reply, ``never`` none; letter case does not matter. ``tools`` must be among those called.
    """

    asks: tuple[str, ...] | None = None
    actions: tuple[tuple[str, ActionStatus], ...] | None = None
    status: Status | None = None
    says: tuple[Pattern, ...] = ()
    never: tuple[Pattern, ...] = ()
    tools: tuple[str, ...] = ()


class Line(Strict):
    """What the shopper writes. ``CODE`` alone stands for the one-time code that was sent last."""

    say: str = Field(min_length=1)
    expect: Expect = Expect()


class End(Strict):
    """The shop after the conversation: these orders changed and hold these values, all others are as they were.

    Values are partial: a mapping names some fields, a list names every element. ``customers`` likewise.
    """

    orders: dict[str, dict[str, Any]] = {}
    customers: dict[str, dict[str, Any]] = {}
    nothing_else: Literal[True] = True


class Scenario(Strict):
    """One conversation. ``customer`` is the id of a shopper who is signed in; ``clock`` when it takes place.

    ``person`` says who may hand the case over: the shop's escalation rules, or only the shopper's own request.
    The demo shop is as on its usual day at any clock: a later one finds parcels later and windows over.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    flow: str
    customer: str | None
    locale: Language
    clock: AwareDatetime | None = None
    person: Literal["by_rules", "on_request"] = "by_rules"
    turns: tuple[Line, ...] = Field(min_length=1)
    end: End = End()


_FILE = TypeAdapter(tuple[Scenario, ...])


def read_scenarios(folder: Path = FOLDER) -> tuple[Scenario, ...]:
    """Every scenario of every language. Raises ``ScenarioRefused``, also for an id that is there twice."""
    found = [
        one for language in LANGUAGES for path in sorted((folder / language).glob("*.yaml")) for one in _read(path)
    ]
    ids = [one.id for one in found]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise ScenarioRefused(f"{folder}: id: there twice: {twice}")
    return tuple(found)


def _read(path: Path) -> tuple[Scenario, ...]:
    try:
        return _FILE.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise ScenarioRefused(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise ScenarioRefused(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
