"""The tau tasks with models on both sides: one plays the benchmark's shopper, the other is the service's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from agent.app.thinking import open_loop
from agent.errors import Misconfigured
from agent.settings import Settings
from evals.suite.asking import Asking, ask_for
from evals.suite.shoppers.simulated import DONE, shopper_prompt
from evals.tau_goal_run import Told, open_talk
from evals.tau_replay import in_cents
from evals.tau_shop import TauShop
from evals.tau_shopper import Word
from evals.tau_tasks import Task
from evals.world import Library
from tools.policy.port import Policy

MOST_TURNS: Final = 30


def models_for(settings: Settings, library: Library) -> tuple[Library, Asking]:
    """The library with the settings' LLM in its loop, and that LLM as the shopper. Raises ``Misconfigured`` without a key."""
    if settings.model == "embedded":
        raise Misconfigured("--mode model: POSTVENTA_MODEL=openai:NAME and OPENAI_API_KEY are wanted, for both sides")
    loop = open_loop(settings, library.thinking.sentences)
    ask = ask_for(settings, "conversation")
    if ask is None:
        raise Misconfigured("--mode model: OPENAI_API_KEY is wanted")
    return replace(library, thinking=replace(library.thinking, loop=loop)), ask


def read_scenarios(data: Path, tasks: str) -> dict[str, str]:
    """What the benchmark tells its shopper, by task."""
    rows = json.loads((data / tasks).read_text(encoding="utf-8"))
    return {row["id"]: _told(row) for row in rows}


def upstream_faults(data: Path) -> list[str]:
    """Tasks whose published golden state was wrong, with the fields that were put right."""
    published, corrected = (
        json.loads((data / f"golden_end_states{which}.json").read_text(encoding="utf-8"))
        for which in ("", "_corrected")
    )
    return [
        f"{task}: {', '.join(_fields(published.get(task, {}), rows)) or 'rows'}"
        for task, rows in corrected.items()
        if published.get(task) != rows
    ]


async def tell_with_models(
    tasks: Sequence[Task],
    scenarios: Mapping[str, str],
    tau: TauShop,
    policy: Policy,
    library: Library,
    ask: Asking,
    now: datetime,
    folder: Path,
) -> list[Told]:
    """Tell each task to a service of its own. Raises ``Unreachable`` when the shopper's model does not answer."""
    try:
        return [await _tell(task, scenarios[task.id], tau, policy, library, ask, now, folder) for task in tasks]
    finally:
        await ask.aclose()


async def _tell(
    task: Task, scenario: str, tau: TauShop, policy: Policy, library: Library, ask: Asking, now: datetime, folder: Path
) -> Told:
    prompt = shopper_prompt(scenario, "what is said above", "as said above", "en")
    lines, told = [("user", "(the chat window opens)")], list[tuple[str, str]]()
    async with open_talk(tau, policy, library, now, folder) as talk:
        why = "too many turns"
        while len(told) < MOST_TURNS:
            words = (await ask(prompt, lines)).strip()
            if not words or DONE in words:
                why = ""
                break
            turn = await talk.hear(Word(words))
            reply = str((turn["reply"] or {}).get("text", ""))
            told.append((words, reply))
            lines += [("assistant", words), ("user", reply or "(no answer)")]
            if turn["status"] != "bot":
                why = "a person was called"
                break
        changed = await talk.changed()
    right = bool(in_cents(changed) == in_cents(task.changed))
    kinds = tuple(action.name for action in task.writes)
    return Told(task.id, kinds, right, "" if right else why or f"other rows: {changed}", tuple(told))


def _told(row: Mapping[str, Any]) -> str:
    if "instruction" in row:
        return str(row["instruction"])
    told = row["user_scenario"]["instructions"]
    return "\n".join(
        str(told[name])
        for name in ("reason_for_call", "known_info", "unknown_info", "task_instructions")
        if told.get(name)
    )


def _fields(before: Any, after: Any) -> list[str]:
    """Where two golden states differ: ``table row field``."""
    return sorted(
        f"{table} {key} {field}"
        for table in {*before, *after}
        for key in {*before.get(table, {}), *after.get(table, {})}
        for field in {*before.get(table, {}).get(key, {}), *after.get(table, {}).get(key, {})}
        if before.get(table, {}).get(key, {}).get(field) != after.get(table, {}).get(key, {}).get(field)
    )
