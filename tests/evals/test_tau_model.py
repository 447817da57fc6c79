"""tau with models on both sides, over the protocol of a real one; and its refusal without a key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from agent.errors import Misconfigured
from agent.settings import Settings
from evals.openai_answers import Answer, Completion
from evals.openai_server import OpenAIServer
from evals.tau_command import NOW, POLICY, run_tau
from evals.tau_model_run import models_for, read_scenarios, tell_with_models, upstream_faults
from evals.tau_shop import import_shop
from evals.tau_tasks import read_tasks
from evals.world import Library
from tools.policy.loader import load_policy

DATA = Path(__file__).parents[3] / "shared" / "data" / "tau-retail"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the tau-retail data lies beside the checkout, and is not there"
)


def both_sides(body: Mapping[str, Any]) -> Answer:
    """The shopper says one thing and is done; the agent answers one sentence."""
    if "You play a customer" not in json.dumps(body["messages"][0]):
        return Completion("Hello, how can I help you?")
    return Completion("DONE" if len(body["messages"]) > 2 else "Hi, I have a question.")


@needs_data
async def test_two_models_talk_and_the_rows_are_compared(library: Library, tmp_path: Path) -> None:
    shop = await import_shop(DATA / "db.json", tmp_path / "template.db")
    task = next(task for task in read_tasks(DATA) if task.writes)
    async with OpenAIServer(both_sides) as server:
        settings = Settings(
            data_dir=tmp_path, model="openai:local", openai_api_key=SecretStr("sk-x"), openai_base_url=server.base_url
        )
        shelf, ask = models_for(settings, library)
        told = await tell_with_models(
            [task], read_scenarios(DATA, "tasks.json"), shop, load_policy(POLICY), shelf, ask, NOW, tmp_path
        )
        await shelf.thinking.loop.close()
        asked = [json.dumps(one["messages"][0]) for one in server.requests]
    assert [line[0] for line in told[0].lines] == ["Hi, I have a question."]
    assert told[0].lines[0][1]
    assert not told[0].right
    assert told[0].why.startswith("other rows")
    assert sum("You play a customer" in one for one in asked) == 2
    assert len(asked) > 2


def test_without_a_key_it_is_refused(library: Library, tmp_path: Path) -> None:
    for settings in (
        Settings(data_dir=tmp_path, model="embedded"),
        Settings(data_dir=tmp_path, model="openai:local", openai_api_key=SecretStr("")),
    ):
        with pytest.raises(Misconfigured, match="OPENAI_API_KEY"):
            models_for(settings, library)


@needs_data
def test_the_command_says_what_is_missing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run_tau(DATA, "tasks.json", "model", tmp_path) == 2
    assert "OPENAI_API_KEY" in capsys.readouterr().err


@needs_data
def test_the_golden_states_put_right_are_listed() -> None:
    found = upstream_faults(DATA)
    assert found
    assert all(": " in one for one in found)
