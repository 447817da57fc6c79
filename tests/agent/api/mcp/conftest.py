"""A service on the demo shop behind a real socket, and the official MCP client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from evals.served import Served, serve_world
from evals.world import Library, open_world

Connect = Callable[..., Any]


@pytest.fixture
async def open_service(library: Library, tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    async with AsyncExitStack() as stack:

        async def open_one(change: Any = lambda parts: parts, **options: Any) -> Served:
            world = await stack.enter_async_context(open_world(library, tmp_path, **options))
            return await stack.enter_async_context(serve_world(world, change))

        yield open_one


@pytest.fixture
async def served(open_service: Callable[..., Any]) -> Served:
    return await open_service()


@asynccontextmanager
async def connected(served: Served, customer: str = "", *, key: str = "sk_demo", **more: Any) -> AsyncIterator[Client]:
    """The official client; ``customer`` is who the shopper is by the storefront's token, nobody without one."""
    headers = {"Authorization": f"Bearer {key}", **more.pop("headers", {})}
    if customer:
        headers["X-Shopper-Token"] = served.shopper_token(customer)
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(f"{served.url}/mcp", http_client=http), cache=None, **more) as client,
    ):
        yield client
