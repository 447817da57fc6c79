"""``postventa eval tau``: the benchmark's tasks on the imported shop, and the count that end in the golden state."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from agent.app.logging import configure_logging
from agent.errors import Misconfigured
from agent.settings import Settings
from evals.suite.door import Unreachable
from evals.tau_goal_run import Told, tell
from evals.tau_model_run import models_for, read_scenarios, tell_with_models, upstream_faults
from evals.tau_replay import Result, replay
from evals.tau_shop import import_shop
from evals.tau_tasks import Task, read_tasks
from evals.world import open_library
from tools.policy.loader import load_policy

POLICY = Path(__file__).parents[1] / "tools" / "policy" / "tau_retail"
NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
MODES = ("oracle", "goal", "model")


def run_tau(data: Path, tasks: str, mode: str, library: Path = Path("var"), most: int = 0) -> int:
    """Print each miss with its reason and the count; 0 when it is what it should be, 2 when there is nothing to run on.

    ``oracle`` replays the reference actions of all tasks of both benchmarks, and all have to match. ``goal`` has a
    scripted shopper tell the tasks of ``tasks.json`` to the whole service, ``model`` an LLM, to the service with an LLM;
    there the count is the result. 3 when the model does not answer.
    """
    if mode not in MODES or not (data / tasks).is_file():
        print(
            f"postventa: --mode {', '.join(MODES)} and a folder with db.json and {tasks} are wanted, not {mode} on {data}"
        )
        return 2
    configure_logging("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        if mode == "model":
            return _with_models(data, tasks, library, Path(folder), most)
        if mode == "goal":
            return _report_told(asyncio.run(_tell(data, tasks, library, Path(folder))))
        return _report_replayed(asyncio.run(_replay(data, Path(folder))))


def _report_replayed(results: Sequence[Result]) -> int:
    wrong = [one for one in results if not one.matches]
    for one in wrong:
        print(f"{one.task_id}: {one.answers}\n  changed  {one.changed}\n  expected {one.expected}")
    print(f"{len(results) - len(wrong)} of {len(results)} tasks match")
    return 1 if wrong else 0


def _report_told(results: Sequence[Told]) -> int:
    for one in results:
        if not one.right:
            print(f"{one.task_id} ({', '.join(one.kinds)}): {one.why}")
    for name, part in (
        ("one wish", [one for one in results if len(one.kinds) == 1]),
        ("any number of wishes", results),
    ):
        print(f"{sum(one.right for one in part)} of {len(part)} tasks with {name} end in the golden state")
    print("misses by kind:", dict(Counter(one.why.split(":")[0] for one in results if not one.right)))
    return 0


def _with_models(data: Path, tasks: str, library: Path, folder: Path, most: int) -> int:
    """The first ``most`` tasks with a write (0: all), and which of the benchmark's golden states were put right."""
    try:
        told = asyncio.run(_tell_with_models(data, tasks, library, folder, most))
    except Misconfigured as wrong:
        print(f"postventa: {wrong}", file=sys.stderr)
        return 2
    except Unreachable as broken:
        print(f"postventa: nothing can be said: {broken}", file=sys.stderr)
        return 3
    code = _report_told(told)
    faults = upstream_faults(data)
    print(f"golden states put right against the published ones: {len(faults)}")
    print("\n".join(f"  {one}" for one in faults))
    return code


async def _tell_with_models(data: Path, tasks: str, library: Path, folder: Path, most: int) -> list[Told]:
    settings = Settings()
    if settings.model == "embedded" or not settings.openai_api_key.get_secret_value():
        raise Misconfigured("--mode model: POSTVENTA_MODEL=openai:NAME and OPENAI_API_KEY are wanted, for both sides")
    shelf, ask = models_for(settings, await open_library(library))
    shop = await import_shop(data / "db.json", folder / "template.db")
    wanted = [task for task in _of_file(data, tasks) if task.writes]
    scenarios = read_scenarios(data, tasks)
    chosen = wanted[:most] if most else wanted
    try:
        return await tell_with_models(chosen, scenarios, shop, load_policy(POLICY), shelf, ask, NOW, folder)
    finally:
        await shelf.thinking.loop.close()


async def _replay(data: Path, folder: Path) -> list[Result]:
    shop = await import_shop(data / "db.json", folder / "template.db")
    return await replay(read_tasks(data), shop, load_policy(POLICY), NOW, folder)


async def _tell(data: Path, tasks: str, library: Path, folder: Path) -> list[Told]:
    shop = await import_shop(data / "db.json", folder / "template.db")
    return await tell(_of_file(data, tasks), shop, load_policy(POLICY), await open_library(library), NOW, folder)


def _of_file(data: Path, tasks: str) -> list[Task]:
    """Those of the newer benchmark; the older one's ids begin with the name of their split."""
    older = ("dev-", "train-")
    return [task for task in read_tasks(data) if task.id.startswith(older) is (tasks != "tasks.json")]
