"""How true a packet is: what the shopper told and is in it, what is in it and nobody told, what is asked again afterwards.

``postventa eval packet`` prints it for the conversations of ``packet_set``.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.app.demo import SHOP_ID
from agent.casework.desk.move import Person
from agent.conversation import Json
from agent.loop.leftover import Asks
from evals.invariants import KNOWABLE, find_broken
from evals.packet_set import LANGUAGES, Sample, read_samples
from evals.world import Library, Talk, open_library, open_world

MOST_LINES = 8
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")
PERSON = Person(SHOP_ID, "Alma")

_ASKS = Asks()


@dataclass(frozen=True, slots=True)
class Graded:
    """One handoff. ``lost`` and ``kept`` are facts told, by kind and value; the rest are faults as readable lines."""

    sample: Sample
    kept: tuple[tuple[str, str], ...]
    lost: tuple[tuple[str, str], ...]
    unfounded: tuple[str, ...]
    asked_again: tuple[str, ...]
    faults: tuple[str, ...]


async def grade(sample: Sample, library: Library, folder: Path) -> Graded:
    """Hold the conversation, look at the packet as people of three languages see it, give the case back, and go on."""
    folder.mkdir(parents=True, exist_ok=True)
    async with open_world(library, folder) as world:
        talk = await world.open(sample.customer or "", locale=sample.language)
        for line in sample.turns:
            answer = await talk.say(line)
        if answer["handoff"] is None:
            return Graded(sample, (), tuple(sample.told), (), (), ("nobody was called",))
        for line in sample.waiting:
            await talk.say(line)
        case = answer["handoff"]["id"]
        view = world.parts.desk_view
        packets = {one: (await view.case(PERSON, case, one))["packet"] for one in LANGUAGES}
        drafts = (await view.suggestions(PERSON, case))["drafts"]
        await _go_on(talk, sample, case)
        broken = find_broken(await talk.file(), await talk.events())
    packet = packets[sample.language]
    kept = tuple(one for one in sample.told if any(_same(one, fact) for fact in packet["facts"]))
    return Graded(
        sample,
        kept=kept,
        lost=tuple(one for one in sample.told if one not in kept),
        unfounded=(*find_unfounded_facts(sample, packet), *find_unfounded_reasons(packet)),
        asked_again=(*broken, *find_questions(packets, drafts)),
        faults=tuple(fault for language, one in packets.items() for fault in find_unreadable(one, language)),
    )


async def _go_on(talk: Talk, sample: Sample, case: str) -> None:
    desk = talk.world.parts.desk
    await desk.claim(PERSON, case)
    await desk.give_back(PERSON, case, sample.notes)
    await talk.say(sample.then)


def find_unfounded_facts(sample: Sample, packet: Json) -> Iterator[str]:
    """Facts whose message does not say them: in other words than the annotator noted, and not word for word either."""
    said = {one["id"]: one for one in packet["transcript"]}
    for fact in packet["facts"]:
        source = said.get(fact["message_id"])
        if source is None or source["who"] != "shopper":
            yield f"{fact['kind']} {fact['value']}: no message of the shopper's is named"
        elif not any(_same(one, fact) for one in sample.allowed) and not _stands_in(fact, source["text"]):
            yield f"{fact['kind']} {fact['value']}: not told in {source['text']!r}"


def find_unfounded_reasons(packet: Json) -> Iterator[str]:
    """Reasons whose words are not in the message they name."""
    said = {one["id"]: one["text"] for one in packet["transcript"]}
    for reason in packet["reasons"]:
        if reason["detail"] not in said.get(reason["message_id"], ""):
            yield f"reason {reason['code']}: {reason['detail']!r} was not said there"


def find_questions(packets: Mapping[str, Json], drafts: Sequence[Json]) -> Iterator[str]:
    """What the packet, or a draft beside it, would have a person ask although it is known."""
    for language, packet in packets.items():
        known = {fact["kind"] for fact in packet["facts"]} & KNOWABLE
        for text in (*packet["summary"], packet["next_step"], *(one["text"] for one in drafts if not one["citations"])):
            asked = known & set(_ASKS.read(_without_quotes(text)))
            yield from (f"{language}: asks for {kind}: {text!r}" for kind in sorted(asked))


def find_unreadable(packet: Json, language: str) -> Iterator[str]:
    """Too long a summary, or a code where a word should be."""
    if not 1 <= len(packet["summary"]) <= MOST_LINES:
        yield f"{language}: a summary of {len(packet['summary'])} lines"
    words = [
        *map(_without_quotes, packet["summary"]),
        *(one["label"] for one in packet["facts"]),
        *(one["words"] for one in (*packet["reasons"], *packet["actions"], *packet["tools"])),
        *(one["status_words"] for one in (*packet["actions"], *packet["orders"])),
        *(event["words"] for one in packet["timeline"] for event in one["events"]),
    ]
    yield from (f"{language}: a code: {text!r}" for text in words if CODE.search(text))
    if len(packet["emotion"]) != sum(one["who"] == "shopper" for one in packet["transcript"]):
        yield f"{language}: the curve of feeling is not that of the conversation"


def _same(told: tuple[Any, str], fact: Json) -> bool:
    """Whether the fact is that one: the same kind, and every word of the noted value in its own."""
    kind, value = str(told[0]), told[1]
    if kind != fact["kind"]:
        return False
    if kind in ("phone", "postal_code"):
        return _digits(fact["value"]).endswith(_digits(value))
    return set(_words(value)) <= set(_words(str(fact["value"])))


def _stands_in(fact: Json, text: str) -> bool:
    value = str(fact["value"])
    if fact["kind"] in ("phone", "order_number"):
        return _digits(value)[-7:] in _digits(text)
    return set(_words(value)) <= set(_words(text))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _without_quotes(text: str) -> str:
    """Without what the shopper said."""
    return re.sub(r"«.*»|“.*”", "", text)


async def grade_all(library: Library, folder: Path) -> list[Graded]:
    """The whole set."""
    return [await grade(sample, library, folder / sample.id) for sample in read_samples()]


def report(graded: Sequence[Graded]) -> Iterator[str]:
    """Recall by language and by kind, then every fault."""
    for name, of in (("language", lambda one, _: one.sample.language), ("kind", lambda _, fact: str(fact[0]))):
        kept = Counter(of(one, fact) for one in graded for fact in one.kept)
        told = Counter(of(one, fact) for one in graded for fact in one.sample.told)
        yield f"recall by {name}"
        yield from (f"  {key:16} {kept[key] / told[key]:.3f}  {kept[key]}/{told[key]}" for key in sorted(told))
    kept_all, told_all = sum(len(one.kept) for one in graded), sum(len(one.sample.told) for one in graded)
    yield f"{len(graded)} handoffs: recall {kept_all / told_all:.3f}, " + ", ".join(
        f"{sum(len(getattr(one, name)) for one in graded)} {name.replace('_', ' ')}"
        for name in ("unfounded", "asked_again", "faults")
    )
    for one in graded:
        lines = [f"lost {kind} {value}" for kind, value in one.lost]
        lines += [f"{name}: {fault}" for name in ("unfounded", "asked_again", "faults") for fault in getattr(one, name)]
        yield from (f"  {one.sample.id}: {line}" for line in lines)


def run_packet_eval(library_folder: Path) -> int:
    """Print the report; 1 when anything is unfounded, asked again or unreadable."""

    async def run() -> list[Graded]:
        library = await open_library(library_folder)
        with tempfile.TemporaryDirectory() as folder:
            return await grade_all(library, Path(folder))

    graded = asyncio.run(run())
    print("\n".join(report(graded)))
    return int(any(one.unfounded or one.asked_again or one.faults for one in graded))
