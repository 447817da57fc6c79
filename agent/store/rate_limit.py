"""Rate limits within this process: a moving window, exact to the hit."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

FIRST_SWEEP = 1024


@dataclass(slots=True)
class _Window:
    hits: deque[float] = field(default_factory=deque)
    over_at: float = 0.0


class MemoryRateLimit:
    """``casework.ports.RateLimit`` for a service that is one process. ``clock`` counts seconds from anywhere.

    Not the ``limits`` package's own memory storage: that walks over every key it knows while there is traffic.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, str], _Window] = {}
        self._sweep_at = FIRST_SWEEP

    async def hit(self, name: str, key: str, *, limit: int, per_s: int) -> int:
        """See the port."""
        now = self._clock()
        if len(self._windows) >= self._sweep_at:
            self._sweep(now)
        window = self._windows.setdefault((name, key), _Window())
        while window.hits and window.hits[0] <= now - per_s:
            window.hits.popleft()
        if len(window.hits) >= limit:
            return max(1, ceil(window.hits[-limit] + per_s - now)) if limit > 0 else per_s
        window.hits.append(now)
        window.over_at = now + per_s
        return 0

    async def close(self) -> None:
        """There are no connections."""

    def _sweep(self, now: float) -> None:
        self._windows = {key: window for key, window in self._windows.items() if window.over_at > now}
        self._sweep_at = max(FIRST_SWEEP, 2 * len(self._windows))
