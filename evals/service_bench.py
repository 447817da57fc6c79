"""``postventa bench``: the real server in a process of its own, shoppers in mixed flows over loopback.

Prints turns a second, latency percentiles and memory. Figures of one run are only comparable with figures of the same
run: machines are noisy.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import Any

from evals.loopback import Loopback

START_S = 300
FLOWS: Sequence[tuple[bool, Sequence[str]]] = (
    (True, ("hola, ¿dónde está mi pedido?", "¿y cuánto tengo para devolver algo?", "gracias")),
    (False, ("where is my order?", "10003, emma.clark@example.com", "thanks")),
    (True, ("compré unos tenis y necesito una talla más", "no, mejor no", "gracias")),
    (True, ("quiero devolver algo", "lo primero", "me queda chico", "no")),
    (False, ("¿cuánto cuesta el envío?", "¿y puedo pagar en efectivo?", "ok")),
    (True, ("I want to change the delivery address of my order", "12 Main Street, Austin, 78701", "no")),
    (False, ("¿qué tiempo hace hoy?", "ponme con una persona por favor")),
    (True, ("cadê meu pedido?", "e o reembolso?", "obrigado")),
)


@dataclass(slots=True)
class Tally:
    """What was measured: seconds of each turn, and whatever went wrong."""

    seconds: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)

    def fail(self, what: str) -> None:
        """Count a failure by name."""
        self.failures[what] = self.failures.get(what, 0) + 1


def run_service_bench(*, shoppers: int = 50, seconds: int = 20) -> int:
    """Start the demo, drive it with one shopper and then with many; 1 when any turn failed."""
    return asyncio.run(_run(shoppers, seconds))


async def _run(shoppers: int, seconds: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder)) as (_, _, first):
            pass  # makes the databases, as a first start does
        async with served(Path(folder)) as (port, pid, again):
            tokens = await shopper_tokens(port)
            await _drive(port, tokens, shoppers=2, seconds=2)
            alone = await _drive(port, tokens, shoppers=1, seconds=max(5, seconds // 4))
            cpu, own = cpu_seconds(pid), time.process_time()
            many = await _drive(port, tokens, shoppers=shoppers, seconds=seconds)
            cpu, own = cpu_seconds(pid) - cpu, time.process_time() - own
            print(f"ready to answer after    {again:6.1f} s (first start {first:.1f} s)")
            print(f"one shopper              {percentiles(alone.seconds)}")
            print(f"{shoppers:3} shoppers, {seconds:3} s       {percentiles(many.seconds)}")
            print(f"turns a second           {len(many.seconds) / seconds:6.1f}")
            print(f"server CPU a turn        {1000 * cpu / max(1, len(many.seconds)):6.1f} ms")
            print(f"this client's CPU a turn {1000 * own / max(1, len(many.seconds)):6.1f} ms")
            print(f"RSS now, peak            {memory(pid, 'VmRSS'):.0f} MB, {memory(pid, 'VmHWM'):.0f} MB")
            for name, times in {**alone.failures, **many.failures}.items():
                print(f"failed: {name} x {times}")
            return 1 if alone.failures or many.failures else 0


@asynccontextmanager
async def served(folder: Path, more: Mapping[str, str] | None = None) -> Any:
    """The demo server on a free port: ``(port, pid, seconds until it was ready)``. Ended by its own pid."""
    environment = {
        **os.environ,
        **(more or {}),
        "PORT": "0",
        "POSTVENTA_DATA_DIR": str(folder),
        "POSTVENTA_MESSAGES_PER_MINUTE": "1000000",
        "POSTVENTA_CONVERSATIONS_PER_MINUTE": "1000000",
        "POSTVENTA_LOG_LEVEL": "ERROR",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as make does
    warm = await asyncio.create_subprocess_exec(sys.executable, "-m", "agent", "prepare", env=environment)
    await warm.wait()
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "agent", "serve", "--demo", env=environment, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(START_S):
            port = await announced_port(process)
        yield port, process.pid, time.perf_counter() - began
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.wait()


async def announced_port(process: asyncio.subprocess.Process) -> int:
    """The port in the address that a server prints when it is ready. Raises ``RuntimeError`` when it ends before."""
    if process.stdout is None:
        raise RuntimeError("the server has no output")
    while line := (await process.stdout.readline()).decode():
        if match := re.search(r"http://127\.0\.0\.1:(\d+)", line):
            return int(match.group(1))
    raise RuntimeError("the server ended before it was ready")


async def shopper_tokens(port: int) -> list[str]:
    """Of every customer of the demo shop."""
    async with Loopback(port) as client:
        _, people = await client.get("/demo/customers")
        return [str(one["shopper_token"]) for one in people]


async def _drive(port: int, tokens: Sequence[str], *, shoppers: int, seconds: float) -> Tally:
    tally, until = Tally(), time.perf_counter() + seconds
    flows, people, numbers = cycle(FLOWS), cycle(tokens), count()
    await asyncio.gather(*(_shop(port, flows, people, numbers, tally, until) for _ in range(shoppers)))
    return tally


async def _shop(
    port: int, flows: Iterator[Any], people: Iterator[str], numbers: Iterator[int], tally: Tally, until: float
) -> None:
    async with Loopback(port) as client:
        while time.perf_counter() < until:
            signed_in, lines = next(flows)
            body: dict[str, str] = {"shopper_token": next(people)} if signed_in else {}
            status, opened = await client.post("/v1/conversations", body, {})
            if status >= 400:
                tally.fail(f"open {status}")
                continue
            for line in lines:
                if time.perf_counter() >= until:
                    return
                await _say(client, opened, line, next(numbers), tally)


async def _say(client: Loopback, opened: Mapping[str, Any], line: str, number: int, tally: Tally) -> None:
    began = time.perf_counter()
    path, headers = f"/v1/conversations/{opened['id']}/messages", {"X-Conversation-Token": str(opened["token"])}
    status, answer = await client.post(path, {"text": line, "client_message_id": f"b{number}"}, headers)
    tally.seconds.append(time.perf_counter() - began)
    if status != 200 or (answer["reply"] is None and answer["status"] == "bot"):
        tally.fail(f"message {status}")


def percentiles(seconds: Sequence[float]) -> str:
    """How many, and three percentiles in milliseconds."""
    if not seconds:
        return "no turns"
    ranked = sorted(seconds)
    p50, p95, p99 = (1000 * ranked[min(len(ranked) - 1, int(len(ranked) * part))] for part in (0.5, 0.95, 0.99))
    return f"{len(ranked):5} turns   p50 {p50:6.1f}   p95 {p95:6.1f}   p99 {p99:6.1f} ms"


def memory(pid: int, name: str) -> float:
    """MB, as Linux counts it."""
    match = re.search(rf"{name}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(match.group(1)) / 1024 if match else 0.0


def cpu_seconds(pid: int) -> float:
    """User and system time of the process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
