"""OpenTelemetry, when its own environment variables name a collector; otherwise we import nothing of it.

Spans follow the semantic conventions for generative AI. What shoppers, models and tools wrote is left out unless
``OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`` asks for it; of an exception only its class is told.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

from agent.casework.front import Storefront
from agent.spans import NO_SPANS, RETRIEVAL, Attributes, Span, Spans
from knowledge.port import Knowledge, Passage

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
CAPTURE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
CAPTURING = frozenset({"true", "1", "span_only", "span_and_event"})
CONVERSATION = "gen_ai.conversation.id"
ARTICLES = "help_articles"

_conversation: ContextVar[str] = ContextVar("conversation", default="")


def is_on(environ: Mapping[str, str]) -> bool:
    """Whether a collector is named and nothing switches it off."""
    if environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if "otlp" not in environ.get("OTEL_TRACES_EXPORTER", "otlp").split(","):
        return False
    return any(environ.get(name) for name in ENDPOINTS)


def captures(environ: Mapping[str, str]) -> bool:
    """Whether what was written goes into the spans too."""
    return environ.get(CAPTURE, "").lower() in CAPTURING


def open_telemetry(stack: AsyncExitStack, environ: Mapping[str, str] = os.environ) -> Spans:
    """Spans to the collector of the environment, sent in the background and flushed when the stack closes; else none."""
    if not is_on(environ):
        return NO_SPANS
    trace = importlib.import_module("opentelemetry.trace")
    sdk = importlib.import_module("opentelemetry.sdk.trace")
    export = importlib.import_module("opentelemetry.sdk.trace.export")
    otlp = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    resources = importlib.import_module("opentelemetry.sdk.resources")
    provider = sdk.TracerProvider(resource=resources.Resource.create(_named(environ)))
    provider.add_span_processor(export.BatchSpanProcessor(otlp.OTLPSpanExporter()))
    trace.set_tracer_provider(provider)

    async def flush() -> None:
        await asyncio.to_thread(provider.shutdown)

    stack.push_async_callback(flush)
    return OtelSpans(provider.get_tracer("postventa", version("postventa")), content=captures(environ))


def _named(environ: Mapping[str, str]) -> dict[str, str]:
    """Our name, where the environment gives none."""
    named = "OTEL_SERVICE_NAME" in environ or "service.name=" in environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    return {"service.version": version("postventa")} | ({} if named else {"service.name": "postventa"})


class OtelSpans:
    """Spans by OpenTelemetry's tracer. The conversation of the outermost one is told on all within it."""

    def __init__(self, tracer: Any, *, content: bool = False) -> None:
        self.content = content
        self._tracer = tracer

    @contextmanager
    def span(self, operation: str, subject: str = "", attributes: Attributes | None = None) -> Iterator[Span]:
        """See ``Spans``."""
        given = {"gen_ai.operation.name": operation, **(attributes or {})}
        known = given.setdefault(CONVERSATION, _conversation.get())
        token = _conversation.set(str(known))
        try:
            with self._tracer.start_as_current_span(
                f"{operation} {subject}".strip(),
                attributes=_plain(given),
                record_exception=False,
                set_status_on_exception=False,
            ) as made:
                span = _OtelSpan(made)
                try:
                    yield span
                except BaseException as error:
                    if not span.failed:
                        span.fail(type(error).__qualname__)
                    raise
        finally:
            _conversation.reset(token)


class _OtelSpan:
    def __init__(self, span: Any) -> None:
        self._span = span
        self.failed = False

    def note(self, attributes: Attributes) -> None:
        """See ``Span``."""
        self._span.set_attributes(_plain(attributes))

    def fail(self, kind: str) -> None:
        """See ``Span``."""
        self.failed = True
        status = importlib.import_module("opentelemetry.trace")
        self._span.set_attribute("error.type", kind)
        self._span.set_status(status.StatusCode.ERROR)


def _plain(attributes: Attributes) -> dict[str, Any]:
    """What OpenTelemetry takes: no unknowns, and structures as JSON."""
    return {name: _value(value) for name, value in attributes.items() if value is not None and value != ""}


def _value(value: Any) -> Any:
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return list(value)
    return json.dumps(value, ensure_ascii=False, default=str)


@dataclass(frozen=True, slots=True)
class TracedKnowledge:
    """Articles, with each search as a span."""

    knowledge: Knowledge
    spans: Spans

    async def search(self, text: str, language: str, limit: int = 3) -> Sequence[Passage]:
        """See ``Knowledge``."""
        with self.spans.span(
            RETRIEVAL, ARTICLES, {"gen_ai.data_source.id": ARTICLES, "postventa.language": language}
        ) as span:
            found = await self.knowledge.search(text, language, limit)
            span.note(
                {
                    "postventa.retrieval.found": len(found),
                    "postventa.retrieval.articles": [one.article for one in found],
                }
            )
            if self.spans.content:
                span.note({"gen_ai.retrieval.query.text": text})
            return found

    async def topic(self, topic: str, language: str) -> Passage | None:
        """See ``Knowledge``."""
        return await self.knowledge.topic(topic, language)


def traced(storefronts: Mapping[str, Storefront], spans: Spans) -> Mapping[str, Storefront]:
    """The storefronts with their searches as spans; the same ones when nobody listens."""
    if spans is NO_SPANS:
        return storefronts
    return {
        name: replace(front, knowledge=TracedKnowledge(front.knowledge, spans)) for name, front in storefronts.items()
    }
