"""Event fan-out between processes, through Redis."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from agent.conversation import ConversationId, Event
from agent.store.columns import write_json
from agent.store.mailbox import Mailbox
from agent.store.redis_client import connect_redis

CONFIRMATION_S = 2.0
POLL_S = 10.0
RETRY_S = 1.0

log = structlog.get_logger(__name__)


class RedisBus:
    """``casework.ports.Bus`` with one subscribed connection for all listeners of the process.

    Redis is a convenience here, the store is the truth: when it is away, events are lost and logged, nothing raises,
    and listeners hear again as soon as it is back.
    """

    def __init__(self, url: str, prefix: str = "postventa") -> None:
        self._redis: Redis = connect_redis(url)
        self._subscriptions = self._redis.pubsub()
        self._prefix = f"{prefix}:events:"
        self._mailboxes: dict[str, list[Mailbox]] = {}
        self._confirmed: dict[str, asyncio.Event] = {}
        self._order = asyncio.Lock()
        self._reader: asyncio.Task[None] | None = None

    async def publish(self, conversation_id: ConversationId, events: Sequence[Event]) -> None:
        """See the port."""
        if not events:
            return
        data = write_json([(event.turn_seq, event.n, event.type, event.data) for event in events])
        try:
            await self._redis.publish(self._prefix + conversation_id, data)
        except (RedisError, OSError) as error:
            log.warning("bus.publish_failed", conversation_id=conversation_id, error=type(error).__name__)

    @asynccontextmanager
    async def listen(self, conversation_id: ConversationId) -> AsyncIterator[AsyncIterator[Event]]:
        """See the port. The iterator ends when the bus is closed."""
        channel = self._prefix + conversation_id
        mailbox = Mailbox()
        await self._enter(channel, mailbox)
        try:
            yield mailbox
        finally:
            await self._leave(channel, mailbox)

    async def close(self) -> None:
        """Listeners hear no more."""
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader
        for mailboxes in self._mailboxes.values():
            for mailbox in mailboxes:
                mailbox.close()
        await self._subscriptions.aclose()  # type: ignore[no-untyped-call]
        await self._redis.aclose()

    async def _enter(self, channel: str, mailbox: Mailbox) -> None:
        async with self._order:
            self._mailboxes.setdefault(channel, []).append(mailbox)
            if channel not in self._confirmed:
                self._confirmed[channel] = asyncio.Event()
                await self._tell("subscribe", channel)
            confirmed = self._confirmed[channel]
            if self._reader is None:
                self._reader = asyncio.create_task(self._read())
        try:
            await asyncio.wait_for(confirmed.wait(), CONFIRMATION_S)
        except TimeoutError:
            log.warning("bus.unconfirmed", channel=channel)
        except asyncio.CancelledError:
            await self._leave(channel, mailbox)
            raise

    async def _leave(self, channel: str, mailbox: Mailbox) -> None:
        async with self._order:
            self._mailboxes[channel].remove(mailbox)
            if not self._mailboxes[channel]:
                del self._mailboxes[channel], self._confirmed[channel]
                await self._tell("unsubscribe", channel)

    async def _tell(self, command: Literal["subscribe", "unsubscribe"], channel: str) -> None:
        try:
            await getattr(self._subscriptions, command)(channel)
        except (RedisError, OSError) as error:
            log.warning("bus.disconnected", command=command, error=type(error).__name__)
            if channel in self._confirmed:
                self._confirmed[channel].set()  # The reader subscribes when Redis is back; nobody waits for that.

    async def _read(self) -> None:
        while True:
            try:
                async with self._order:
                    await self._subscriptions.connect()  # type: ignore[no-untyped-call]
                    if self._mailboxes:
                        await self._subscriptions.subscribe(*self._mailboxes)
                while True:
                    self._deliver(await self._subscriptions.get_message(timeout=POLL_S))
            except (RedisError, OSError) as error:
                log.warning("bus.disconnected", error=type(error).__name__)
                await asyncio.sleep(RETRY_S)

    def _deliver(self, message: dict[str, Any] | None) -> None:
        if message is None:
            return
        if message["type"] == "subscribe" and message["channel"] in self._confirmed:
            self._confirmed[message["channel"]].set()
        elif message["type"] == "message":
            events = [Event(*fields) for fields in json.loads(message["data"])]
            for mailbox in self._mailboxes.get(message["channel"], ()):
                mailbox.put(events)
