"""``postventa eval tau``: the benchmark's reference actions through our own tools, and the count that match."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from evals.tau_replay import replay
from evals.tau_shop import import_shop
from evals.tau_tasks import read_tasks
from tools.policy.loader import load_policy

POLICY = Path(__file__).parents[1] / "tools" / "policy" / "tau_retail"
NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


def run_tau(data: Path, tasks: str, mode: str) -> int:
    """Print each miss and the count; 0 when all match, 1 when not, 2 when there is nothing to run on."""
    if mode != "oracle" or not (data / tasks).is_file():
        print(f"postventa: --mode oracle and a folder with db.json and {tasks} are wanted, not {mode} on {data}")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        results = asyncio.run(_replay(data, Path(folder)))
    wrong = [one for one in results if not one.matches]
    for one in wrong:
        print(f"{one.task_id}: {one.answers}\n  changed  {one.changed}\n  expected {one.expected}")
    print(f"{len(results) - len(wrong)} of {len(results)} tasks match")
    return 1 if wrong else 0


async def _replay(data: Path, folder: Path):  # type: ignore[no-untyped-def]
    shop = await import_shop(data / "db.json", folder / "template.db")
    return await replay(read_tasks(data), shop, load_policy(POLICY), NOW, folder)
