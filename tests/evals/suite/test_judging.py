"""The judge: votes over the protocol of a real model, kept, and never the only gate."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.settings import Settings
from evals.openai_answers import Completion, Failure, Policy, always, in_turn
from evals.openai_server import OpenAIServer
from evals.suite.asking import ask_for
from evals.suite.check import Outcome
from evals.suite.door import Unreachable
from evals.suite.grading import grade
from evals.suite.judging import Judge, judge_all, read_verdicts
from evals.suite.run_folder import RunFolder
from evals.suite.trajectory import Timing, Trajectory
from tests.evals.suite.conftest import a_case

YES, NO, HMM = Completion("YES\nIt is."), Completion("No\nIt says nothing of the label."), Completion("Perhaps.")
CRITERIA = [{"question": "Does the agent name the label?", "votes": 3}]


@pytest.fixture
def asked(exchange: Trajectory) -> Trajectory:
    expect = {**exchange.case.expect.model_dump(mode="json", exclude_defaults=True), "judge": CRITERIA}
    return exchange.model_copy(update={"case": a_case(expect=expect)})


def settings(folder: Path, url: str) -> Settings:
    return Settings(
        data_dir=folder, model="openai:local", openai_api_key=SecretStr("sk-x"), openai_base_url=url, model_timeout_s=5
    )


async def judged(asked: Trajectory, folder: Path, policy: Policy) -> tuple[Outcome, list[str]]:
    async with OpenAIServer(policy) as server:
        ask = ask_for(settings(folder, server.base_url))
        assert ask is not None
        found = await Judge(ask).verdicts(asked)
        await ask.aclose()
        prompts = [str(one["messages"]) for one in server.requests]
    assert len(prompts) == 3
    return found.checks[0].outcome, prompts


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ((YES, NO, YES), Outcome.PASS),
        ((NO, YES, NO), Outcome.FAIL),
        ((YES, HMM, NO), Outcome.NOT_EVALUATED),
        ((HMM, HMM, HMM), Outcome.NOT_EVALUATED),
    ],
)
async def test_most_votes_decide(
    asked: Trajectory, tmp_path: Path, votes: tuple[Completion, ...], outcome: Outcome
) -> None:
    found, prompts = await judged(asked, tmp_path, in_turn(*votes))
    assert found is outcome
    assert all("tenis brisa" in prompt and "name the label" in prompt for prompt in prompts)


async def test_its_word_is_kept_and_asked_for_once(asked: Trajectory, tmp_path: Path) -> None:
    folder, played = RunFolder(tmp_path), [(asked, Timing(key=asked.key, turns_ms=(), total_ms=0))]
    async with OpenAIServer(always(NO)) as server:
        for _ in range(2):
            ask = ask_for(settings(tmp_path, server.base_url))
            assert ask is not None
            await judge_all(Judge(ask), folder, played)
        assert len(server.requests) == 3
    said = read_verdicts(folder, [asked])
    result = grade(asked, None, said[asked.key])
    assert result.outcome is Outcome.FAIL
    assert [one.detail for one in result.failures] == ["It says nothing of the label."]
    other = asked.model_copy(update={"case_digest": "another"})
    assert read_verdicts(folder, [other]) == {}


async def test_the_small_model_judges(asked: Trajectory, tmp_path: Path) -> None:
    async with OpenAIServer(always(YES)) as server:
        told = settings(tmp_path, server.base_url).model_copy(update={"small_model": "openai:small"})
        for role in ("judge", "conversation"):
            ask = ask_for(told, role)  # type: ignore[arg-type]
            assert ask is not None
            await ask("Judge.", [("user", "hola")])
            await ask.aclose()
        assert [one["model"] for one in server.requests] == ["small", "local"]


async def test_without_a_key_it_is_not_evaluated(asked: Trajectory, tmp_path: Path) -> None:
    assert ask_for(Settings(data_dir=tmp_path, model="openai:local", openai_api_key=SecretStr(""))) is None
    result = grade(asked)
    assert [one.outcome for one in result.checks if one.grader == "judge"] == [Outcome.NOT_EVALUATED]
    assert result.outcome is Outcome.PASS


async def test_a_judge_that_does_not_answer_says_nothing_of_the_agent(asked: Trajectory, tmp_path: Path) -> None:
    async with OpenAIServer(always(Failure(500))) as server:
        ask = ask_for(settings(tmp_path, server.base_url))
        assert ask is not None
        with pytest.raises(Unreachable):
            await Judge(ask).verdicts(asked)
        await ask.aclose()
