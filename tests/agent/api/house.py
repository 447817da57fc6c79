"""The application on in-process parts, and conversations held with it over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import httpx2
import jwt
from fastapi import FastAPI

from agent.api.parts import ApiParts, Demo
from agent.app.demo import POLICY, demo_goods, home_of
from agent.casework.desk.people import Desk
from agent.casework.desk.view import DeskView
from agent.casework.front import Services, ShopperClaims, Storefront
from agent.casework.receiving import Reception
from agent.store.attachments import MemoryAttachments
from agent.store.bus import LocalBus
from agent.store.idempotency import MemoryIdempotencyStore
from agent.store.keys import ApiKey, MemoryKeyStore
from agent.store.mail import MemoryMail
from agent.store.memory_store import MemoryStore
from agent.store.order_events import MemoryOrderEvents
from agent.store.rate_limit import MemoryRateLimit
from prompts.loader import Sentences
from tests.agent.api.clerk import Articles, Clerk, Clock, NoModel, People, PlainReader
from tools.policy.loader import load_policy
from tools.shop.data import ShopData

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
    "models": {
        "openai:gpt-4.1-mini": {
            "turns": 3,
            "input_tokens": 900,
            "cached_tokens": 0,
            "output_tokens": 120,
            "cost": "0.0006",
        }
    },
}


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


async def build_parts(sentences: Sentences, clock: Clock) -> tuple[ApiParts, Clerk, Figures, MemoryMail]:
    ids = count(1)
    mail = MemoryMail()
    shop: Any = People()
    nothing: Any = None
    model: Any = NoModel()
    articles: Any = Articles()
    reader: Any = PlainReader()
    policy = load_policy(POLICY)
    services = Services(
        store=MemoryStore(),
        bus=LocalBus(),
        limits=MemoryRateLimit(clock.seconds),
        codes=nothing,
        mail=mail,
        loop=model,
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
