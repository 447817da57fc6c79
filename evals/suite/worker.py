"""Plays jobs in one process: the library is opened once, a world for each case."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2

from agent.app.logging import configure_logging
from agent.app.thinking import Thinking, open_loop, open_sentences
from agent.settings import Settings
from evals.suite.agents import receiving_for
from evals.suite.asking import ask_for
from evals.suite.casefile.case import Case
from evals.suite.casefile.shopper import Goal, Simulated
from evals.suite.door import Door
from evals.suite.play import Play, Run, digest_of
from evals.suite.remote import Remote
from evals.suite.shoppers import Player
from evals.suite.shoppers.goal import GoalPlayer
from evals.suite.shoppers.script import ScriptPlayer
from evals.suite.shoppers.simulated import Ask, SimulatedPlayer
from evals.suite.suites import Job
from evals.suite.trajectory import Timing, Trajectory, Versions
from evals.suite.twin.stage import Stage
from evals.suite.twin.venue import open_twin
from evals.suite.venue import Venue
from evals.suite.versions import versions_at, versions_here
from evals.world import Library, open_library

Played = tuple[Trajectory, Timing]


@dataclass(frozen=True, slots=True)
class Setup:
    """How to play: where the library is, which model, which target, and which stand-in for the agent (none: the product).

    It is all that a worker process is told.
    """

    library: Path
    model: str = "embedded"
    target: str = ""
    agent: str = ""


class Worker:
    """Plays one job after the other. ``thinking`` replaces the model, ``setup.agent`` all of the agent. Raises ``Misconfigured``."""

    def __init__(
        self, setup: Setup, stage: Stage | None, thinking: Thinking | None, versions: Versions, ask: Ask | None = None
    ) -> None:
        self._setup = setup
        self._stage = stage
        self._thinking = thinking
        self._versions = versions
        self._ask = ask
        self._receiving = receiving_for(setup.agent)

    async def play(self, job: Job) -> Played:
        """Play it. Raises ``Unreachable``."""
        if job.unplayable:
            return _unplayed(job, self._versions, "no_data", job.unplayable)
        player = player_for(job.case, job.run, self._ask)
        if player is None:
            return _unplayed(job, self._versions, "no_model", "the shopper takes a model (--model)")
        if self._stage is None:
            async with httpx2.AsyncClient(base_url=self._setup.target, timeout=120.0) as client:
                return await self._through(Remote(job.case, Door(client)), job, player)
        async with open_twin(self._stage, job.case, job.run.seed, self._thinking, receiving=self._receiving) as twin:
            return await self._through(twin, job, player)

    async def _through(self, venue: Venue, job: Job, player: Player) -> Played:
        return await Play(job.case, venue, player, self._versions, job.run).to_the_end()


def player_for(case: Case, run: Run, ask: Ask | None) -> Player | None:
    """The shopper of a case; none when it takes a model and there is none."""
    shopper = case.shopper
    if isinstance(shopper, Simulated):
        return SimulatedPlayer(shopper, case.language, ask) if ask else None
    if isinstance(shopper, Goal):
        return GoalPlayer(shopper, case.language, run.opening)
    return ScriptPlayer(shopper, run.opening)


@contextmanager
def open_worker(setup: Setup, library: Library | None = None) -> Iterator[Callable[[Sequence[Job]], Iterator[Played]]]:
    """Something that plays jobs in this process, in their order. Raises ``Misconfigured`` and ``Unreachable``."""
    configure_logging("ERROR")
    settings = Settings(data_dir=setup.library, model=setup.model)
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        ask = ask_for(settings, "conversation")
        if setup.target:
            worker = Worker(setup, None, None, versions_at(setup.target), ask)
        else:
            library = library or runner.run(open_library(setup.library))
            thinking = replace(library.thinking, loop=open_loop(settings, open_sentences()))
            stage = Stage(library, Path(folder))
            worker = Worker(setup, stage, thinking, versions_here(setup.model, setup.agent), ask)

        def play(jobs: Iterable[Job]) -> Iterator[Played]:
            for job in jobs:
                yield runner.run(worker.play(job))

        yield play
        if ask is not None:
            runner.run(ask.aclose())


def _unplayed(job: Job, versions: Versions, ended: str, why: str) -> Played:
    trajectory = Trajectory(
        case=job.case, case_digest=digest_of(job.case), seed=job.run.seed, trial=job.run.trial, opening=job.run.opening,
        language=job.case.language, versions=versions, ended=ended, why=why,
        disclosure="", turns=(), world=(), actions=(), handoffs=(), changes=None, events=(), status="bot",
    )  # fmt: skip
    return trajectory, Timing(key=trajectory.key, turns_ms=(), total_ms=0)
