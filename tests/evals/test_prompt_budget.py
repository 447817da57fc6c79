"""The prompt stays within its budget in every combination."""

from __future__ import annotations

import pytest

from agent.loop.system_prompt import SystemPrompt
from agent.loop.tokens import estimate_tokens
from evals.prompt_budget import example_prompts, parts_of, print_budget


def test_no_part_takes_more_than_it_may() -> None:
    assert [part for part in parts_of(SystemPrompt()) if part.tokens > part.most] == []


def test_every_combination_is_another_prompt_on_the_same_rules() -> None:
    prompt = SystemPrompt()
    texts = example_prompts(prompt)
    assert len(set(texts)) == len(texts) == 18
    assert all(text.startswith(prompt.fixed) for text in texts)


def test_it_is_printed_with_its_budget(capsys: pytest.CaptureFixture[str]) -> None:
    assert print_budget(show=True) == 0
    printed = capsys.readouterr().out
    assert "You are the support assistant" in printed
    assert "tokens in all" in printed


def test_an_estimate_is_never_nothing() -> None:
    assert [estimate_tokens("a" * length) for length in (0, 1, 7, 8)] == [0, 1, 2, 3]
