"""``/openapi.json`` tells the truth: whatever is sent, what comes back is as it says, and nothing breaks."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
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
ENDLESS = "/v1/conversations/{conversation_id}/events"


@pytest.fixture(scope="module")
def contract(patient_app: Any) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", patient_app)


@pytest.fixture(scope="module")
def client(patient_app: Any) -> TestClient:
    return TestClient(patient_app)


schema = schemathesis.pytest.from_fixture("contract").exclude(path=ENDLESS)


def key_for(case: Any) -> dict[str, str]:
    return {"Authorization": "Bearer dk_test" if case.path.startswith("/v1/desk") else "Bearer pk_test"}


@schema.parametrize()
@BOUNDS
def test_whatever_a_stranger_sends_is_answered_as_documented(case: Any) -> None:
    case.call_and_validate(headers=key_for(case), checks=CHECKS)


@schema.include(path_regex=r"\{conversation_id\}").parametrize()
@BOUNDS
def test_whatever_is_sent_to_ones_own_conversation_is_answered_as_documented(case: Any, client: TestClient) -> None:
    turn = client.post("/v1/chat", json={"message": "cambia"}, headers=key_for(case)).json()
    case.path_parameters["conversation_id"] = turn["conversation_id"]
    if "action_id" in case.path_parameters:
        case.path_parameters["action_id"] = turn["actions"][0]["id"]
    case.call_and_validate(headers={**key_for(case), "X-Conversation-Token": turn["token"]}, checks=CHECKS)


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
        f"GET {talk}/transcript",
        f"POST {talk}/actions/{{action_id}}/{{decision}}",
        f"POST {talk}/handoff",
        f"POST {talk}/feedback",
        "GET /v1/desk/handoffs",
        "GET /v1/desk/handoffs/{handoff_id}",
        "GET /v1/kpis",
        "POST /v1/events/orders",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
        "GET /",
    }
