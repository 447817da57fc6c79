"""Spans by the conventions for generative AI: what is told, to whom, and that nothing personal is in it unasked."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from agent.app.telemetry import OtelSpans, captures, is_on
from agent.app.thinking import open_loop
from agent.settings import Settings
from agent.spans import NO_SPANS
from evals.openai_answers import Asked, look_then_tell
from evals.openai_server import OpenAIServer
from evals.served import serve_app
from evals.world import Library, World, open_world

LUCIA = "lucia-hernandez"
ORDER = "10002"
SENTENCE = "Ya miré tus pedidos. ¿Sobre cuál me preguntas?"


class Ear:
    """An in-memory collector."""

    def __init__(self, *, content: bool = False) -> None:
        self._kept = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(self._kept))
        self.spans = OtelSpans(provider.get_tracer("test"), content=content)

    @property
    def heard(self) -> list[ReadableSpan]:
        return list(self._kept.get_finished_spans())

    def of(self, operation: str) -> list[ReadableSpan]:
        return [one for one in self.heard if (one.attributes or {})["gen_ai.operation.name"] == operation]

    def text(self) -> str:
        return "\n".join(one.to_json() for one in self.heard)


@asynccontextmanager
async def world_with(library: Library, folder: Path, ear: Ear, **model: Any) -> AsyncIterator[World]:
    settings = Settings(data_dir=folder, **model)
    loop = open_loop(settings, library.thinking.sentences, ear.spans)
    async with open_world(library, folder, thinking=replace(library.thinking, loop=loop), spans=ear.spans) as world:
        yield world


async def test_a_turn_is_told_as_the_conventions_have_it(library: Library, tmp_path: Path) -> None:
    ear = Ear()
    async with world_with(library, tmp_path, ear) as world:
        talk = await world.open(LUCIA)
        await talk.say(f"¿dónde está mi pedido {ORDER}?")
        await talk.say("¿cuántos días tengo para devolver algo?")
        await talk.say("quiero hablar con una persona")
    turns = ear.of("invoke_agent")
    assert [one.name for one in turns] == ["invoke_agent postventa"] * 3
    conversation = talk.opened.conversation.id
    assert {(one.attributes or {})["gen_ai.conversation.id"] for one in ear.heard} == {conversation}
    first = [one for one in ear.heard if one.context.trace_id == turns[0].context.trace_id]
    assert {(one.parent.span_id if one.parent else None) for one in first} >= {None, turns[0].context.span_id}
    chat = ear.of("chat")[0].attributes or {}
    assert (chat["gen_ai.provider.name"], chat["gen_ai.request.model"]) == ("postventa", "embedded")
    assert chat["gen_ai.response.finish_reasons"] == ("tool_calls",)
    tools = [(one.name, (one.attributes or {})["gen_ai.tool.name"]) for one in ear.of("execute_tool")]
    assert ("execute_tool track_order", "track_order") in tools
    [looked] = ear.of("retrieval")
    assert (looked.attributes or {})["gen_ai.data_source.id"] == "help_articles"
    [handed] = ear.of("handoff")
    assert (handed.attributes or {})["postventa.handoff.reasons"] == ("human_request",)


async def test_an_llms_calls_tell_model_and_tokens(library: Library, tmp_path: Path) -> None:
    ear = Ear()
    async with OpenAIServer(look_then_tell(Asked("list_orders"), SENTENCE)) as server:
        model = {"model": "openai:local", "openai_api_key": "sk-x", "openai_base_url": server.base_url}
        async with world_with(library, tmp_path, ear, **model) as world:
            answer = await (await world.open(LUCIA)).say("¿y mis pedidos?")
    calls = [one.attributes or {} for one in ear.of("chat")]
    assert {(one["gen_ai.provider.name"], one["gen_ai.request.model"]) for one in calls} == {("openai", "local")}
    assert [one["gen_ai.response.finish_reasons"] for one in calls] == [("tool_calls",), ("stop",)]
    [turn] = ear.of("invoke_agent")
    told = turn.attributes or {}
    for side in ("input", "output"):
        name = f"gen_ai.usage.{side}_tokens"
        assert told[name] == sum(one[name] for one in calls) == answer["usage"][f"{side}_tokens"] > 0


async def test_a_refusal_is_told_by_its_code(library: Library, tmp_path: Path) -> None:
    ear = Ear()
    async with world_with(library, tmp_path, ear) as world:
        await (await world.open()).say(f"¿dónde está mi pedido {ORDER}? mi correo es nadie@example.com")
    failed = [one for one in ear.of("execute_tool") if (one.attributes or {}).get("error.type")]
    assert {(one.attributes or {})["error.type"] for one in failed} <= {"not_found", "verify_first", "proof_incomplete"}
    assert failed
    assert all(not one.events and not one.status.description for one in ear.heard)


PRIVATE = ("Lucía", "lucia", "Hernández", "@", "Calle", "azul", "timbre", "5555 ", "Cintur", "devolver")


async def converse(world: World) -> None:
    talk = await world.open(LUCIA)
    await talk.say(f"soy Lucía, ¿dónde está mi pedido {ORDER}? mi correo es lucia@example.com")
    await talk.say(f"deja una nota en el pedido {ORDER}: toca el timbre azul")
    await talk.say("sí")
    await talk.say("¿cuántos días tengo para devolver algo?")


async def test_nothing_personal_is_told_unasked(library: Library, tmp_path: Path) -> None:
    ear = Ear()
    async with world_with(library, tmp_path, ear) as world:
        await converse(world)
    told = [
        f"{one.name} {json.dumps(dict(one.attributes or {}), default=str, ensure_ascii=False)}" for one in ear.heard
    ]
    assert len(told) > 8
    for line in told:
        assert [word for word in PRIVATE if word in line] == [], line
        assert ORDER not in line


async def test_what_was_written_is_told_when_it_is_asked_for(library: Library, tmp_path: Path) -> None:
    ear = Ear(content=True)
    async with world_with(library, tmp_path, ear) as world:
        await converse(world)
    told = [one.attributes or {} for one in ear.of("execute_tool")]
    tool = next(one for one in told if one["gen_ai.tool.name"] == "track_order" and "gen_ai.tool.call.result" in one)
    assert json.loads(str(tool["gen_ai.tool.call.arguments"]))["number"] == ORDER
    assert json.loads(str(tool["gen_ai.tool.call.result"]))
    assert any("gen_ai.output.messages" in (one.attributes or {}) for one in ear.of("chat"))
    assert any("devolver" in str((one.attributes or {})["gen_ai.retrieval.query.text"]) for one in ear.of("retrieval"))


OTLP = "OTEL_EXPORTER_OTLP_ENDPOINT"
SWITCHES = [
    ({}, False),
    ({OTLP: "http://127.0.0.1:4318"}, True),
    ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
    ({OTLP: ""}, False),
    ({OTLP: "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, False),
    ({OTLP: "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
    ({OTLP: "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "console,otlp"}, True),
]


@pytest.mark.parametrize(("environ", "on"), SWITCHES)
def test_its_own_variables_switch_it_on(environ: dict[str, str], on: bool) -> None:
    assert is_on(environ) is on


@pytest.mark.parametrize(("value", "wanted"), [("", False), ("false", False), ("true", True), ("SPAN_ONLY", True)])
def test_content_is_told_only_when_the_variable_says_so(value: str, wanted: bool) -> None:
    assert captures({"OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": value}) is wanted


def test_nobody_listening_is_one_object_that_does_nothing() -> None:
    with NO_SPANS.span("chat") as one, NO_SPANS.span("chat", "x", {"a": 1}) as other:
        assert one is other
        one.note({"a": 1})
        one.fail("x")


QUIET = """
import asyncio, sys
from contextlib import AsyncExitStack
import agent.app.serving
from agent.app.telemetry import open_telemetry
async def main():
    async with AsyncExitStack() as stack:
        print(open_telemetry(stack))
asyncio.run(main())
ours = ("opentelemetry.sdk.trace.export", "opentelemetry.exporter", "mcp", "jsonschema")
print(*[one for one in sys.modules if one.startswith(ours)])
"""
"""LangSmith imports the rest of the SDK by itself wherever it is installed."""


def test_what_is_off_is_not_imported() -> None:
    run = subprocess.run([sys.executable, "-c", QUIET], capture_output=True, text=True, check=True, env=_without_otel())
    assert "_NoSpans" in run.stdout
    assert run.stdout.strip().splitlines()[1:] in ([], [""])


SPEAKING = """
import asyncio, sys
from contextlib import AsyncExitStack
from agent.app.telemetry import open_telemetry
async def main():
    async with AsyncExitStack() as stack:
        spans = open_telemetry(stack)
        with spans.span("invoke_agent", "postventa", {"gen_ai.conversation.id": "cnv_1"}):
            with spans.span("chat", "m"):
                pass
asyncio.run(main())
"""


async def test_a_real_collector_receives_them_over_http() -> None:
    received: list[tuple[str | None, bytes]] = []
    app = FastAPI()

    @app.post("/v1/traces")
    async def take(request: Request) -> Response:
        received.append((request.headers.get("x-team"), await request.body()))
        return Response(b"", media_type="application/x-protobuf")

    async with serve_app(app) as url:
        environ = {**_without_otel(), OTLP: url, "OTEL_EXPORTER_OTLP_HEADERS": "x-team=support"}
        run = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SPEAKING, env=environ, stderr=asyncio.subprocess.PIPE
        )
        _, errors = await asyncio.wait_for(run.communicate(), 300)
    assert run.returncode == 0, errors.decode()
    [(team, body)] = received
    assert team == "support"
    [of_resource] = ExportTraceServiceRequest.FromString(body).resource_spans
    named = {one.key: one.value.string_value for one in of_resource.resource.attributes}
    assert named["service.name"] == "postventa"
    spans = {one.name: one for scope in of_resource.scope_spans for one in scope.spans}
    assert set(spans) == {"invoke_agent postventa", "chat m"}
    assert spans["chat m"].parent_span_id == spans["invoke_agent postventa"].span_id
    told = {one.key: one.value.string_value for one in spans["chat m"].attributes}
    assert told["gen_ai.conversation.id"] == "cnv_1"


def _without_otel() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
