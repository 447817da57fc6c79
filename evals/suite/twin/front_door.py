"""The service's HTTP API on a world, in process: the same routes that ``postventa serve`` opens."""

from __future__ import annotations

from importlib.metadata import version

import httpx2
from fastapi import FastAPI

from agent.api.build import build_api
from agent.api.parts import ApiParts, Demo
from agent.app.demo import SECRET, SHOP_ID, demo_goods, home_of
from agent.casework.front import ShopperClaims
from agent.store.attachments import MemoryAttachments
from evals.world import World
from tools.shop.data import ShopData


def open_front_door(world: World, data: ShopData) -> httpx2.AsyncClient:
    """A client whose requests end in that world."""
    people = tuple(ShopperClaims(one.id, one.email, one.name) for one in data.customers)

    async def customers() -> tuple[ShopperClaims, ...]:
        return people

    demo = Demo(SHOP_ID, "pk_demo", world.mail, customers, demo_goods, home_of)
    transport = httpx2.ASGITransport(app=_application(world, demo))
    return httpx2.AsyncClient(transport=transport, base_url="http://in-process", timeout=120.0)


def _application(world: World, demo: Demo) -> FastAPI:
    parts, storing = world.parts, world.parts.storing
    return build_api(
        ApiParts(
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
        )
    )
