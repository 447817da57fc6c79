"""Two services on one PostgreSQL: whoever answers, every message is answered once and every change is made once."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.casework.answering import Answering
from agent.casework.ports import Claim, LeaseLost
from agent.casework.receiving import Reception
from agent.conversation import Action, ActionStatus, Speaker, TurnKind, TurnStatus
from evals.world import Clock, Talk, World
from tools.shop.port import Shop

Propose = Callable[[Talk], Awaitable[Action]]
NoteOf = Callable[[World], Awaitable[str]]

LUCIA, NOTE = "lucia-hernandez", "toca el timbre azul"


@pytest.fixture
async def pair(make_world: Any, postgres_url: str, tmp_path: Path) -> tuple[World, World]:
    """Two replicas with one clock. Ids are told apart by the test's folder as well: the database is the run's."""
    clock, name = Clock(), tmp_path.parent.name[-3:] + tmp_path.name[-8:]
    return (
        await make_world(clock=clock, store=postgres_url, name=f"{name}a"),
        await make_world(clock=clock, store=postgres_url, name=f"{name}b"),
    )


async def test_messages_to_both_replicas_at_once_are_each_answered_once(pair: tuple[World, World]) -> None:
    one, other = pair
    talk = await one.open(LUCIA)
    answers = await asyncio.gather(*(talk.say(f"hola {n}", at=(one, other)[n % 2]) for n in range(12)))
    file = await talk.file()
    assert len({answer["id"] for answer in answers}) == 12
    assert sum(message.who is Speaker.SHOPPER for message in file.messages) == 12
    assert sum(message.who is Speaker.AGENT for message in file.messages) == 12
    assert [message.seq for message in file.messages] == list(range(1, 25))
    assert {answer["reply"]["id"] for answer in answers} == {
        message.id for message in file.messages if message.who is Speaker.AGENT
    }


async def test_the_same_message_to_both_replicas_at_once_is_one_turn(pair: tuple[World, World]) -> None:
    one, other = pair
    talk = await one.open(LUCIA)
    answers = await asyncio.gather(
        *(talk.say("hola", client_message_id="m-1", at=at) for at in (one, other, one, other))
    )
    assert all(answer == answers[0] for answer in answers)
    assert len((await talk.file()).messages) == 2


async def test_a_yes_to_both_replicas_at_once_is_one_write(
    pair: tuple[World, World], propose_note: Propose, note_of: NoteOf
) -> None:
    one, other = pair
    talk = await one.open(LUCIA)
    action = await propose_note(talk)
    version = (await one.order(LUCIA, "10002")).version
    await asyncio.gather(
        talk.say("sí", at=one), talk.press(TurnKind.CONFIRM, action.id, at=other), talk.say("sí", at=other)
    )
    assert await note_of(one) == NOTE
    assert (await one.order(LUCIA, "10002")).version == version + 1
    assert [each.status for each in (await talk.file()).actions] == [ActionStatus.EXECUTED]


async def test_a_conversation_goes_on_at_the_other_replica(pair: tuple[World, World], note_of: NoteOf) -> None:
    one, other = pair
    talk = await one.open()
    await talk.say("quiero dejar una nota para el repartidor de mi pedido 10002: toca el timbre azul", at=one)
    await talk.say("lucia.hernandez@example.mx", at=other)
    code = await other.last_code()
    await talk.say(code, at=one)
    await talk.say("sí", at=other)
    assert await note_of(one) == NOTE


async def test_a_turn_whose_replica_died_is_finished_by_the_other(pair: tuple[World, World]) -> None:
    one, other = pair
    talk = await one.open(LUCIA)
    await accepted_only(one, talk, "¿dónde está mi pedido 10002?")
    assert await other.reception.finish_abandoned() == 0, "its lease still runs"
    one.clock.pass_time(seconds=21)
    assert await other.reception.finish_abandoned() == 1
    file = await talk.file()
    assert [message.who for message in file.messages] == [Speaker.SHOPPER, Speaker.AGENT]
    assert "10002" in file.messages[-1].text


async def test_both_replicas_looking_for_abandoned_turns_answer_them_once(pair: tuple[World, World]) -> None:
    one, other = pair
    talks = [await one.open(LUCIA) for _ in range(4)]
    for talk in talks:
        await accepted_only(one, talk, "hola")
    one.clock.pass_time(seconds=21)
    found = await asyncio.gather(one.reception.finish_abandoned(), other.reception.finish_abandoned())
    assert sum(found) == 4
    for talk in talks:
        assert len((await talk.file()).messages) == 2


class Slow:
    """An order system that is slow to answer a write: it is done, and the caller has time to be given up."""

    def __init__(self, inner: Shop) -> None:
        self._inner = inner
        self.written, self.go_on = asyncio.Event(), asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def apply(self, *given: Any, **named: Any) -> Any:
        applied = await self._inner.apply(*given, **named)
        self.written.set()
        await self.go_on.wait()
        return applied


async def test_a_holder_that_was_given_up_stores_nothing_and_what_it_did_is_told_once(
    pair: tuple[World, World], propose_note: Propose, note_of: NoteOf
) -> None:
    one, other = pair
    talk = await one.open(LUCIA)
    action = await propose_note(talk)
    version = (await one.order(LUCIA, "10002")).version
    slow = Slow(one.shop)
    front = replace(one.front, shop=slow)  # type: ignore[arg-type]
    stalled = Answering(replace(one.services, storefronts={front.id: front}))
    claim = await accepted_only(one, talk, "sí")
    late = asyncio.create_task(stalled.answer(claim))
    await slow.written.wait()
    one.clock.pass_time(seconds=21)
    assert await other.reception.finish_abandoned() == 1
    file = await talk.file()
    slow.go_on.set()
    with pytest.raises(LeaseLost):
        await late
    assert await talk.file() == file, "the late holder left no trace"
    assert await note_of(one) == NOTE
    assert (await one.order(LUCIA, "10002")).version == version + 1
    assert [(each.id, each.status) for each in file.actions] == [(action.id, ActionStatus.EXECUTED)]
    assert file.messages[-1].text.startswith("Listo")


async def test_a_yes_that_came_in_time_counts_although_its_replica_died_and_the_time_is_over_now(
    pair: tuple[World, World], propose_note: Propose, note_of: NoteOf
) -> None:
    one, other = pair
    talk = await one.open(LUCIA)
    await propose_note(talk)
    one.clock.pass_time(minutes=14, seconds=55)
    slow = Slow(one.shop)
    front = replace(one.front, shop=slow)  # type: ignore[arg-type]
    claim = await accepted_only(one, talk, "sí")
    late = asyncio.create_task(Answering(replace(one.services, storefronts={front.id: front})).answer(claim))
    await slow.written.wait()
    late.cancel()
    one.clock.pass_time(minutes=5)
    assert await other.reception.finish_abandoned() == 1
    file = await talk.file()
    assert await note_of(one) == NOTE
    assert file.actions[-1].status is ActionStatus.EXECUTED
    assert file.messages[-1].text.startswith("Listo"), "it was done: the shopper is not told that it expired"


CHILD = """
import asyncio, sys
from pathlib import Path
from evals.world import Clock, open_library, open_world, Talk
from agent.casework.opening import Opened

class Stops:
    def __init__(self, inner): self.inner = inner
    def __getattr__(self, name): return getattr(self.inner, name)
    async def apply(self, *given, **named):
        await self.inner.apply(*given, **named)
        print("written", flush=True)
        await asyncio.Event().wait()

async def main(library, folder, url, conversation):
    library = await open_library(Path(library))
    async with open_world(library, Path(folder), store=url, around=Stops, name=conversation + "-child") as world:
        found = await world.services.store.find("demo", conversation)
        await Talk(world, Opened(found[0], "")).say("sí", client_message_id="the-yes")

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_process_killed_right_after_the_write_is_finished_by_another(
    pair: tuple[World, World],
    propose_note: Propose,
    note_of: NoteOf,
    library_folder: Path,
    tmp_path: Path,
    postgres_url: str,
) -> None:
    one, _ = pair
    talk = await one.open(LUCIA)
    action = await propose_note(talk)
    version = (await one.order(LUCIA, "10002")).version
    async with killed_after_the_write(library_folder, tmp_path, postgres_url, talk.opened.conversation.id):
        assert await note_of(one) == NOTE
    assert (await talk.last_action()).status is ActionStatus.PROPOSED, "it died before it could tell"
    one.clock.pass_time(seconds=21)
    assert await one.reception.finish_abandoned() == 1
    file = await talk.file()
    assert (file.actions[-1].id, file.actions[-1].status) == (action.id, ActionStatus.EXECUTED)
    assert (await one.order(LUCIA, "10002")).version == version + 1
    again = await talk.say("sí", client_message_id="the-yes")
    assert again["reply"]["text"] == file.messages[-1].text, "the shopper's app asks again and gets the answer"


@asynccontextmanager
async def killed_after_the_write(library: Path, folder: Path, url: str, conversation: str) -> AsyncIterator[None]:
    """A service in a process of its own that takes the shopper's yes, writes, and is killed before it can store."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, str(library), str(folder), url, conversation, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert child.stdout is not None
        async with asyncio.timeout(120):
            lines = [line async for line in first_lines(child.stdout)]
        assert "written" in lines
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
    yield


async def first_lines(output: asyncio.StreamReader) -> AsyncIterator[str]:
    """Up to the one that says that it is written."""
    while line := (await output.readline()).decode().strip():
        yield line
        if line == "written":
            return


async def accepted_only(world: World, talk: Talk, text: str) -> Claim:
    """What a replica does before it dies: it takes the message and the lease."""
    taken: list[Claim] = []

    class Dies(Reception):
        async def _run(self, claim: Claim) -> None:
            taken.append(claim)
            raise ConnectionAbortedError

    dying = replace(world, parts=replace(world.parts, reception=Dies(world.services)))
    with pytest.raises(ConnectionAbortedError):
        await talk.say(text, at=dying)
    assert taken[0].turn.status is TurnStatus.ACCEPTED
    return taken[0]
