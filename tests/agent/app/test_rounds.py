"""Work beside the service goes on, whatever a round ran into."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from agent.app.rounds import do_rounds


@pytest.mark.parametrize(
    "error", [OSError(), TimeoutError(), OperationalError("SELECT 1", {}, OSError("a row")), KeyError()]
)
async def test_a_round_that_fails_is_logged_and_the_next_one_comes(error: Exception) -> None:
    done, again = [], asyncio.Event()

    async def work() -> None:
        done.append(len(done))
        if len(done) == 1:
            raise error
        again.set()

    with capture_logs() as lines:
        rounds = asyncio.create_task(do_rounds("letters", 0.0, work))
        async with asyncio.timeout(5):
            await again.wait()
        rounds.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await rounds
    assert rounds.cancelled()
    assert lines[0] == {
        "event": "round_failed",
        "rounds": "letters",
        "error": type(error).__name__,
        "log_level": "warning",
    }


async def test_rounds_end_when_they_are_cancelled_in_the_middle_of_one() -> None:
    begun = asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    rounds = asyncio.create_task(do_rounds("letters", 0.0, hang))
    await begun.wait()
    rounds.cancel()
    with pytest.raises(asyncio.CancelledError):
        await rounds
