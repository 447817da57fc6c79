"""The API on in-process parts, with a clerk in place of the agent: what the edge does needs no understanding."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from agent.api.build import build_api
from agent.api.parts import Rate, RateRules
from prompts.loader import Sentences
from tests.agent.api.clerk import Clock
from tests.agent.api.house import House, build_parts, demo_of


@pytest.fixture(scope="session")
def sentences() -> Sentences:
    return Sentences.load()


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
