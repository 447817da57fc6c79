"""One conversation over the HTTP API, as a storefront's widget holds it: in process or at any URL."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import httpx2

from tools.shop.data import ShopData
from tools.shop.wire import SHOP

TRIES: Final = 4
LONGEST_PAUSE_S: Final = 65.0
DESK_KEYS: Final = {"agent": "dk_demo_agent", "lead": "dk_demo_lead"}


class Unreachable(Exception):
    """The target does not answer, or not as the API does: nothing about the agent can be said."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What HTTP answered: a turn, or a problem in words."""

    turn: dict[str, Any]
    problem: str = ""


class Door:
    """A client and the keys it comes with."""

    def __init__(self, client: httpx2.AsyncClient, key: str = "pk_demo") -> None:
        self._client = client
        self._key = {"Authorization": f"Bearer {key}"}
        self._mine: dict[str, str] = dict(self._key)
        self.id = ""

    async def open(self, locale: str, channel: str, shopper_token: str | None) -> dict[str, Any]:
        """Open the conversation; what it answered. Raises ``Unreachable``."""
        body = {"locale": locale, "channel": channel}
        if shopper_token:
            body["shopper_token"] = shopper_token
        opened = await self._expect("POST", "/v1/conversations", self._key, body)
        self.id = str(opened["id"])
        self._mine["X-Conversation-Token"] = str(opened["token"])
        return opened

    async def say(self, text: str, name: str) -> Answer:
        """A message under the shopper's own name for it."""
        return await self._move("messages", {"text": text, "client_message_id": name})

    async def press(self, button: str, action_id: str) -> Answer:
        """A button on a proposal."""
        return await self._move(f"actions/{action_id}/{button}", None)

    async def person(self) -> Answer:
        """The button for a person."""
        return await self._move("handoff", None)

    async def state(self) -> dict[str, Any]:
        """How the conversation stands."""
        return await self._expect("GET", f"/v1/conversations/{self.id}", self._mine)

    async def transcript(self) -> dict[str, Any]:
        """All that was said and done."""
        return await self._expect("GET", f"/v1/conversations/{self.id}/transcript", self._mine)

    async def shopper_token(self, email: str) -> str | None:
        """A storefront's word on a customer of the demo; none when there is no such customer."""
        found = await self._ask("GET", "/demo/customers", {}, None)
        people = found.json() if found.status_code == httpx2.codes.OK else []
        return next((str(one["shopper_token"]) for one in people if one["email"] == email), None)

    async def last_code(self) -> str:
        """The one-time code that was mailed last; six digits that will not do when none was."""
        found = await self._ask("GET", "/demo/outbox", {}, None)
        mails = found.json() if found.status_code == httpx2.codes.OK else []
        digits = re.findall(r"\b\d{6}\b", str(mails[0]["text"])) if mails else []
        return digits[0] if digits else "000000"

    async def demo_shop(self) -> tuple[datetime, ShopData] | None:
        """The demo's time and its whole shop; none where there is no demo."""
        found = await self._ask("GET", "/demo/shop", {}, None)
        if found.status_code != httpx2.codes.OK:
            return None
        shown = found.json()
        return datetime.fromisoformat(shown["now"]), SHOP.of(shown["shop"])

    async def put_demo_shop_back(self) -> None:
        """As it was when its day began. Raises ``Unreachable``."""
        answer = await self._ask("POST", "/demo/shop/reset", {}, None)
        if answer.status_code != httpx2.codes.NO_CONTENT:
            raise Unreachable(f"POST /demo/shop/reset: {answer.status_code} {_title(answer)}")

    async def packet(self, handoff_id: str) -> dict[str, Any] | None:
        """What the person at the desk reads; none where the desk is closed to us."""
        found = await self._ask("GET", f"/v1/desk/handoffs/{handoff_id}", _desk("lead"), None)
        return dict(found.json()["packet"]) if found.status_code == httpx2.codes.OK else None

    async def at_desk(self, role: str, path: str, body: Mapping[str, Any] | None) -> Any:
        """What a person at the desk does. Raises ``Unreachable`` when it is refused."""
        return await self._expect("POST" if body is not None else "GET", f"/v1/desk/{path}", _desk(role), body)

    async def _move(self, path: str, body: Mapping[str, Any] | None) -> Answer:
        response = await self._ask("POST", f"/v1/conversations/{self.id}/{path}", self._mine, body)
        if response.status_code == httpx2.codes.OK:
            return Answer(dict(response.json()))
        return Answer({}, f"{response.status_code} {_title(response)}")

    async def _expect(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        response = await self._ask(method, path, headers, body)
        if response.status_code >= httpx2.codes.BAD_REQUEST:
            raise Unreachable(f"{method} {path}: {response.status_code} {_title(response)}")
        return dict(response.json())

    async def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any] | None
    ) -> httpx2.Response:
        """A request, patient with a limit on how often one may ask. Raises ``Unreachable``."""
        for _ in range(TRIES):
            try:
                response = await self._client.request(method, path, headers=dict(headers), json=body)
            except httpx2.HTTPError as error:
                raise Unreachable(f"{method} {path}: {type(error).__name__}") from error
            if response.status_code != httpx2.codes.TOO_MANY_REQUESTS:
                return response
            await asyncio.sleep(min(float(response.headers.get("retry-after", "1")), LONGEST_PAUSE_S))
        return response


def _desk(role: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {DESK_KEYS[role]}"}


def _title(response: httpx2.Response) -> str:
    try:
        return str(response.json().get("title", ""))
    except (ValueError, AttributeError):
        return response.text[:80]
