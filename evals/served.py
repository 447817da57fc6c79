"""A world behind a real socket of this machine: what clients over HTTP are tried on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

import uvicorn
from starlette.applications import Starlette

from agent.api.build import build_api
from agent.api.parts import ApiParts
from agent.api.shopper_token import mint_shopper_token
from agent.app.demo import KEYS, SHOP_ID, put_keys
from agent.app.serving import api_parts
from agent.casework.front import ShopperClaims
from evals.world import World

SECRET = "a secret of the world, long enough for HS256"


@dataclass(frozen=True, slots=True)
class Served:
    """Where it is. ``key`` is a back end's; the world's clock is the service's."""

    world: World
    url: str
    parts: ApiParts
    key: str = next(iter(KEYS))

    def shopper_token(self, customer: str, life: timedelta = timedelta(minutes=30)) -> str:
        """The storefront's word on who the shopper is."""
        return mint_shopper_token(ShopperClaims(customer), SECRET, self.world.clock(), life)


@asynccontextmanager
async def serve_world(
    world: World, change: Callable[[ApiParts], ApiParts] = lambda parts: parts
) -> AsyncIterator[Served]:
    """Serve it until the context is left; ``change`` may set other rates or rules."""
    await put_keys(world.parts.storing.keys)
    parts = change(replace(api_parts(world.parts, {SHOP_ID: SECRET}, None)))
    app = build_api(parts)
    async with serve_app(app) as url:
        yield Served(world, url, parts)
    if parts.mcp.served:
        await app.state.mcp.close()


@asynccontextmanager
async def serve_app(app: Starlette, port: int = 0, *, lifespan: Literal["on", "off"] = "off") -> AsyncIterator[str]:
    """The application on a port of its own."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="warning", access_log=False, lifespan=lifespan, ws="none"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():  # noqa: ASYNC110
        await asyncio.sleep(0.01)  # uvicorn tells nobody when it has started
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
