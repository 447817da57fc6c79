import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evals.tau_replay import Result, replay
from evals.tau_shop import import_shop
from evals.tau_tasks import read_tasks
from tools.policy.loader import load_policy

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data" / "tau-retail"
POLICY = ROOT / "tools" / "policy" / "tau_retail"
NOW = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)

REFUSED = {
    "64": ("not_delivered", "done"),
    "105": ("insufficient_balance",),
    "train-24": ("insufficient_balance", "done"),
    "train-27": ("insufficient_balance", "done"),
    "train-81": ("done", "insufficient_balance"),
    "train-148": ("done", "insufficient_balance", "done"),
    "train-161": ("insufficient_balance",),
    "train-214": ("insufficient_balance",),
    "train-229": ("insufficient_balance",),
}
"""Where a reference action fails in the benchmark's own environment, and why it does in ours."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Result]:
    if not DATA.is_dir() and os.environ.get("CI") != "true":
        pytest.skip(f"the public tau retail data is not beside the checkout ({DATA})")
    folder = tmp_path_factory.mktemp("tau")
    return asyncio.run(replay_all(folder))


async def replay_all(folder: Path) -> Sequence[Result]:
    shop = await import_shop(DATA / "db.json", folder / "template.db")
    return await replay(read_tasks(DATA), shop, load_policy(POLICY), NOW, folder)


def test_every_reference_action_ends_in_exactly_the_reference_rows(results: Sequence[Result]) -> None:
    wrong = [item for item in results if not item.matches]
    print(f"{len(results) - len(wrong)} of {len(results)} tasks match")
    assert len(results) == 384
    assert not wrong, "\n".join(f"{x.task_id}: {x.answers} {x.changed} != {x.expected}" for x in wrong)


def test_what_fails_there_fails_here_for_a_named_reason_and_nothing_else_does(results: Sequence[Result]) -> None:
    refused = {item.task_id: item.answers for item in results if set(item.answers) - {"done"}}
    assert refused == REFUSED
    answers = Counter(answer for item in results for answer in item.answers)
    assert answers["done"] == 579


def test_a_cent_or_a_row_too_many_would_be_seen(results: Sequence[Result]) -> None:
    paid = next(item for item in results if item.task_id == "0")
    number, row = next(iter(paid.changed["orders"].items()))
    dearer = {"orders": {number: {**row, "exchange_price_difference": row["exchange_price_difference"] + 0.01}}}
    assert paid.matches
    assert not replace(paid, changed=dearer).matches
    assert not replace(paid, changed={**paid.changed, "users": {"x": {"address": {}}}}).matches
    assert not replace(paid, changed={}).matches
