"""``/openapi.json`` tells the truth: whatever is sent, what comes back is as it says, and nothing breaks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from unittest import SkipTest

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BOUNDS = settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
ENDLESS = ("/v1/conversations/{conversation_id}/events", "/v1/desk/handoffs/{handoff_id}/events", "/v1/desk/events")
TRANSFER = "POST /v1/desk/handoffs/{handoff_id}/transfer"
PHOTOS = "/v1/conversations/{conversation_id}/attachments"
NEED_MORE = {
    "POST /v1/events/orders",
    "POST /v1/chat/completions",
    "POST /v1/desks/chatwoot/webhook",
    TRANSFER,
    f"POST {PHOTOS}",
    f"GET {PHOTOS}/{{name}}",
    "GET /demo/shop",
    "POST /demo/shop/reset",
}
"""What a schema cannot say: a signature, a message of the user among all messages, a queue's or colleague's name, a photo, a stage."""
MOVES = ("claim", "messages", "typing", "notes", "whisper", "transfer", "return", "resolve", "reopen")
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture(scope="module")
def operations(patient_app: Any) -> list[Any]:
    """All but those whose response never ends."""
    contract = schemathesis.openapi.from_asgi("/openapi.json", patient_app).exclude(path=list(ENDLESS))
    return [found.ok() for found in contract.get_all_operations()]


def key_for(path: str) -> dict[str, str]:
    key = "dk_lead" if path.startswith(("/v1/desk", "/v1/kpis")) else "pk_test"
    return {"Authorization": f"Bearer {key}"}


def statuses(operation: Any, mode: GenerationMode, prepare: Callable[[Any], dict[str, str]]) -> set[int]:
    """Send what fits the contract, or what does not; every answer is checked. Empty when there is nothing to send."""
    seen = set()

    @BOUNDS
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        seen.add(case.call_and_validate(headers=prepare(case), checks=CHECKS).status_code)

    with suppress(SkipTest, Unsatisfiable):
        send()
    return seen


@pytest.mark.parametrize("mode", MODES)
def test_whatever_a_stranger_sends_is_answered_as_documented(operations: list[Any], mode: GenerationMode) -> None:
    seen = {one.label: statuses(one, mode, lambda case: key_for(case.path)) for one in operations}
    if mode is GenerationMode.POSITIVE:
        refused = {label for label, answers in seen.items() if not answers & {200, 201, 204}}
        assert {label for label in refused if "{" not in label} <= NEED_MORE
    else:
        assert all(422 in seen[label] for label in ("POST /v1/chat", "POST /v1/conversations", "GET /v1/kpis"))


@pytest.mark.parametrize("mode", MODES)
def test_whatever_is_sent_to_ones_own_conversation_is_answered_as_documented(
    patient_app: Any, operations: list[Any], mode: GenerationMode
) -> None:
    client = TestClient(patient_app)

    def enter(case: Any) -> dict[str, str]:
        turn = client.post("/v1/chat", json={"message": "cambia"}, headers=key_for("/v1/chat")).json()
        case.path_parameters["conversation_id"] = turn["conversation_id"]
        if "action_id" in case.path_parameters:
            case.path_parameters["action_id"] = turn["actions"][0]["id"]
        return {**key_for(case.path), "X-Conversation-Token": turn["token"]}

    for operation in operations:
        if "{conversation_id}" in operation.path:
            seen = statuses(operation, mode, enter)
            may_fail = mode is GenerationMode.NEGATIVE or operation.label in NEED_MORE
            assert may_fail or seen & {200, 204}, operation.label


@pytest.mark.parametrize("mode", MODES)
def test_whatever_is_done_with_a_case_is_answered_as_documented(
    patient_app: Any, operations: list[Any], mode: GenerationMode
) -> None:
    client = TestClient(patient_app)
    lead = key_for("/v1/desk")

    def enter(case: Any) -> dict[str, str]:
        shopper = key_for("/v1/chat")
        opened = client.post("/v1/conversations", json={}, headers=shopper).json()
        shopper["X-Conversation-Token"] = opened["token"]
        turn = client.post(f"/v1/conversations/{opened['id']}/handoff", headers=shopper).json()
        case_path = f"/v1/desk/handoffs/{turn['handoff']['id']}"
        client.post(f"{case_path}/claim", headers=lead)
        if case.path.endswith("/reopen"):
            client.post(f"{case_path}/resolve", json={"outcome": "solved"}, headers=lead)
        case.path_parameters["handoff_id"] = turn["handoff"]["id"]
        return lead

    for operation in operations:
        if "{handoff_id}" in operation.path:
            seen = statuses(operation, mode, enter)
            may_fail = mode is GenerationMode.NEGATIVE or operation.label in NEED_MORE
            assert may_fail or seen & {200, 204}, operation.label


def test_every_operation_says_what_it_does_and_which_problems_it_answers(patient_app: Any) -> None:
    for path, operations in patient_app.openapi()["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], (method, path)
            assert "500" in operation["responses"], (method, path)
            for status, response in operation["responses"].items():
                if int(status) >= 400 and path != "/readyz":
                    assert list(response["content"]) == ["application/problem+json"], (method, path, status)


def test_every_route_of_the_contract_is_there(patient_app: Any) -> None:
    found = {
        f"{method.upper()} {path}"
        for path, operations in patient_app.openapi()["paths"].items()
        for method in operations
    }
    talk = "/v1/conversations/{conversation_id}"
    assert found >= {
        "POST /v1/chat",
        "POST /v1/chat/completions",
        "POST /v1/conversations",
        f"GET {talk}",
        f"DELETE {talk}",
        f"POST {talk}/messages",
        f"GET {talk}/messages",
        f"GET {talk}/events",
        f"POST {talk}/attachments",
        f"GET {talk}/attachments",
        f"GET {talk}/attachments/{{name}}",
        f"GET {talk}/transcript",
        f"POST {talk}/actions/{{action_id}}/{{decision}}",
        f"POST {talk}/handoff",
        f"POST {talk}/feedback",
        "GET /v1/desk/handoffs",
        "GET /v1/desk/handoffs/{handoff_id}",
        *(f"POST /v1/desk/handoffs/{{handoff_id}}/{move}" for move in MOVES),
        "GET /v1/desk/handoffs/{handoff_id}/suggestions",
        "GET /v1/desk/handoffs/{handoff_id}/events",
        "GET /v1/desk/events",
        "GET /v1/desk/conversations",
        "POST /v1/desk/conversations/{conversation_id}/takeover",
        "GET /v1/desk/people",
        "GET /v1/desk/presence",
        "PUT /v1/desk/presence",
        "GET /v1/desk/actions",
        "POST /v1/desk/actions/{action_id}/approve",
        "POST /v1/desk/actions/{action_id}/decline",
        "GET /v1/desk/search",
        f"POST {talk}/typing",
        "GET /v1/kpis",
        "POST /v1/events/orders",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
        "GET /",
    }
