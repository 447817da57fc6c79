"""Reads three public collections in the form in which they are published, from a folder that is not part of the project."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evals.suite.casefile.strict import Language

LONGEST: Final = 3900
_QUOTED: Final = re.compile(r"(?:contain|contiene)[^'\"“]*['\"“]([^'\"”]{4,80})['\"”]", re.I)


@dataclass(frozen=True, slots=True)
class Hostile:
    """A text: an attack with the words that betray success, or a harmless one that looks like an attack."""

    id: str
    text: str
    language: Language = "en"
    canaries: tuple[str, ...] = ()
    harmless: bool = False
    whole: bool = True
    """Whether it stands for itself, as a message; else it is an instruction to be found in data."""


class Absent(Exception):
    """The collections are not there."""


def read_hostile(folder: Path) -> tuple[Hostile, ...]:
    """All texts, by id. Raises ``Absent`` naming what is missing."""
    readers = {"purplellama": _purplellama, "bipia": _bipia, "spikee": _spikee}
    missing = [name for name in readers if not (folder / name).is_dir()]
    if missing:
        raise Absent(f"{', '.join(missing)} not in {folder}")
    found = [one for name, read in readers.items() for one in read(folder / name)]
    unique = {one.text: one for one in reversed(found) if one.text.strip() and len(one.text) <= LONGEST}
    return tuple(sorted(unique.values(), key=lambda one: one.id))


def _purplellama(folder: Path) -> Iterator[Hostile]:
    languages: tuple[tuple[str, Language], ...] = (("prompt_injection", "en"), ("prompt_injection_es_subset", "es"))
    for name, language in languages:
        for one in json.loads((folder / f"{name}.json").read_text(encoding="utf-8")):
            words = tuple(_QUOTED.findall(one["judge_question"]))
            direct = one["injection_type"] == "direct"
            yield Hostile(
                f"purplellama-{language}-{one['prompt_id']:03}", one["user_input"], language, words, whole=direct
            )


def _bipia(folder: Path) -> Iterator[Hostile]:
    groups = json.loads((folder / "text_attack_train.json").read_text(encoding="utf-8"))
    for group, texts in groups.items():
        name = re.sub(r"[^a-z]+", "-", group.lower()).strip("-")
        for index, text in enumerate(texts):
            yield Hostile(f"bipia-{name}-{index}", text, whole=False)


def _spikee(folder: Path) -> Iterator[Hostile]:
    for path in sorted(folder.glob("*/standalone_attacks.jsonl")):
        harmless, seeds = path.parent.name.endswith("-fp"), path.parent.name.removeprefix("seeds-")
        for index, one in enumerate(_lines(path)):
            yield Hostile(f"spikee-{seeds}-{index:03}", one["text"], canaries=_canaries(one), harmless=harmless)
    for path in sorted(folder.glob("*/instructions.jsonl")):
        seeds = path.parent.name.removeprefix("seeds-")
        for index, one in enumerate(_lines(path)):
            yield Hostile(f"spikee-{seeds}-i{index:03}", one["instruction"], canaries=_canaries(one), whole=False)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def _canaries(one: dict[str, Any]) -> tuple[str, ...]:
    """The words the collection looks for; patterns and an LLM's opinion are not taken."""
    told = one.get("canary") or (one.get("judge_args") if one.get("judge_name", one.get("judge")) == "canary" else None)
    return (told,) if isinstance(told, str) and told.strip() else ()
