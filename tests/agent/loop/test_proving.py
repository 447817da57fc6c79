"""Readiness asks the model that every turn can fall back on for a greeting."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.loop.agent import Loop
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.system_prompt import SystemPrompt
from agent.loop.wording import Wording
from prompts.loader import PromptRefused, Sentences


def loop_with(sentences: Sentences) -> Loop:
    return Loop(embedded=EmbeddedChat(sentences=sentences, wording=Wording(sentences)), tools=(), prompt=SystemPrompt())


@pytest.mark.parametrize(("language", "word"), [("es", "hola"), ("en", "hi"), ("pt", "oi")])
def test_a_greeting_is_in_the_language_asked_for(language: str, word: str) -> None:
    sentences = Sentences.load()
    said = EmbeddedChat(sentences=sentences, wording=Wording(sentences)).greet(language)
    assert word in said.lower()


def test_what_works_is_proven_without_a_word() -> None:
    loop = loop_with(Sentences.load())
    loop.prove()
    assert not loop.on_fallback


def test_a_model_that_lost_its_sentences_does_not_prove_itself(tmp_path: Path) -> None:
    for language in ("es", "en", "pt"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "nothing.yaml").write_text('much: "x"')
    with pytest.raises(PromptRefused):
        loop_with(Sentences.load(tmp_path)).prove()
