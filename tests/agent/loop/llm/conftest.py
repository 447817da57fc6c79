"""The loop on the demo shop, with an LLM that is a real HTTP client of a scripted server on loopback."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from agent.conversation import (
    CaseFile,
    Conversation,
    ConversationId,
    Message,
    MessageId,
    Request,
    Speaker,
    Status,
    TurnId,
)
from agent.loop.agent import Loop
from agent.loop.breaker import Breaker
from agent.loop.brief import Brief, Said, TurnScope
from agent.loop.case_writer import CaseWriter
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.failover import Failover
from agent.loop.llm import LlmSettings, open_llm, open_pool
from agent.loop.summary import Summarist
from agent.loop.system_prompt import SystemPrompt
from agent.loop.wording import Wording
from agent.understanding.reading import Emotion, Intent, Reading, ScoredIntent
from evals.conversations import OnRequest
from evals.openai_answers import Answer, Policy, in_turn
from evals.openai_server import OpenAIServer
from evals.tau_replay import AllAttempts, NoKnowledge
from evals.world import Library, open_world
from prompts.loader import Sentences
from tools.catalogue import all_tools
from tools.policy.engine import YamlPolicy
from tools.policy.loader import load_policy
from tools.scope import Identity
from tools.shop.data import ShopData
from tools.shop.demo import demo_shop
from tools.shop.models import CustomerId
from tools.shop.sql import SqlShop, create_shop_engine, create_tables
from tools.shop.sql.engine import ShopEngine
from tools.shop.sql.tables import metadata

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
LUCIA = CustomerId("lucia-hernandez")
POLICY = Path(__file__).parents[4] / "tools" / "policy" / "demo"
KEY = "sk-key-of-this-shop"
WRITER_S = 1.5
"""For a summary of a case: short, so that a stall ends soon."""


@cache
def demo_data() -> ShopData:
    return demo_shop(NOW)


@cache
def demo_policy() -> YamlPolicy:
    return load_policy(POLICY)


@cache
def sentences() -> Sentences:
    return Sentences.load()


@dataclass
class Codes:
    """Counts the codes it sends; none is ever right."""

    sent: list[str] = field(default_factory=list)

    async def send(self, customer_id: CustomerId) -> str | None:
        self.sent.append(customer_id)
        return "l***@example.mx"

    async def check(self, customer_id: CustomerId, code: str) -> bool:
        return False


@dataclass
class Ticks:
    """A monotonic clock that moves only when told, and a sleep that moves it."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class World:
    """The demo shop and what a turn in it needs."""

    shop: SqlShop
    data: ShopData
    embedded: EmbeddedChat
    engine: ShopEngine
    codes: Codes = field(default_factory=Codes)

    async def rows(self) -> dict[str, list[Any]]:
        """Every row of the order system, by table."""

        def every_row(connection: Connection) -> dict[str, list[Any]]:
            return {table.name: list(connection.execute(select(table))) for table in metadata.sorted_tables}

        return await self.engine.read(every_row)

    def scope(
        self,
        said: str,
        *agenda: Request | str,
        identity: Identity | None = None,
        language: str = "es",
        codes: Any = None,
        **told: Any,
    ) -> TurnScope:
        numbers = count(1)
        wishes = tuple(Request(one, said) if isinstance(one, str) else one for one in agenda)
        intents = tuple(ScoredIntent(Intent(one.intent), 0.9) for one in wishes)
        reading = Reading(said, language, True, intents, (), Emotion())
        brief = Brief(
            shop_name="Tienda Andén", now=NOW, language=language, channel="web", reading=reading, agenda=wishes
        )
        return TurnScope(
            shop=self.shop,
            policy=demo_policy(),
            knowledge=NoKnowledge(),
            codes=codes or self.codes,
            attempts=AllAttempts(),
            now=NOW,
            language=language,
            new_id=lambda kind: f"{kind}_{next(numbers)}",
            identity=Identity(2, LUCIA) if identity is None else identity,
            brief=replace(brief, **told),
        )


def case_file(*said: str) -> CaseFile:
    """A conversation in which shopper and agent took turns, the shopper first."""
    conversation = Conversation(ConversationId("cnv_1"), "demo", Status.BOT, "es", "web", NOW, NOW)
    messages = tuple(
        Message(
            MessageId(f"msg_{n}"),
            n,
            Speaker.AGENT if n % 2 else Speaker.SHOPPER,
            text,
            NOW,
            "es",
            TurnId(f"trn_{n // 2}"),
        )
        for n, text in enumerate(said)
    )
    return CaseFile(conversation, messages)


@dataclass
class Bench:
    """A loop whose LLM is the server's."""

    world: World
    server: OpenAIServer
    loop: Loop
    ticks: Ticks
    breaker: Breaker

    def file(self, text: str) -> CaseFile:
        return case_file(text)

    async def turn(self, text: str, *agenda: Request | str, **told: Any) -> tuple[Said, TurnScope]:
        """Say it to the agent: the reply, and what the tools left behind."""
        scope = self.world.scope(text, *agenda, **told)
        return await self.loop.run(scope, case_file(text), scope.language), scope


@pytest.fixture
def loop_with(world: World) -> Callable[[Any], Loop]:
    """A loop with that model in the LLM's place, all of its safeguards around it."""
    return lambda model: on_bench(world, OpenAIServer(in_turn()), model).loop


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def file_of() -> Callable[..., CaseFile]:
    return case_file


OpenBench = Callable[..., Any]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    engine = create_shop_engine("sqlite://")
    await create_tables(engine)
    shop = SqlShop(engine, "demo")
    await shop.load(demo_data())
    yield World(shop, demo_data(), EmbeddedChat(sentences=sentences(), wording=Wording(sentences())), engine)
    await engine.dispose()


@pytest.fixture
async def bench(world: World) -> AsyncIterator[OpenBench]:
    """Opens a bench on answers in turn, or on a policy; ``timeout_s`` is short, so that stalls end soon."""
    async with AsyncExitStack() as stack:

        async def open_bench(
            *answers: Answer, policy: Policy | None = None, base_url: str = "", **bounds: float
        ) -> Bench:
            server = await stack.enter_async_context(OpenAIServer(policy or in_turn(*answers)))
            settings = LlmSettings("local", KEY, base_url or server.base_url, **{"timeout_s": 5.0, **bounds})
            pool = open_pool(settings)
            stack.push_async_callback(pool.aclose)
            return on_bench(world, server, open_llm(settings, pool), settings.deadline_s)

        yield open_bench


def on_bench(world: World, server: OpenAIServer, model: Any, deadline_s: float = 45.0) -> Bench:
    ticks = Ticks()
    breaker = Breaker(clock=ticks, failures=3, rest_s=30.0)
    failover = Failover(world.embedded, breaker=breaker, deadline_s=deadline_s, clock=ticks, sleep=ticks.sleep)
    loop = Loop(
        embedded=world.embedded,
        tools=all_tools(),
        prompt=SystemPrompt(),
        model=model,
        model_name="openai:local",
        failover=failover,
        secrets=(KEY,),
    )
    return Bench(world, server, loop, ticks, breaker)


@dataclass
class Service:
    """A world whose loop asks the server; ``policy`` may be changed in mid-conversation."""

    world: Any
    server: OpenAIServer
    took: list[float] = field(default_factory=list)

    async def say(self, talk: Any, text: str) -> Any:
        started = time.perf_counter()
        answer = await talk.say(text)
        self.took.append(time.perf_counter() - started)
        return answer


@pytest.fixture
async def open_service(library: Library, tmp_path: Path) -> AsyncIterator[Any]:
    """Opens a whole service on a policy; what it is further given goes to its loop, ``spending`` to its services."""
    async with AsyncExitStack() as stack:

        async def open_on(
            policy: Policy, bounds: dict[str, float] | None = None, *, outside: Any = None, store: str = "memory",
            name: str = "", plain: bool = False, small: str = "", writer: str = "", **loop: Any,
        ) -> Service:  # fmt: skip
            server = await stack.enter_async_context(OpenAIServer(policy))
            settings = LlmSettings("local", "sk-of-this-shop", server.base_url, **(bounds or {}))
            pool = open_pool(settings)
            stack.push_async_callback(pool.aclose)
            embedded = EmbeddedChat(sentences=library.thinking.sentences, wording=Wording(library.thinking.sentences))
            if small:
                model = open_llm(replace(settings, name=small), pool)
                loop["summarist"] = Summarist(model, f"openai:{small}", SystemPrompt())
            if writer:
                model = open_llm(replace(settings, name=writer), pool)
                loop["case_writer"] = CaseWriter(
                    model, f"openai:{writer}", secrets=(settings.api_key,), timeout_s=WRITER_S
                )
            built = Loop(
                embedded=embedded,
                tools=all_tools(),
                prompt=SystemPrompt(),
                model=open_llm(settings, pool),
                model_name="openai:local",
                failover=Failover(embedded, breaker=Breaker(clock=time.monotonic), deadline_s=settings.deadline_s),
                **loop,
            )
            thinking = replace(library.thinking, loop=built)
            thinking = replace(thinking, escalation=OnRequest()) if plain else thinking
            world = open_world(library, tmp_path, thinking=thinking, outside=outside, store=store, name=name)
            return Service(await stack.enter_async_context(world), server)

        yield open_on


@pytest.fixture
def every_sentence() -> list[tuple[str, str, str]]:
    """Key, language and text of every sentence of the shop that takes no values."""
    found = sentences()
    plain = [key for key, names in found.keys.items() if not names]
    return [
        (key, language, found.say(key, language, pick=pick))
        for key in plain
        for language in ("es", "en", "pt")
        for pick in range(found.variants(key, language))
    ]
