"""Puts the part together that understands and answers: reader, escalation, sentences, models, loop."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from langchain_core.language_models import BaseChatModel

from agent.app.models import llm_settings, model_for, open_model
from agent.errors import Misconfigured
from agent.escalation.freshness import SENSE, sense_is_current
from agent.escalation.policy import RuleEscalation
from agent.escalation.sense import Sense
from agent.escalation.verdict import EscalationPolicy
from agent.loop.agent import EMBEDDED, Loop
from agent.loop.case_writer import CaseWriter
from agent.loop.confidence import Confidence
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.summary import Summarist
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
    """What understands and answers. It keeps nothing between turns, so that several services may share one.

    ``loops`` are those of shops with models of their own.
    """

    reader: Reader
    escalation: EscalationPolicy
    sentences: Sentences
    loop: Loop
    loops: Mapping[str, Loop] = field(default_factory=dict)


def open_thinking(settings: Settings, spans: Spans = NO_SPANS) -> Thinking:
    """All of it, as the settings say; ``spans`` is who listens. Raises ``Misconfigured``."""
    sentences = open_sentences()
    loops = {shop: open_loop(settings, sentences, spans, shop) for shop in settings.shop_models}
    loop = open_loop(settings, sentences, spans)
    return Thinking(open_reader(settings.data_dir), open_escalation(settings.data_dir), sentences, loop, loops)


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


def open_loop(settings: Settings, sentences: Sentences, spans: Spans = NO_SPANS, shop_id: str = "") -> Loop:
    """The embedded model alone, or the shop's LLM with the embedded model behind it. Raises ``Misconfigured``."""
    trace_inline_when_off()
    embedded = EmbeddedChat(sentences=sentences, wording=Wording(sentences))
    tools, prompt = all_tools(), open_prompt(settings, shop_id)
    name, small = model_for(settings, "conversation", shop_id), open_model(settings, "summary", shop_id)
    writer = _open_case_writer(settings, small, shop_id)
    if name == EMBEDDED:
        traced = is_traced()
        return Loop(embedded=embedded, tools=tools, prompt=prompt, traced=traced, spans=spans, case_writer=writer)
    llm = importlib.import_module("agent.loop.llm")  # seconds of imports that only this mode needs
    bounds = llm_settings(settings, name)
    return Loop(
        embedded=embedded,
        tools=tools,
        prompt=prompt,
        model=llm.open_llm(bounds),
        model_name=name,
        failover=llm.failover_for(bounds, embedded),
        secrets=_secrets(settings, name),
        spans=spans,
        confidence=Confidence.load(settings.hybrid_confidence) if settings.model_mode == "hybrid" else None,
        summarist=Summarist(small, model_for(settings, "summary", shop_id), prompt),
        case_writer=writer,
    )


def open_prompt(settings: Settings, shop_id: str = "") -> SystemPrompt:
    """What an LLM is told, in the shop's voice. Raises ``Misconfigured``."""
    own = settings.shop_models.get(shop_id)
    path = str(own.voice_file) if own is not None and own.voice_file else settings.voice_file
    try:
        return SystemPrompt(voice=Path(path).read_text(encoding="utf-8") if path else "")
    except (OSError, UnicodeDecodeError, PromptRefused) as refused:
        raise Misconfigured(f"POSTVENTA_VOICE_FILE: {path}: {refused}") from refused


def _open_case_writer(settings: Settings, model: BaseChatModel | None, shop_id: str) -> CaseWriter | None:
    name = model_for(settings, "summary", shop_id)
    return None if model is None else CaseWriter(model, name, secrets=_secrets(settings, name))


def _secrets(settings: Settings, model: str) -> tuple[str, ...]:
    """What nothing that this model writes may hold."""
    return tuple(key for key in (llm_settings(settings, model).api_key, *settings.model_headers.values()) if key)
