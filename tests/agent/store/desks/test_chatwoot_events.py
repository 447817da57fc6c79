"""Only what Chatwoot signed is heard, and of that only what its people did."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agent.errors import Invalid, Unauthorized
from agent.store.desks.chatwoot_events import Happened, read_event, verify

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SECRET, NEXT = "a secret of the webhook", "the next one"
BODY = '{"event": "message_created", "content": "año"}'.encode()


def signed(body: bytes = BODY, secret: str = SECRET, at: datetime = NOW) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"x-chatwoot-signature": f"sha256={digest}", "x-chatwoot-timestamp": timestamp}


@pytest.mark.parametrize("secret", [SECRET, NEXT])
def test_a_signature_under_any_of_the_secrets_is_good(secret: str) -> None:
    verify(signed(secret=secret), None, BODY, [SECRET, NEXT], NOW)


@pytest.mark.parametrize("minutes", [-5, 0, 5])
def test_clocks_may_differ_by_five_minutes(minutes: int) -> None:
    verify(signed(at=NOW + timedelta(minutes=minutes)), None, BODY, [SECRET], NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-chatwoot-signature": "sha256="},
        {**signed(), "x-chatwoot-signature": "sha256=" + "0" * 64},
        {**signed(), "x-chatwoot-timestamp": str(int(NOW.timestamp()) + 1)},
        {**signed(), "x-chatwoot-timestamp": "now"},
        {**signed(), "x-chatwoot-timestamp": ""},
        {**signed(), "x-chatwoot-signature": "ñ\udcff"},
        signed(secret="another"),
        signed(body=b"{}"),
        signed(at=NOW - timedelta(seconds=301)),
        signed(at=NOW + timedelta(seconds=301)),
    ],
)
def test_anything_else_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Unauthorized):
        verify(headers, None, BODY, [SECRET], NOW)


def test_a_chatwoot_that_does_not_sign_may_show_the_secret_in_the_address() -> None:
    verify({}, SECRET, BODY, [SECRET], NOW)
    for token in ("", "guess"):
        with pytest.raises(Unauthorized):
            verify({}, token, BODY, [SECRET], NOW)


def test_a_wrong_signature_is_not_made_good_by_a_token() -> None:
    with pytest.raises(Unauthorized):
        verify(signed(secret="another"), SECRET, BODY, [SECRET], NOW)


def message(**changes: Any) -> dict[str, Any]:
    return {
        "event": "message_created",
        "id": 41,
        "content": "Hola",
        "message_type": "outgoing",
        "private": False,
        "source_id": None,
        "sender": {"id": 7, "name": "Marta", "type": "user"},
        "account": {"id": 1},
        "conversation": {"id": 9, "custom_attributes": {"postventa_handoff": "hnd_1"}},
        **changes,
    }


def read(payload: Any) -> Any:
    return read_event(json.dumps(payload).encode())


def test_what_a_person_wrote() -> None:
    heard = read(message())
    assert (heard.happened, heard.case_id, heard.handoff_id) == (Happened.WROTE, "9", "hnd_1")
    assert (heard.person, heard.text, heard.stamp) == ("Marta", "Hola", "41")


def test_a_private_note() -> None:
    assert read(message(private=True)).happened is Happened.NOTED


def test_an_attachment_is_its_address() -> None:
    sent = message(content=None, attachments=[{"data_url": "https://desk.example/a.pdf"}])
    assert read(sent).text == "https://desk.example/a.pdf"


@pytest.mark.parametrize(
    "changes",
    [
        {"message_type": "incoming"},
        {"message_type": "template"},
        {"message_type": "activity"},
        {"source_id": "postventa:trn_1-2"},
        {"sender": {"id": 3, "name": "Captain", "type": "agent_bot"}},
        {"sender": None},
        {"content": None},
        {"content": "  "},
        {"event": "message_updated"},
        {"event": "conversation_created"},
        {"event": None},
    ],
)
def test_what_is_not_for_us(changes: dict[str, Any]) -> None:
    assert read(message(**changes)) is None


@pytest.mark.parametrize("status", ["resolved", "pending", "open"])
def test_a_status(status: str) -> None:
    changed = {
        "event": "conversation_status_changed",
        "id": 9,
        "status": status,
        "updated_at": 17.5,
        "meta": {"assignee": {"name": "Marta"}},
        "custom_attributes": {},
    }
    heard = read(changed)
    assert (heard.happened.value, heard.case_id, heard.person, heard.stamp) == (
        status,
        "9",
        "Marta",
        f"9:{status}:17.5",
    )
    assert read({**changed, "status": "snoozed"}) is None
    assert read({**changed, "meta": None}).person == ""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b"{",
        b"[" * 100_000,
        json.dumps(message(conversation=None)).encode(),
        json.dumps(message(conversation={"id": "x"})).encode(),
        json.dumps(message(sender="Marta")).encode(),
        json.dumps(message(id=None)).encode(),
        json.dumps({"event": "conversation_status_changed"}).encode(),
    ],
)
def test_what_chatwoot_does_not_send(body: bytes) -> None:
    with pytest.raises(Invalid):
        read_event(body)
