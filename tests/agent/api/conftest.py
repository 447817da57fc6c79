"""The API on in-process parts, with a clerk in place of the agent: what the edge does needs no understanding."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx2
import jwt
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from agent.api.build import build_api
from agent.api.parts import ApiParts, Demo, Rate, RateRules
from agent.app.demo import POLICY, demo_goods, home_of
from agent.casework.desk import Desk
from agent.casework.desk_view import DeskView
from agent.casework.draft import Draft, reply_message
from agent.casework.front import Services, ShopperClaims, Storefront
from agent.casework.ports import Claim
from agent.casework.receiving import Move, Reception
from agent.casework.rendering import render_action, render_turn
from agent.conversation import (
    Action,
    ActionId,
    ActionStatus,
    Conversation,
    Handoff,
    HandoffId,
    HandoffStatus,
    Json,
    Message,
    MessageId,
    Reason,
    Speaker,
    Status,
    Turn,
    TurnId,
    TurnKind,
    TurnStatus,
)
from agent.store.attachments import MemoryAttachments
from agent.store.bus import LocalBus
from agent.store.idempotency import MemoryIdempotencyStore
from agent.store.keys import ApiKey, MemoryKeyStore
from agent.store.mail import MemoryMail
from agent.store.memory_store import MemoryStore
from agent.store.order_events import MemoryOrderEvents
from agent.store.rate_limit import MemoryRateLimit
from agent.understanding.reading import Emotion, Reading
from prompts.loader import Sentences
from tools.policy.loader import load_policy
from tools.shop.data import ShopData

NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
SECRET = "a secret of the shop, long enough for HS256"
EVENT_SECRET = "whsec_c2VjcmV0IG9mIG9yZGVyIGV2ZW50cw=="
FIGURES = {
    "conversations": 2,
    "turns": 5,
    "outcomes": {"answered": 2},
    "resolutions": {"agent": {"assumed": 2}, "people": {"open": 1}},
    "desk": {
        "cases": 1,
        "first_answer_s": {"p50": 60, "p95": 60},
        "handle_s": None,
        "occupancy": None,
        "waiting": 0,
        "with_person": 1,
    },
    "handoffs": {"human_request": 1},
    "actions": {"change_address": {"executed": 1}},
    "latency_ms": {"p50": 12, "p95": 80},
    "csat": {"count": 1, "average": 5.0},
    "nps": {"count": 0, "average": None},
}


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class People:
    """A shop that knows one customer."""

    async def customer(self, customer_id: str) -> Any:
        return _Customer() if customer_id == "C-1" else None

    async def customer_with_email(self, email: str) -> Any:
        return _Customer() if email == "lucia@example.com" else None

    async def order_of(self, customer_id: str, number: str) -> Any:
        return None


class Articles:
    """A help centre with nothing in it."""

    async def search(self, text: str, language: str, limit: int = 3) -> list[Any]:
        return []

    async def topic(self, topic: str, language: str) -> Any:
        return None


class PlainReader:
    """Reads nothing in anything."""

    def read(self, text: str, *, language: str, now: datetime, zone: Any) -> Reading:
        return Reading(text, language, False, (), (), Emotion())


@dataclass(frozen=True)
class _Customer:
    id: str = "C-1"
    first_name: str = "Lucía"
    email: str = "lucia@example.com"


@dataclass
class Clerk:
    """Answers every move through the real store and bus: says back what was said, in two lines.

    It proposes a change for "cambia", fails for what is in ``failures``, and waits for ``gate`` before it answers.
    """

    services: Services
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    failures: dict[str, Exception] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()

    async def receive(self, conversation: Conversation, move: Move) -> Json:
        self.moves.append(move)
        self.arrived.set()
        if move.text in self.failures:
            raise self.failures[move.text]
        services = self.services
        turn_id = TurnId(services.new_id("trn"))
        given = {"text": move.text} if move.kind is TurnKind.MESSAGE else {"action_id": move.action_id}
        turn = Turn(
            turn_id, conversation.id, 0, move.kind, TurnStatus.ACCEPTED, given, services.clock(),
            client_message_id=move.client_message_id,
        )  # fmt: skip
        message = Message(
            MessageId(services.new_id("msg")), 0, Speaker.SHOPPER, move.text, services.clock(), "es", turn_id,
            move.client_message_id,
        )  # fmt: skip
        got = await services.store.accept(
            turn, message if move.kind is TurnKind.MESSAGE else None, owner="clerk", now=services.clock(), lease_s=20
        )
        async with self.one_at_a_time:
            if isinstance(got, Claim):
                return await self._answer(got)
            if got.result is not None:
                return got.result
            claim = await services.store.claim("demo", conversation.id, owner="clerk", now=services.clock(), lease_s=20)
            assert claim is not None
            return await self._answer(claim)

    async def _answer(self, claim: Claim) -> Json:
        services = self.services
        draft = Draft(claim, services.bus, services.clock())
        await draft.emit("turn.started", {"turn_id": claim.turn.id})
        await self.gate.wait()
        self._do(draft)
        reply = reply_message(draft, services.new_id("msg"), "\n".join(draft.paragraphs))
        for action in draft.changed.values():
            await draft.emit("action.proposed", render_action(action))
        await draft.emit("tool.started", {"name": "get_order"})
        for line in reply.text.splitlines(keepends=True):
            await draft.emit("message.delta", {"id": reply.id, "text": line})
        await draft.emit("message.completed", {"id": reply.id, "text": reply.text, "who": "agent"})
        result = render_turn(draft, reply, 1 if draft.handoff else 0, 7)
        await draft.emit("done", {"turn": result})
        await services.store.finish(claim, draft.outcome(result, (reply,), 7), now=draft.now)
        await draft.publish_rest()
        return result

    def _do(self, draft: Draft) -> None:
        kind, given = draft.claim.turn.kind, draft.claim.turn.input
        if kind is TurnKind.MESSAGE:
            draft.say("Me dices:")
            draft.say(given["text"])
            draft.citations.append({"article": "tracking", "title": "Envíos", "url": "/help/es/tracking", "quote": "…"})
            if given["text"] == "cambia":
                draft.keep(an_action(draft, self.services.new_id("act")))
        elif kind is TurnKind.HANDOFF:
            draft.say("Te paso con una persona.")
            draft.hand_off(a_handoff(draft, self.services.new_id("hnd")))
            draft.change(status=Status.QUEUED)
        else:
            action = draft.actions[given["action_id"]]
            status = ActionStatus.EXECUTED if kind is TurnKind.CONFIRM else ActionStatus.REJECTED
            draft.keep(replace(action, status=status, decided_at=draft.now))
            draft.say("Hecho.")


def an_action(draft: Draft, action_id: str) -> Action:
    return Action(
        id=ActionId(action_id),
        turn_id=draft.claim.turn.id,
        kind="change_address",
        order_number="10023",
        status=ActionStatus.PROPOSED,
        summary="Cambiar la dirección",
        before={"street": "Calle Mayor 1"},
        after={"street": "Calle Menor 2"},
        cost={"amount": "4.90", "currency": "EUR"},
        proposal={},
        digest="d",
        created_at=draft.now,
        expires_at=draft.now + timedelta(minutes=30),
    )


def a_handoff(draft: Draft, handoff_id: str) -> Handoff:
    return Handoff(
        id=HandoffId(handoff_id),
        conversation_id=draft.conversation.id,
        status=HandoffStatus.QUEUED,
        queue="general",
        priority=2,
        language="es",
        reasons=(Reason("human_request", "button"),),
        packet={"summary": "Quiere una persona"},
        created_at=draft.now,
        promised_by=draft.now + timedelta(minutes=3),
    )


class Figures:
    """What was asked for, and the same figures whatever it was."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, datetime, datetime]] = []

    async def between(self, shop_id: str, start: datetime, end: datetime) -> Mapping[str, Any]:
        self.asked.append((shop_id, start, end))
        return FIGURES


@dataclass
class House:
    """The application and everything it stands on."""

    parts: ApiParts
    app: FastAPI
    client: httpx2.AsyncClient
    clock: Clock
    clerk: Clerk
    figures: Figures
    mail: MemoryMail

    def token(self, secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
        """A shopper token, with claims changed, or left out when None."""
        until = int(self.clock().timestamp()) + 600
        given = {"sub": "C-1", "email": "lucia@example.com", "name": "Lucía", "exp": until, **claims}
        return jwt.encode({name: value for name, value in given.items() if value is not None}, secret, algorithm)

    async def open(self, key: str = "pk_test", **wanted: Any) -> Talk:
        """A conversation, and the headers of whoever may write in it."""
        response = await self.client.post("/v1/conversations", json=wanted, headers=bearer(key))
        assert response.status_code == 201, response.text
        opened = response.json()
        return Talk(self.client, opened["id"], {**bearer(key), "X-Conversation-Token": opened["token"]})


@dataclass
class Talk:
    """One conversation over HTTP."""

    client: httpx2.AsyncClient
    id: str
    headers: dict[str, str]

    @property
    def path(self) -> str:
        return f"/v1/conversations/{self.id}"

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        return await self.client.post(f"{self.path}{path}", json=body, headers={**self.headers, **headers})

    async def get(self, path: str = "", **params: Any) -> httpx2.Response:
        return await self.client.get(f"{self.path}{path}", params=params, headers=self.headers)

    async def say(self, text: str, **headers: str) -> httpx2.Response:
        return await self.post("/messages", {"text": text}, **headers)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture(scope="session")
def sentences() -> Sentences:
    return Sentences.load()


async def build_parts(sentences: Sentences, clock: Clock) -> tuple[ApiParts, Clerk, Figures, MemoryMail]:
    ids = count(1)
    mail = MemoryMail()
    shop: Any = People()
    nothing: Any = None
    articles: Any = Articles()
    reader: Any = PlainReader()
    policy = load_policy(POLICY)
    services = Services(
        store=MemoryStore(),
        bus=LocalBus(),
        limits=MemoryRateLimit(clock.seconds),
        codes=nothing,
        mail=mail,
        loop=nothing,
        reader=reader,
        escalation=nothing,
        sentences=sentences,
        storefronts={
            "demo": Storefront("demo", "Tienda Sol", shop, policy, articles),
            "other": Storefront("other", "Otra", shop, policy, articles),
        },
        clock=clock,
        new_id=lambda kind: f"{kind}_{next(ids)}",
        new_code=lambda: "123456",
        secret="s",
        owner="test",
    )
    keys = MemoryKeyStore()
    await keys.put("sk_test", ApiKey("demo", "sk"))
    await keys.put("pk_test", ApiKey("demo", "pk"))
    await keys.put("pk_here", ApiKey("demo", "pk", origins=("https://shop.example",)))
    await keys.put("pk_star", ApiKey("demo", "pk", origins=("*",)))
    await keys.put("dk_test", ApiKey("demo", "dk", "Ana", "agent"))
    await keys.put("dk_bea", ApiKey("demo", "dk", "Bea", "agent"))
    await keys.put("dk_lead", ApiKey("demo", "dk", "Leo", "lead"))
    await keys.put("sk_other", ApiKey("other", "sk"))
    await keys.put("dk_other", ApiKey("other", "dk", "Eva", "lead"))
    await keys.put("sk_gone", ApiKey("closed-down", "sk"))
    clerk = Clerk(services)
    figures = Figures()
    parts = ApiParts(
        services=services,
        reception=clerk,
        desk=Desk(services, Reception(services)),
        desk_view=DeskView(services),
        keys=keys,
        attachments=MemoryAttachments(),
        idempotency=MemoryIdempotencyStore(),
        order_events=MemoryOrderEvents(),
        kpis=figures,
        letters=services.store.outbox,  # type: ignore[attr-defined]
        version="0.0.0",
        article_html=lambda language, name: f"<h1>{language}: {name}</h1>" if name == "tracking" else None,
        shopper_secrets={"demo": SECRET},
        event_secrets={"demo": EVENT_SECRET},
        probes={"store": services.store.ping},
    )
    return parts, clerk, figures, mail


@dataclass
class Scenery:
    """A demo shop without orders, and how often it was put back."""

    put: int = 0

    async def everything(self) -> ShopData:
        return ShopData("Tienda Sol", "America/Mexico_City", (), (), ())

    async def put_back(self) -> None:
        self.put += 1


def demo_of(mail: MemoryMail) -> Demo:
    async def customers() -> list[ShopperClaims]:
        return [ShopperClaims("C-1", "lucia@example.com", "Lucía")]

    return Demo("demo", "pk_test", mail, customers, goods=demo_goods, country_of=home_of, stage=Scenery())


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[Any]]:
    """What was logged."""
    with capture_logs() as logged:
        yield logged


@pytest.fixture(scope="module")
def patient_app(sentences: Sentences) -> FastAPI:
    """The application in the demo, with limits that nobody reaches."""
    parts, _, _, mail = asyncio.run(build_parts(sentences, Clock()))
    endless = Rate(10**9)
    return build_api(replace(parts, demo=demo_of(mail), rates=RateRules(endless, endless, endless, endless, endless)))


@pytest.fixture
async def build_house(sentences: Sentences) -> AsyncIterator[Callable[..., Any]]:
    clients: list[httpx2.AsyncClient] = []

    async def build(demo: bool = False, **changes: Any) -> House:
        clock = Clock()
        parts, clerk, figures, mail = await build_parts(sentences, clock)
        parts = replace(parts, demo=demo_of(mail) if demo else None, **changes)
        app = build_api(parts)
        client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test")
        clients.append(client)
        return House(parts, app, client, clock, clerk, figures, mail)

    yield build
    for client in clients:
        await client.aclose()


@pytest.fixture
async def house(build_house: Callable[..., Any]) -> House:
    return await build_house()
