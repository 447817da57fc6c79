"""What a page's main thread works on, task by task, as Chromium's own trace has it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

CATEGORIES = ["toplevel", "devtools.timeline"]
TASK = "ThreadControllerImpl::RunTask"


@dataclass(frozen=True, slots=True)
class Task:
    """Milliseconds: by the clock, and of processor time, which other work on the machine does not lengthen as much."""

    wall: float
    processor: float


@dataclass
class Trace:
    """What happened in all of the browser's processes; complete once ``traced`` has ended."""

    events: list[Mapping[str, Any]] = field(default_factory=list)

    def tasks_of(self, script: str) -> list[Task]:
        """The tasks of the thread that ran the script whose address has this in it; none when no thread did."""
        ran = [_thread(one) for one in self.events if script in str(one["args"].get("data", ""))]
        if not ran:
            return []
        page = max(set(ran), key=ran.count)
        return [
            Task(one["dur"] / 1000, one.get("tdur", 0) / 1000)
            for one in self.events
            if one["name"] == TASK and _thread(one) == page and "dur" in one
        ]


@asynccontextmanager
async def traced(browser: Any) -> AsyncIterator[Trace]:
    """Everything the browser does inside of the block."""
    inside, trace, complete = await browser.new_browser_cdp_session(), Trace(), asyncio.Event()
    inside.on("Tracing.dataCollected", lambda some: trace.events.extend(some["value"]))
    inside.on("Tracing.tracingComplete", lambda _: complete.set())
    asked = {"traceConfig": {"includedCategories": CATEGORIES}, "transferMode": "ReportEvents"}
    await inside.send("Tracing.start", asked)
    try:
        yield trace
    finally:
        await inside.send("Tracing.end")
        await asyncio.wait_for(complete.wait(), 30)
        await inside.detach()


def _thread(event: Mapping[str, Any]) -> tuple[int, int]:
    return event["pid"], event["tid"]
