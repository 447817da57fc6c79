"""What a receiver gets is what both standards say, as implementations other than ours read it."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from jsonschema import Draft7Validator
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from agent.casework.outbox.letters import Delivery, Letter, NotDelivered
from agent.store.desks.reach import Reach, open_client
from agent.store.desks.webhooks import Target, Webhooks, signing_key

OLD = "whsec_" + base64.b64encode(b"the old secret, 24 bytes or more").decode()
NEW = "whsec_" + base64.b64encode(b"the new secret, 24 bytes or more").decode()
OTHER = "whsec_" + base64.b64encode(b"somebody else's secret altogether").decode()

CLOUD_EVENT = {
    "type": "object",
    "required": ["id", "source", "specversion", "type"],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "source": {"type": "string", "format": "uri-reference", "minLength": 1},
        "specversion": {"const": "1.0"},
        "type": {"type": "string", "pattern": r"^com\.postventa\.[a-z]+\.[a-z]+$"},
        "datacontenttype": {"const": "application/json"},
        "subject": {"type": "string", "minLength": 1},
        "time": {"type": "string", "format": "date-time"},
        "data": {"type": "object"},
    },
    "propertyNames": {"pattern": "^[a-z0-9]+$"},
    "additionalProperties": False,
}
"""The JSON format of CloudEvents 1.0, with what we promise beyond it."""


def now() -> datetime:
    """The library of the standard reads the machine's clock."""
    return datetime.now(UTC)


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with open_client(Reach(loopback=True), 0.5) as client:
        yield client


@pytest.fixture
def delivery(any_letter: Any) -> Delivery:
    letter = Letter("trn_1-3", "demo", "cnv_1", "webhook:x", "handoff.queued", any_letter, now())
    return Delivery(letter, 1, 1, now())


def hook(client: httpx2.AsyncClient, url: str, *secrets: str) -> Webhooks:
    return Webhooks(Target(url, tuple(map(signing_key, secrets or (NEW,)))), client)


async def test_the_standards_own_library_accepts_the_signature(client: Any, listener: Any, delivery: Delivery) -> None:
    await hook(client, listener.url).carry(delivery, now())
    (heard,) = listener.heard
    assert heard.line == "POST /hook HTTP/1.1"
    assert Webhook(NEW).verify(heard.body, dict(heard.headers))["id"] == "trn_1-3"
    assert heard.headers["webhook-id"] == "trn_1-3"
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(heard.body, dict(heard.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(heard.body.replace(b"orders", b"fraud!"), dict(heard.headers))


async def test_while_secrets_change_a_receiver_may_know_either(client: Any, listener: Any, delivery: Delivery) -> None:
    await hook(client, listener.url, NEW, OLD).carry(delivery, now())
    (heard,) = listener.heard
    for secret in (NEW, OLD):
        assert Webhook(secret).verify(heard.body, dict(heard.headers))


async def test_the_body_is_a_cloud_event(client: Any, listener: Any, delivery: Delivery, any_letter: Any) -> None:
    await hook(client, listener.url).carry(delivery, now())
    (heard,) = listener.heard
    event = json.loads(heard.body)
    Draft7Validator(CLOUD_EVENT, format_checker=Draft7Validator.FORMAT_CHECKER).validate(event)
    assert heard.headers["content-type"].startswith("application/cloudevents+json")
    assert (event["type"], event["source"], event["subject"]) == (
        "com.postventa.handoff.queued",
        "/shops/demo",
        "cnv_1",
    )
    assert event["data"] == any_letter


async def test_every_attempt_is_the_same_event_signed_anew(client: Any, listener: Any, delivery: Delivery) -> None:
    earlier = datetime(2026, 3, 1, tzinfo=UTC)
    await hook(client, listener.url).carry(delivery, earlier)
    await hook(client, listener.url).carry(delivery, now())
    first, second = listener.heard
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] == str(int(earlier.timestamp()))
    assert Webhook(NEW).verify(second.body, dict(second.headers))


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_any_2xx_is_an_acknowledgement(client: Any, listener: Any, delivery: Delivery, status: int) -> None:
    listener.status = status
    await hook(client, listener.url).carry(delivery, now())


@pytest.mark.parametrize(
    ("status", "final"), [(301, False), (400, False), (401, False), (404, False), (410, True), (500, False)]
)
async def test_anything_else_is_not(client: Any, listener: Any, delivery: Delivery, status: int, final: bool) -> None:
    listener.status = status
    with pytest.raises(NotDelivered) as failed:
        await hook(client, listener.url).carry(delivery, now())
    assert (failed.value.failure, failed.value.final) == (f"http_{status}", final)


async def test_a_redirect_is_not_followed(client: Any, listener: Any, delivery: Delivery) -> None:
    listener.status, listener.headers = 307, {"location": listener.url}
    with pytest.raises(NotDelivered, match="http_307"):
        await hook(client, listener.url).carry(delivery, now())
    assert len(listener.heard) == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120.0), ("Sun, 01 Mar 2026 00:02:00 GMT", 120.0), ("Sat, 28 Feb 2026 00:00:00 GMT", 0.0), ("soon", None)],
)
async def test_a_target_may_say_when(
    client: Any, listener: Any, delivery: Delivery, value: str, seconds: float | None
) -> None:
    listener.status, listener.headers = 503, {"retry-after": value}
    with pytest.raises(NotDelivered) as failed:
        await hook(client, listener.url).carry(delivery, datetime(2026, 3, 1, tzinfo=UTC))
    assert failed.value.retry_after_s == seconds


async def test_a_target_that_says_nothing_is_not_waited_for(client: Any, listener: Any, delivery: Delivery) -> None:
    listener.mute = True
    with pytest.raises(NotDelivered, match="timeout"):
        await hook(client, listener.url).carry(delivery, now())


async def test_a_target_that_is_not_there(client: Any, delivery: Delivery) -> None:
    with pytest.raises(NotDelivered, match="unreachable"):
        await hook(client, "http://127.0.0.1:9/hook").carry(delivery, now())


@pytest.mark.parametrize("secret", ["", "hunter2", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all!", NEW[6:]])
def test_a_weak_or_broken_secret_is_refused(secret: str) -> None:
    with pytest.raises(ValueError):
        signing_key(secret)
