"""Holds scripted conversations with a whole service and says where it fell short of the script."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from agent.app.thinking import Thinking
from agent.conversation import CaseFile, Event
from agent.escalation.verdict import Cause, Circumstances, Decision, Line, ReasonCode, Stance
from agent.understanding.reading import Intent
from evals.conversation_files import Expect, Scenario, read_scenarios
from evals.groundedness import find_unfounded
from evals.invariants import find_broken
from evals.world import FRIDAY_AFTERNOON, Clock, Library, World, open_library, open_world
from tools.shop.data import ShopData
from tools.shop.wire import CUSTOMER, ORDER

Rows = Mapping[str, Mapping[str, Any]]

CODE = "CODE"
APOLOGY = re.compile(
    r"\b(?:lo siento|siento|lamento|disculpa|i'm (?:really |very |so )?sorry|sinto muito|desculpe)\b", re.I
)
"""Said once a conversation, it is kind; said again, it is a formula."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A line of the shopper's and the stored answer to it."""

    said: str
    answer: Mapping[str, Any]

    @property
    def reply(self) -> str:
        """The words of the answer; empty when nobody answered."""
        return str((self.answer["reply"] or {}).get("text", ""))


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation that took place. ``faults`` are in the order found; none means that it went by the script."""

    scenario: Scenario
    lines: tuple[Exchanged, ...]
    faults: tuple[str, ...] = field(default=())

    def transcript(self) -> str:
        """As a person reads it, with what was asked, called and done under each reply."""
        return "\n".join(_told(one) for one in self.lines)


@dataclass(frozen=True, slots=True)
class Template:
    """The demo shop as it is before any conversation: a folder to copy, and its rows to compare with."""

    folder: Path
    rows: Rows


async def hold(scenario: Scenario, library: Library, template: Template, folder: Path, seed: int = 1) -> Held:
    """Hold one conversation with a service of its own in ``folder``, on a copy of the shop.

    Another seed mints other ids, codes and references, and comes some minutes later.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(template.folder / "shop.db", folder / "shop.db")
    clock = Clock((scenario.clock or FRIDAY_AFTERNOON) + (seed - 1) * timedelta(minutes=7))
    async with open_world(library, folder, clock, thinking=_thinking(scenario, library), first_id=seed) as world:
        lines, file, events = await _converse(scenario, world)
        after = _rows(await world.shop.export_all())
    faults = [
        *(f"{number}. {fault}" for number, (one, line) in enumerate(zip(lines, scenario.turns, strict=True), 1)
          for fault in _compare(one, line.expect)),
        *find_unfounded(file, [one.answer for one in lines], clock.now),
        *find_broken(file, events),
        *_find_formulas(lines),
        *_compare_rows("order", template.rows["order"], after["order"], scenario.end.orders),
        *_compare_rows("customer", template.rows["customer"], after["customer"], scenario.end.customers),
    ]  # fmt: skip
    return Held(scenario, lines, tuple(faults))


async def make_template(library: Library, folder: Path) -> Template:
    """The demo shop of the usual day, in that folder."""
    folder.mkdir(parents=True, exist_ok=True)
    async with open_world(library, folder, Clock(FRIDAY_AFTERNOON)) as world:
        return Template(folder, _rows(await world.shop.export_all()))


class OnRequest:
    """Hands over to whoever asks for a person, and to nobody else."""

    def decide(self, lines: Sequence[Line], _: Circumstances) -> Decision:
        """By the last line alone."""
        reading = lines[-1].reading
        if reading is None or not reading.has(Intent.HUMAN_AGENT):
            return Decision(Stance.STAY)
        return Decision(Stance.ESCALATE, (Cause(ReasonCode.HUMAN_REQUEST, reading.text, len(lines) - 1),), "general", 2)

    def offers_person(self, _: str) -> bool:
        """It never offers one itself."""
        return False


def _thinking(scenario: Scenario, library: Library) -> Thinking:
    thinking = library.thinking
    return thinking if scenario.person == "by_rules" else replace(thinking, escalation=OnRequest())


async def _converse(scenario: Scenario, world: World) -> tuple[tuple[Exchanged, ...], CaseFile, Sequence[Event]]:
    talk = await world.open(scenario.customer or "", locale=scenario.locale)
    lines = []
    for line in scenario.turns:
        said = await _code(world) if line.say == CODE else line.say
        lines.append(Exchanged(said, await talk.say(said)))
    return tuple(lines), await talk.file(), await talk.events()


async def _code(world: World) -> str:
    """The code sent last; when none was, six digits that will not do."""
    try:
        return await world.last_code()
    except IndexError:
        return "000000"


def _compare(one: Exchanged, expect: Expect) -> list[str]:
    answer, reply = one.answer, one.reply
    called = {call["name"] for call in answer["tools"]}
    acted = sorted((action["kind"], action["status"]) for action in answer["actions"])
    faults = []
    if expect.asks is not None and sorted(expect.asks) != sorted(answer["asks"]):
        faults.append(f"asks {answer['asks']}, not {list(expect.asks)}")
    if expect.actions is not None and sorted(expect.actions) != acted:
        faults.append(f"does {acted}, not {sorted(expect.actions)}")
    if expect.status is not None and expect.status != answer["status"]:
        faults.append(f"is {answer['status']}, not {expect.status}")
    if expect.says and not any(re.search(pattern, reply, re.I | re.S) for pattern in expect.says):
        faults.append(f"says none of {list(expect.says)}")
    faults += [f"says {pattern!r}" for pattern in expect.never if re.search(pattern, reply, re.I | re.S)]
    faults += [f"does not call {name}" for name in expect.tools if name not in called]
    return faults


def _find_formulas(lines: Sequence[Exchanged]) -> list[str]:
    """What makes a conversation sound like a machine, whatever it is about."""
    replies = [one.reply for one in lines]
    faults = [f"{number}. says nothing" for number, reply in enumerate(replies, 1) if not reply]
    faults += [f"{n}. says the same as before" for n, reply in enumerate(replies, 1) if reply in replies[: n - 1]]
    if sum(len(APOLOGY.findall(reply)) for reply in replies) > 1:
        faults.append("apologises more than once")
    return faults


def _rows(shop: ShopData) -> Rows:
    return {
        "order": {one.number: ORDER.values(one) for one in shop.orders},
        "customer": {one.id: _known(CUSTOMER.values(one)) for one in shop.customers},
    }


def _known(customer: dict[str, Any]) -> dict[str, Any]:
    """Without what an order's payment changes: a gift card's balance."""
    return {name: value for name, value in customer.items() if name not in ("payment_methods", "version")}


def _compare_rows(
    name: str, before: Mapping[str, Any], after: Mapping[str, Any], expected: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    changed = {key for key in after if before.get(key) != after[key]}
    faults = [f"{name} {key} was changed" for key in sorted(changed - expected.keys())]
    faults += [f"{name} {key} was not changed" for key in sorted(expected.keys() - changed)]
    for key in sorted(expected.keys() & changed):
        faults += [f"{name} {key}: {fault}" for fault in _differences(after[key], expected[key], "")]
    return faults


def _differences(actual: Any, expected: Any, path: str) -> list[str]:
    """Where the value is not what is expected of it; of a mapping only the named fields are looked at."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return [fault for key in expected for fault in _differences(actual.get(key), expected[key], f"{path}.{key}")]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(actual, expected, strict=True))
        return [fault for index, pair in pairs for fault in _differences(*pair, f"{path}.{index}")]
    return [] if str(actual) == str(expected) else [f"{path.lstrip('.')} is {actual!r}, not {expected!r}"]


def _told(one: Exchanged) -> str:
    answer = one.answer
    called = " ".join(f"{call['name']}{'' if call['ok'] else '!'}" for call in answer["tools"])
    acted = " ".join(f"{action['kind']}:{action['status']}" for action in answer["actions"])
    notes = [f"asks {' '.join(answer['asks'])}" if answer["asks"] else "", called, acted, answer["status"]]
    return f"> {one.said}\n{one.reply}\n    [{' | '.join(note for note in notes if note)}]\n"


def run_conversations(library: Path, only: Sequence[str], trials: int, seed: int, *, show: bool) -> int:
    """Hold the scenarios whose id begins with one of the words (all without), once for each of ``trials`` seeds from ``seed`` on.

    Prints what fell short, or with ``show`` every transcript. 0 when all went by the script every time, 1 when not.
    """
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_hold_all(library, Path(folder), only, range(seed, seed + trials), show=show))


async def _hold_all(library_folder: Path, folder: Path, only: Sequence[str], seeds: range, *, show: bool) -> int:
    library = await open_library(library_folder)
    template = await make_template(library, folder / "template")
    scenarios = [one for one in read_scenarios() if not only or one.id.startswith(tuple(only))]
    good = 0
    for seed in seeds:
        every = [await hold(one, library, template, folder / f"{seed}-{one.id}", seed) for one in scenarios]
        short = [one for one in every if one.faults]
        good += len(every) - len(short)
        for one in every if show else short:
            print(f"==== {one.scenario.id} ({one.scenario.flow}, {one.scenario.customer or 'anonymous'}), seed {seed}")
            print(one.transcript() + "\n" + "".join(f"  FAULT {fault}\n" for fault in one.faults))
        print(f"seed {seed}: {len(every) - len(short)} of {len(every)} go by the script")
    return 0 if scenarios and good == len(scenarios) * len(seeds) else 1
