"""Each provider is asked where it is and how it wants to be asked, over real sockets."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage
from pydantic import SecretStr
from structlog.testing import capture_logs

from agent.app.models import llm_settings, model_for, open_spending
from agent.casework.spending import NothingBooked
from agent.errors import Misconfigured
from agent.loop.completion import check_completion
from agent.loop.failures import name_cause
from agent.loop.llm import LlmSettings, open_llm, open_pool
from agent.loop.reasoning import fit_parameters, thinks
from agent.settings import Settings, ShopModels
from evals.openai_answers import Asked, Completion, always
from evals.openai_server import OpenAIServer


async def asked(server: OpenAIServer, **given: Any) -> tuple[str, Any, Any]:
    """Path, headers and body of one request with these settings."""
    settings = LlmSettings(**{"name": "gpt-4.1-mini", "api_key": "sk-x", "base_url": server.base_url, **given})
    pool = open_pool(settings)
    answer = await open_llm(settings, pool).ainvoke("hola")
    await pool.aclose()
    assert answer.text == "Hola."
    (path, headers), body = server.heads[-1], server.requests[-1]
    return path, headers, body


@pytest.fixture
async def server() -> Any:
    async with OpenAIServer(always(Completion("Hola."))) as server:
        yield server


async def test_azure_by_deployment_and_version(server: OpenAIServer) -> None:
    origin = server.base_url.removesuffix("/v1")
    path, headers, body = await asked(
        server, provider="azure", name="our-gpt", base_url=origin, api_version="2025-01-01-preview"
    )
    assert path == "/openai/deployments/our-gpt/chat/completions?api-version=2025-01-01-preview"
    assert headers["api-key"] == "sk-x"
    assert body["stream_options"] == {"include_usage": True}


async def test_azure_without_a_version_is_its_newer_interface(server: OpenAIServer) -> None:
    origin = server.base_url.removesuffix("/v1")
    path, headers, body = await asked(server, provider="azure", name="our-gpt", base_url=origin)
    assert (path, headers["authorization"], body["model"]) == ("/openai/v1/chat/completions", "Bearer sk-x", "our-gpt")


@pytest.mark.parametrize("provider", ["openrouter", "ollama", "vllm"])
async def test_endpoints_of_the_protocol_get_the_headers_that_are_set(server: OpenAIServer, provider: str) -> None:
    given = {"provider": provider, "name": "qwen/qwen3", "headers": {"X-Title": "Tienda"}, "api_key": ""}
    path, headers, body = await asked(server, **given)
    assert (path, headers["x-title"], body["model"]) == ("/v1/chat/completions", "Tienda", "qwen/qwen3")


async def test_a_model_that_thinks_gets_the_parameters_it_takes(server: OpenAIServer) -> None:
    given = {"name": "o4-mini", "reasoning_effort": "low", "max_output_tokens": 900, "temperature": 0.3}
    _, _, body = await asked(server, **given)
    assert (body["reasoning_effort"], body["max_completion_tokens"]) == ("low", 900)
    assert not {"temperature", "max_tokens", "top_p"} & body.keys()


async def test_other_models_elsewhere_get_the_older_ones(server: OpenAIServer) -> None:
    _, _, body = await asked(server, provider="ollama", name="llama3", max_output_tokens=900, temperature=0.3)
    assert (body["max_tokens"], body["temperature"]) == (900, 0.3)
    assert not {"max_completion_tokens", "reasoning_effort"} & body.keys()


def test_openai_s_own_api_gets_the_newer_name_for_every_model() -> None:
    fitted = fit_parameters({"max_tokens": 5, "temperature": 0.2}, thinking=False, own_api=True)
    assert fitted == {"max_completion_tokens": 5, "temperature": 0.2}


@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("o1", True), ("o4-mini", True), ("gpt-5-mini", True), ("openai/gpt-5", True), ("gpt-4.1-mini", False),
        ("gpt-5-chat-latest", False), ("qwen3", False), ("mistral-o1", False), ("gpt-4o", False),
    ],
)  # fmt: skip
def test_which_models_think(name: str, does: bool) -> None:
    assert thinks(name) is does


def test_a_provider_without_its_package_says_which_one_it_needs() -> None:
    with pytest.raises(Misconfigured, match="pip install langchain-anthropic"):
        open_llm(LlmSettings("claude-sonnet-4-5", "", provider="anthropic"))


def test_a_provider_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Misconfigured, match="acme:rocket"):
        open_llm(LlmSettings("rocket", "", provider="acme"))


class Unlike(Exception):
    """As the client of another provider might raise it."""

    def __init__(self, status_code: int | None = None) -> None:
        super().__init__("sk-secret")
        if status_code is not None:
            self.status_code = status_code


class ConnectTimeoutThere(Exception):
    """Likewise."""


@pytest.mark.parametrize(
    ("failure", "cause"),
    [
        (Unlike(429), "rate_limited"), (Unlike(401), "unauthorized"), (Unlike(503), "server_error"),
        (Unlike(404), "rejected"), (Unlike(), "unreadable"), (ConnectTimeoutThere(), "timeout"),
    ],
)  # fmt: skip
def test_failures_of_other_providers_have_names_too(failure: Exception, cause: str) -> None:
    assert name_cause(failure) == cause


def test_how_other_providers_say_that_they_are_done() -> None:
    check_completion(AIMessage("Hola.", response_metadata={"stop_reason": "end_turn"}), frozenset({"es"}))
    with pytest.raises(Exception, match="length"):
        check_completion(AIMessage("Hola", response_metadata={"stop_reason": "max_tokens"}), frozenset({"es"}))
    with pytest.raises(Exception, match="content_filter"):
        check_completion(AIMessage("Hola", response_metadata={"finish_reason": "SAFETY"}), frozenset({"es"}))


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[call-arg]


def test_a_role_has_the_shop_s_own_model_else_the_small_one_else_the_main_one() -> None:
    own = {"shoes": ShopModels(conversation="azure:shoes", judge="openai:o3")}
    told = settings(model="openai:gpt-4.1", small_model="openai:gpt-4.1-nano", shop_models=own)
    assert [model_for(told, role) for role in ("conversation", "summary", "judge")] == [
        "openai:gpt-4.1", "openai:gpt-4.1-nano", "openai:gpt-4.1-nano",
    ]  # fmt: skip
    assert [model_for(told, role, "shoes") for role in ("conversation", "summary", "judge")] == [
        "azure:shoes", "openai:gpt-4.1-nano", "openai:o3",
    ]  # fmt: skip
    assert model_for(settings(model="openai:gpt-4.1"), "judge") == "openai:gpt-4.1"


@pytest.mark.parametrize(
    ("model", "names"),
    [
        ("openai:gpt-4.1", "OPENAI_API_KEY"), ("azure:x", "AZURE_OPENAI_ENDPOINT"),
        ("openrouter:x", "OPENROUTER_API_KEY"), ("gpt-4.1", "POSTVENTA_MODEL"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(model: str, names: str) -> None:
    with pytest.raises(Misconfigured, match=names):
        llm_settings(settings(), model)


def test_a_budget_on_a_model_without_a_price_is_refused() -> None:
    told = settings(model="openai:our-own", day_budget="5", OPENAI_API_KEY=SecretStr("sk-x"))
    with pytest.raises(Misconfigured, match="openai:our-own"):
        open_spending(told, NothingBooked())
    assert open_spending(told.model_copy(update={"model": "openai:gpt-4.1"}), NothingBooked()).budget.day == 5


def test_whose_prices_they_are_is_told_and_that_one_has_none() -> None:
    told = settings(model="openai:gpt-4.1", small_model="openai:our-own", OPENAI_API_KEY=SecretStr("sk-x"))
    with capture_logs() as logs:
        open_spending(told, NothingBooked())
    known, unknown = logs
    assert (known["event"], known["models"]) == ("model_prices", ["openai:gpt-4.1"])
    assert "to be checked" in known["source"]
    assert (unknown["event"], unknown["models"]) == ("model_price_unknown", ["openai:our-own"])
    with capture_logs() as logs:
        open_spending(settings(), NothingBooked())
    assert logs == [], "the embedded model costs nothing"


async def test_parallel_calls_come_back_as_several() -> None:
    calls = (Asked.of("get_order", number="10001"), Asked.of("track_order", number="10002"))
    async with OpenAIServer(always(Completion(calls=calls, piece=3))) as server:
        told = LlmSettings("local", "sk-x", server.base_url)
        pool = open_pool(told)
        answer = await open_llm(told, pool).ainvoke("hola")
        await pool.aclose()
    assert [(one["name"], one["args"]["number"]) for one in answer.tool_calls] == [
        ("get_order", "10001"), ("track_order", "10002"),
    ]  # fmt: skip
