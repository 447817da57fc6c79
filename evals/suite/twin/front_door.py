"""The service's HTTP API on a world, in process: the same routes that ``postventa serve`` opens."""

from __future__ import annotations

from copy import copy
from importlib.metadata import version

import httpx2
from fastapi import FastAPI
from starlette.datastructures import State

from agent.api.build import build_api
from agent.api.parts import ApiParts, Demo, McpRules
from agent.app.demo import SECRET, SHOP_ID, demo_goods, home_of
from agent.casework.front import ShopperClaims
from agent.store.attachments import MemoryAttachments
from evals.world import World
from tools.shop.data import ShopData


class FrontDoors:
    """Opens the HTTP API on one world after another. Its routes are built once: that takes longer than most cases."""

    def __init__(self) -> None:
        self._built: FastAPI | None = None

    def open(self, world: World, data: ShopData) -> httpx2.AsyncClient:
        """A client whose requests end in that world."""
        people = tuple(ShopperClaims(one.id, one.email, one.name) for one in data.customers)

        async def customers() -> tuple[ShopperClaims, ...]:
            return people

        demo = Demo(SHOP_ID, "pk_demo", world.mail, customers, demo_goods, home_of)
        transport = httpx2.ASGITransport(app=self._on(_api_parts(world, demo)))
        return httpx2.AsyncClient(transport=transport, base_url="http://in-process", timeout=120.0)

    def _on(self, parts: ApiParts) -> FastAPI:
        """The same routes over other parts: an application finds its parts in its state, and nowhere else."""
        if self._built is None:
            self._built = build_api(parts)
        app = copy(self._built)
        app.state = State({"parts": parts})
        app.middleware_stack = None
        return app


def _api_parts(world: World, demo: Demo) -> ApiParts:
    parts, storing = world.parts, world.parts.storing
    return ApiParts(
        services=parts.services,
        reception=parts.reception,
        desk=parts.desk,
        desk_view=parts.desk_view,
        keys=storing.keys,
        attachments=MemoryAttachments(),
        idempotency=storing.idempotency,
        order_events=storing.order_events,
        kpis=storing.kpis,
        version=version("postventa"),
        article_html=lambda *_: None,
        shopper_secrets={SHOP_ID: SECRET},
        demo=demo,
        mcp=McpRules(served=False),
    )
