"""Puts the part together that understands and answers: reader, escalation, sentences, models, loop."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path

import structlog

from agent.errors import Misconfigured
from agent.escalation.freshness import SENSE, sense_is_current
from agent.escalation.policy import RuleEscalation
from agent.escalation.sense import Sense
from agent.escalation.verdict import EscalationPolicy
from agent.loop.agent import Loop
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.system_prompt import SystemPrompt
from agent.loop.tracing import is_traced, trace_inline_when_off
from agent.loop.wording import Wording
from agent.settings import Settings
from agent.spans import NO_SPANS, Spans
from agent.understanding.digest import EXAMPLES, MODEL, model_is_current
from agent.understanding.reader import Reader
from prompts.loader import PromptRefused, Sentences
from tools.catalogue import all_tools

log = structlog.get_logger("postventa.start")


@dataclass(frozen=True, slots=True)
class Thinking:
    """What understands and answers. It keeps nothing between turns, so that several services may share one."""

    reader: Reader
    escalation: EscalationPolicy
    sentences: Sentences
    loop: Loop


def open_thinking(settings: Settings, spans: Spans = NO_SPANS) -> Thinking:
    """All of it, as the settings say; ``spans`` is who listens. Raises ``Misconfigured``."""
    sentences = open_sentences()
    return Thinking(
        open_reader(settings.data_dir),
        open_escalation(settings.data_dir),
        sentences,
        open_loop(settings, sentences, spans),
    )


def open_reader(data_dir: Path) -> Reader:
    """The reader as it ships; trained anew in the data folder (half a minute) when a shop changed the examples."""
    if model_is_current(MODEL, EXAMPLES):
        return Reader.load(MODEL)
    path = data_dir / "understanding.npz"
    if not model_is_current(path, EXAMPLES):
        log.info("training_the_reader")
        path.parent.mkdir(parents=True, exist_ok=True)
        importlib.import_module("agent.understanding.training").train(EXAMPLES, path)
    return Reader.load(path)


def open_sentences() -> Sentences:
    """What code says. Raises ``Misconfigured`` naming file and key."""
    try:
        return Sentences.load()
    except PromptRefused as refused:
        raise Misconfigured(str(refused)) from refused


def open_escalation(data_dir: Path, rules: Path | None = None) -> EscalationPolicy:
    """The escalation rules, and what was learnt about whole lines, as it ships.

    Learnt anew in the data folder (half a minute) when a shop changed the examples or the words.
    """
    if sense_is_current(SENSE):
        return RuleEscalation.load(rules, sense=Sense.load(SENSE))
    path = data_dir / "escalation.npz"
    if not sense_is_current(path):
        log.info("learning_when_to_call_a_person")
        importlib.import_module("agent.escalation.learning").learn(path)
    return RuleEscalation.load(rules, sense=Sense.load(path))


def open_loop(settings: Settings, sentences: Sentences, spans: Spans = NO_SPANS) -> Loop:
    """The embedded model alone, or an LLM with the embedded model behind it."""
    trace_inline_when_off()
    embedded = EmbeddedChat(sentences=sentences, wording=Wording(sentences))
    tools, prompt = all_tools(), SystemPrompt()
    if settings.model == "embedded":
        return Loop(embedded=embedded, tools=tools, prompt=prompt, traced=is_traced(), spans=spans)
    provider, _, name = settings.model.partition(":")
    key = settings.openai_api_key.get_secret_value()
    if provider != "openai" or not name:
        raise Misconfigured("POSTVENTA_MODEL: 'embedded' or 'openai:<model name>' is wanted")
    if not key:
        raise Misconfigured("OPENAI_API_KEY: a key is needed for POSTVENTA_MODEL=openai:...")
    llm = importlib.import_module("agent.loop.llm")  # seconds of imports that only this mode needs
    bounds = llm.LlmSettings(
        name, key, settings.openai_base_url, settings.model_timeout_s, settings.turn_deadline_s * 0.75
    )
    return Loop(
        embedded=embedded,
        tools=tools,
        prompt=prompt,
        model=llm.open_llm(bounds),
        model_name=settings.model,
        failover=llm.failover_for(bounds, embedded),
        secrets=(key,),
        spans=spans,
    )
