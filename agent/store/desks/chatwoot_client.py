"""Chatwoot's application API, as far as a case needs it. Every failure is a ``NotDelivered`` with a stable code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2

from agent.casework.outbox.letters import NotDelivered
from agent.store.desks.reach import not_reached, retry_after_s

MOST_BYTES = 4_000_000
TEMPORARY = frozenset({401, 403, 404, 408, 409, 425, 429})
"""What a person over there can put right, or time: a token, a moved inbox, a limit. Other 4xx would fail again."""
PAGE = 100

Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """Where cases go: an inbox of the kind "API" in one account, with the access token of an agent or an administrator."""

    url: str
    account_id: int
    inbox_id: int
    token: str


class ChatwootClient:
    """Calls of one delivery at ``now``."""

    def __init__(self, account: Account, client: httpx2.AsyncClient, now: datetime) -> None:
        self._account = account
        self._client = client
        self._now = now

    async def contact_with(self, key: str, value: str) -> Found | None:
        """The contact whose ``identifier`` or ``email`` is exactly that."""
        wanted = {"attribute_key": key, "filter_operator": "equal_to", "values": [value]}
        found = await self._ask("POST", "/contacts/filter", {"payload": [wanted]})
        with _as_documented():
            return next((one for one in found["payload"] if str(one.get(key) or "").lower() == value.lower()), None)

    async def create_contact(self, values: Mapping[str, Any]) -> Found:
        """A new contact in the inbox. Raises ``NotDelivered`` (``http_422``) when its identifier or e-mail is taken."""
        created = await self._ask("POST", "/contacts", {"inbox_id": self._account.inbox_id, **values})
        with _as_documented():
            contact: Found = created["payload"]["contact"]
            return contact

    async def conversations_of(self, contact_id: int) -> list[Found]:
        """The contact's latest conversations."""
        found = await self._ask("GET", f"/contacts/{contact_id}/conversations")
        with _as_documented():
            return list(found["payload"])

    async def create_conversation(self, values: Mapping[str, Any]) -> int:
        """A new conversation in the inbox; its number."""
        created = await self._ask("POST", "/conversations", {"inbox_id": self._account.inbox_id, **values})
        with _as_documented():
            return int(created["id"])

    async def say(self, conversation: str, source_id: str, text: str, *, private: bool) -> None:
        """Add a message: the contact's own, or a private note of ours."""
        kind = "outgoing" if private else "incoming"
        body = {"content": text, "message_type": kind, "private": private, "source_id": source_id}
        created = await self._ask("POST", f"/conversations/{conversation}/messages", body)
        with _as_documented():
            int(created["id"])

    async def has_said(self, conversation: str, source_id: str) -> bool:
        """Whether a message with that source id is there."""
        after = 0
        while True:
            found = await self._ask("GET", f"/conversations/{conversation}/messages?after={after}")
            with _as_documented():
                page = found["payload"]
                if any(one.get("source_id") == source_id for one in page):
                    return True
                last = max((int(one["id"]) for one in page), default=0)
            if len(page) < PAGE or last <= after:
                return False
            after = last

    async def label(self, conversation: str, labels: list[str]) -> None:
        """Set the labels."""
        await self._ask("POST", f"/conversations/{conversation}/labels", {"labels": labels})

    async def prioritise(self, conversation: str, priority: str) -> None:
        """Set the priority: urgent, high, medium or low."""
        await self._ask("POST", f"/conversations/{conversation}/toggle_priority", {"priority": priority}, answers=False)

    async def set_status(self, conversation: str, status: str) -> None:
        """Set the status: open or resolved."""
        await self._ask("POST", f"/conversations/{conversation}/toggle_status", {"status": status})

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, answers: bool = True) -> Any:
        url = f"{self._account.url.rstrip('/')}/api/v1/accounts/{self._account.account_id}{path}"
        headers = {"api_access_token": self._account.token, "accept": "application/json", "user-agent": "Postventa"}
        try:
            async with self._client.stream(method, url, json=body, headers=headers) as response:
                if not 200 <= response.status_code < 300:
                    raise self._refused(response)
                content = await _read(response)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise not_reached(error) from error
        return _parsed(content) if answers else None

    def _refused(self, response: httpx2.Response) -> NotDelivered:
        status = response.status_code
        final = 400 <= status < 500 and status not in TEMPORARY
        return NotDelivered(f"http_{status}", final=final, retry_after_s=retry_after_s(response, self._now))


async def _read(response: httpx2.Response) -> bytes:
    content = b""
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MOST_BYTES:
            raise NotDelivered("answer_too_long")
    return content


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError as error:
        raise NotDelivered("answer_malformed") from error


@contextmanager
def _as_documented() -> Iterator[None]:
    """An answer of another shape than the API's own description counts as none: nothing was acknowledged."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NotDelivered("answer_malformed") from error
