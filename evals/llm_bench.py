"""``postventa bench --llm``: the service with an LLM that reads 50 ms and calls a tool before it answers, over loopback.

The LLM is the local OpenAI-protocol server, in a process of its own: what is measured is what the service adds.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count, cycle
from pathlib import Path
from typing import Any

from agent.settings import Settings
from evals.loopback import Loopback
from evals.service_bench import announced_port, cpu_seconds, memory, percentiles, served
from evals.talk import Line, read_talk
from tools.shop.demo import demo_shop
from tools.shop.models import OrderStatus

FIRST_TOKEN_MS = 50
CALLS_A_TURN = 2
WAITED_MS = FIRST_TOKEN_MS * CALLS_A_TURN
CONVERSATIONS, TURNS, LONG = 50, 6, 50
EDGE = 5
"""Turns at either end of a long conversation that are compared; each begins elsewhere in the talk, so that the lines average out."""

LONG_TALKS = 6
LANGUAGE = "es"


@dataclass(frozen=True, slots=True)
class Person:
    """A shopper who is signed in, and an order of theirs that is on its way."""

    token: str
    order: str


@dataclass(slots=True)
class Heard:
    """Seconds of one turn: to the first words, and to the end; whether the LLM answered, with one tool call before."""

    first: float
    whole: float
    as_meant: bool


@dataclass(slots=True)
class Talk:
    """One conversation. ``cpu`` is what the server took for its first and its last turns, in seconds."""

    turns: list[Heard] = field(default_factory=list)
    cpu: tuple[float, float] = (0.0, 0.0)

    def strays(self) -> int:
        """Turns in which nothing was measured: another model answered, or no tool was called."""
        return sum(not one.as_meant for one in self.turns)


def run_llm_bench(*, rounds: int = 3) -> int:
    """Print the figures; 1 when a turn was not answered by the LLM."""
    return asyncio.run(_run(rounds))


async def _run(rounds: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        _take_along(Settings().data_dir, Path(folder))
        async with _llm() as url, served(Path(folder), _with(url)) as (port, pid, _):
            bench = Bench(port, pid, await _people(port))
            await bench.many(CONVERSATIONS // 5)
            alone = [await bench.talk(TURNS) for _ in range(EDGE)]
            long = [await bench.long_talk(LONG * number // LONG_TALKS) for number in range(LONG_TALKS)]
            cpu, began = cpu_seconds(pid), time.perf_counter()
            many = [talk for _ in range(rounds) for talk in await bench.many(CONVERSATIONS)]
            took, cpu = time.perf_counter() - began, cpu_seconds(pid) - cpu
            _print(alone, long, [one for talk in many for one in talk.turns], took, cpu)
            rss, peak = memory(pid, "VmRSS"), memory(pid, "VmHWM")
            print(f"RSS now, peak               {rss:.0f} MB, {peak:.0f} MB   (aim: < 400 MB)")
            strays = sum(talk.strays() for talk in (*alone, *long, *many))
            if strays:
                print(f"failed: {strays} turns were not a tool call and words of the LLM")
            return int(strays > 0)


class Bench:
    """Holds conversations with the server at ``port``, whose process is ``pid``."""

    def __init__(self, port: int, pid: int, people: Sequence[Person]) -> None:
        self._port, self._pid = port, pid
        self._people = cycle(people)
        self._names = count()

    async def many(self, conversations: int) -> Sequence[Talk]:
        """At a time."""
        return await asyncio.gather(*(self.talk(TURNS, TURNS * number) for number in range(conversations)))

    async def talk(self, turns: int, at: int = 0) -> Talk:
        """So many turns, from that line of the talk on."""
        talk = Talk()
        async with self._opened() as say:
            talk.turns = [await say(line) for line in _lines(turns, at)]
        return talk

    async def long_talk(self, at: int) -> Talk:
        """All lines of the talk, with the processor's time at both ends."""
        talk, marks = Talk(), [cpu_seconds(self._pid)]
        async with self._opened() as say:
            for number, line in enumerate(_lines(LONG, at), 1):
                talk.turns.append(await say(line))
                if number in (EDGE, LONG - EDGE, LONG):
                    marks.append(cpu_seconds(self._pid))
        talk.cpu = (marks[1] - marks[0], marks[3] - marks[2])
        return talk

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Any]:
        person = next(self._people)
        async with Loopback(self._port) as client:
            _, opened = await client.post("/v1/conversations", {"shopper_token": person.token, "locale": LANGUAGE}, {})

            async def say(line: Line) -> Heard:
                return await _say(client, opened, line.about(person.order), f"l{next(self._names)}")

            yield say


def _lines(turns: int, at: int) -> Sequence[Line]:
    talk = read_talk()
    return [talk[(at + number) % len(talk)] for number in range(turns)]


async def _people(port: int) -> list[Person]:
    """Customers of the demo shop who have something on its way and speak the talk's language."""
    data = demo_shop(datetime.now(UTC))
    orders = {one.customer_id: one.number for one in data.orders if one.status is OrderStatus.SHIPPED}
    numbers = {one.email: orders.get(one.id) for one in data.customers if one.language == LANGUAGE}
    async with Loopback(port) as client:
        _, found = await client.get("/demo/customers")
    return [Person(str(one["shopper_token"]), number) for one in found if (number := numbers.get(one["email"]))]


def _print(alone: Sequence[Talk], long: Sequence[Talk], many: Sequence[Heard], took: float, cpu: float) -> None:
    first = [1000 * one.first - WAITED_MS for talk in alone for one in talk.turns]
    whole = [1000 * one.whole - WAITED_MS for talk in alone for one in talk.turns]
    early = _median(one.whole for talk in long for one in talk.turns[:EDGE])
    late = _median(one.whole for talk in long for one in talk.turns[-EDGE:])
    cpu_early, cpu_late = (1000 * sum(talk.cpu[end] for talk in long) / (EDGE * len(long)) for end in (0, 1))
    print(
        f"LLM                         {FIRST_TOKEN_MS} ms to the first token, {CALLS_A_TURN} calls a turn, one worker"
    )
    print(f"one shopper, first words    +{_median(first):.1f} ms p50 over the two calls   (aim: <= 30)")
    print(f"one shopper, whole turn     +{_median(whole):.1f} ms p50 over the two calls")
    print(f"turn {LONG} to turn 1           {late / early:.2f} times   (aim: <= 1.2)")
    print(f"  server CPU of each        {cpu_late:.1f} ms, {cpu_early:.1f} ms: {cpu_late / cpu_early:.2f} times")
    print(f"{CONVERSATIONS} conversations at a time  {percentiles([one.whole for one in many])}")
    print(f"turns a second              {len(many) / took:.1f}   (aim: >= 40)")
    print(f"server CPU a turn           {1000 * cpu / max(1, len(many)):.1f} ms")


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


def _take_along(prepared: Path, folder: Path) -> None:
    """What was learnt and indexed before; without it the first start takes half a minute."""
    for name in ("escalation.npz", "index", "topics"):
        if (prepared / name).is_dir():
            shutil.copytree(prepared / name, folder / name)
        elif (prepared / name).exists():
            shutil.copy(prepared / name, folder / name)


@asynccontextmanager
async def _llm() -> Any:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "evals.openai_server", "--port", "0", "--first-token-ms", str(FIRST_TOKEN_MS),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{await announced_port(process)}/v1"
    finally:
        process.terminate()
        await process.wait()


def _with(url: str) -> Mapping[str, str]:
    return {"POSTVENTA_MODEL": "openai:local", "OPENAI_API_KEY": "sk-bench", "OPENAI_BASE_URL": url}


async def _say(client: Loopback, opened: Mapping[str, Any], text: str, name: str) -> Heard:
    path, headers = f"/v1/conversations/{opened['id']}/messages", {"X-Conversation-Token": str(opened["token"])}
    began, first, looked, by_llm = time.perf_counter(), 0.0, 0, False
    async for chunk in client.stream(path, {"text": text, "client_message_id": name}, headers):
        looked += chunk.count(b"event: tool.finished")
        if not first and b"event: message.delta" in chunk:
            first = time.perf_counter() - began
        if b"event: done" in chunk:
            by_llm = b'"model":"openai:local"' in chunk.replace(b": ", b":")
    return Heard(first, time.perf_counter() - began, by_llm and looked == CALLS_A_TURN - 1)
