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
from collections.abc import Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import Any

from agent.settings import Settings
from evals.loopback import Loopback
from evals.service_bench import announced_port, cpu_seconds, memory, percentiles, served, shopper_tokens

FIRST_TOKEN_MS = 50
CALLS_A_TURN = 2
WAITED_MS = FIRST_TOKEN_MS * CALLS_A_TURN
CONVERSATIONS, TURNS, LONG = 50, 6, 50
LINES = (
    "hola, te escribo para contarte de mi última compra",
    "resulta que era un regalo para mi hermana y le encantó",
    "ella vive lejos y por eso lo pedí con tiempo",
    "la caja venía muy bien cerrada y con su moño",
    "también me gustó la tarjeta que le pusieron adentro",
    "muy amables, eso era todo por ahora",
    "me acordé de que pronto es el cumpleaños de mi abuela",
    "ella prefiere los colores claros y las cosas sencillas",
    "el otro día me enseñó unos tenis muy bonitos",
    "en fin, quería que lo supieran y darles las gracias",
)
"""Nothing that needs an action or a person, and no question twice: the LLM answers every one."""


@dataclass(slots=True)
class Heard:
    """Seconds of one turn: to the first words, and to the end; who answered."""

    first: float
    whole: float
    model: str


@dataclass(slots=True)
class Talks:
    """Every turn in the order it ended, and those of each conversation in theirs."""

    turns: list[Heard] = field(default_factory=list)

    def others(self) -> int:
        """Turns that the LLM did not answer: nothing was measured there."""
        return sum(one.model != "openai:local" for one in self.turns)


def run_llm_bench(*, rounds: int = 2) -> int:
    """Print the figures; 1 when a turn was not answered by the LLM."""
    return asyncio.run(_run(rounds))


async def _run(rounds: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        _take_along(Settings().data_dir, Path(folder))
        async with _llm() as url, served(Path(folder), _with(url)) as (port, pid, _):
            tokens = await shopper_tokens(port)
            names = count()
            await _many(port, tokens, 4, names)
            alone = Talks()
            for token in tokens[:5]:
                alone.turns += (await _talk(port, token, TURNS, names)).turns
            long = [await _talk(port, token, LONG, names) for token in tokens[5:8]]
            cpu, began = cpu_seconds(pid), time.perf_counter()
            many = [await _many(port, tokens, CONVERSATIONS, names) for _ in range(rounds)]
            took, cpu = time.perf_counter() - began, cpu_seconds(pid) - cpu
            every = [one for talks in many for one in talks.turns]
            _print(alone, long, every, took, cpu)
            print(
                f"RSS now, peak               {memory(pid, 'VmRSS'):.0f} MB, {memory(pid, 'VmHWM'):.0f} MB   (aim: < 400 MB)"
            )
            strays = sum(talks.others() for talks in (alone, *long, *many))
            if strays:
                print(f"failed: {strays} turns were not answered by the LLM")
            return int(strays > 0)


def _take_along(prepared: Path, folder: Path) -> None:
    """What was learnt and indexed before; without it the first start takes half a minute."""
    for name in ("escalation.npz", "index", "topics"):
        if (prepared / name).is_dir():
            shutil.copytree(prepared / name, folder / name)
        elif (prepared / name).exists():
            shutil.copy(prepared / name, folder / name)


def _print(alone: Talks, long: Sequence[Talks], many: Sequence[Heard], took: float, cpu: float) -> None:
    first = [1000 * one.first - WAITED_MS for one in alone.turns]
    whole = [1000 * one.whole - WAITED_MS for one in alone.turns]
    early = [one.whole for talks in long for one in talks.turns[:3]]
    late = [one.whole for talks in long for one in talks.turns[-3:]]
    ratio = statistics.median(late) / statistics.median(early)
    added = (1000 * statistics.median(late) - WAITED_MS) / max(1000 * statistics.median(early) - WAITED_MS, 0.1)
    print(
        f"LLM                         {FIRST_TOKEN_MS} ms to the first token, {CALLS_A_TURN} calls a turn, one worker"
    )
    print(f"one shopper, first words    +{statistics.median(first):.1f} ms p50 over the two calls   (aim: <= 30)")
    print(f"one shopper, whole turn     +{statistics.median(whole):.1f} ms p50 over the two calls")
    print(f"turn {LONG} to turn 1           {ratio:.2f} times; what we add alone {added:.2f} times   (aim: <= 1.2)")
    print(f"{CONVERSATIONS} conversations at a time  {percentiles([one.whole for one in many])}")
    print(f"turns a second              {len(many) / took:.1f}   (aim: >= 40)")
    print(f"server CPU a turn           {1000 * cpu / max(1, len(many)):.1f} ms")


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


async def _many(port: int, tokens: Sequence[str], conversations: int, names: Any) -> Talks:
    people = cycle(tokens)
    talks = await asyncio.gather(*(_talk(port, next(people), TURNS, names) for _ in range(conversations)))
    return Talks([one for each in talks for one in each.turns])


async def _talk(port: int, token: str, turns: int, names: Any) -> Talks:
    talks = Talks()
    async with Loopback(port) as client:
        _, opened = await client.post("/v1/conversations", {"shopper_token": token}, {})
        lines = cycle(LINES)
        for _ in range(turns):
            talks.turns.append(await _say(client, opened, next(lines), f"l{next(names)}"))
    return talks


async def _say(client: Loopback, opened: Mapping[str, Any], line: str, name: str) -> Heard:
    path, headers = f"/v1/conversations/{opened['id']}/messages", {"X-Conversation-Token": str(opened["token"])}
    began, first, model = time.perf_counter(), 0.0, ""
    async for chunk in client.stream(path, {"text": line, "client_message_id": name}, headers):
        if not first and b"event: message.delta" in chunk:
            first = time.perf_counter() - began
        if b"event: done" in chunk:
            model = "openai:local" if b'"model":"openai:local"' in chunk.replace(b": ", b":") else "another"
    return Heard(first, time.perf_counter() - began, model)
