"""Leaves an LLM alone for a while after it failed again and again, so that shoppers do not wait for it each time."""

from __future__ import annotations

from collections.abc import Callable

LONGEST_REST_S = 300.0


class Breaker:
    """Open after ``failures`` in a row, for ``rest_s`` seconds of ``clock`` (monotonic seconds).

    When the rest is over one caller may try; only when that one succeeds may all of them again.
    """

    def __init__(self, *, clock: Callable[[], float], failures: int = 3, rest_s: float = 30.0) -> None:
        self._clock = clock
        self._bound = failures
        self._rest_s = rest_s
        self._failures = 0
        self._until: float | None = None

    def allows(self) -> bool:
        """Whether the LLM may be asked now. Who is told yes after a rest is the one who tries; others wait on."""
        if self._until is None:
            return True
        if self._clock() < self._until:
            return False
        self._until = self._clock() + self._rest_s
        return True

    @property
    def is_open(self) -> bool:
        """Whether the LLM failed and has not answered since; asking costs nothing."""
        return self._until is not None

    def succeeded(self) -> None:
        """The LLM answered."""
        self._failures = 0
        self._until = None

    def failed(self, rest_s: float | None = None) -> None:
        """The LLM did not answer. ``rest_s`` is how long its endpoint wants to be left alone, if it said so."""
        self._failures += 1
        again_and_again = self._until is not None or self._failures >= self._bound
        seconds = max(min(rest_s or 0.0, LONGEST_REST_S), self._rest_s if again_and_again else 0.0)
        if seconds:
            self._until = max(self._until or 0.0, self._clock() + seconds)
