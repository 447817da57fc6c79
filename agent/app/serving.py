"""Runs the service: HTTP on the outside, abandoned turns picked up on the inside."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from importlib.metadata import version

import structlog
import uvicorn
from pydantic import SecretStr

from agent.api.build import build_api
from agent.api.parts import ApiParts, Demo, McpRules, Rate, RateRules
from agent.api.routes.health import Degraded
from agent.app.assembly import Parts, assemble, wall_clock
from agent.app.collecting import collect_from_now
from agent.app.demo import (
    KEYS,
    SECRET,
    SHOP_ID,
    DemoStage,
    demo_goods,
    demo_shoppers,
    home_of,
    open_demo,
    open_demo_shop,
    put_keys,
    require_loopback,
)
from agent.app.desking import console_parts, put_demo_people
from agent.app.helping import article_pages
from agent.app.importing import make_data_dir
from agent.app.logging import configure_logging
from agent.app.rounds import do_rounds
from agent.app.selling import figures_of, open_policy, page_links
from agent.casework.front import Clock
from agent.console.build import add_console
from agent.console.parts import AsCase
from agent.errors import Misconfigured
from agent.settings import Settings
from agent.store.attachments import FolderAttachments

log = structlog.get_logger("postventa.start")

SWEEP_S = 2.0
LOOK_S = 5.0
DELIVER_S = 0.5
TIDY_S = 3600.0
REACH_S = 30.0


async def run_service(
    settings: Settings, *, demo: bool, clock: Clock = wall_clock, as_case: AsCase | None = None
) -> None:
    """Serve until stopped; ``as_case`` is what the desk saves test cases with. Raises ``Misconfigured`` before anything is bound."""
    configure_logging(settings.log_level)
    if demo:
        require_loopback(settings.host)
        settings = settings.model_copy(update={"shop_secret": SecretStr(SECRET)})
    elif not settings.shop_secret.get_secret_value():
        raise Misconfigured("POSTVENTA_SHOP_SECRET: the secret that signs shopper tokens and codes is needed")
    async with AsyncExitStack() as stack:
        parts, api = await _open(settings, stack, clock, demo=demo)
        app = build_api(api)
        if api.mcp.served:
            stack.push_async_callback(app.state.mcp.close)
        shop_id = SHOP_ID if demo else settings.shop_id
        add_console(app, console_parts(parts, shop_id, api.attachments, demo=demo, as_case=as_case))
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                log_level="warning",
                access_log=False,
                lifespan="off",
                ws="none",
            )
        )

        async def reach_others() -> None:
            await parts.remotes.offer_to(parts.services.loop)

        for name, every_s, work in (
            ("abandoned turns", SWEEP_S, parts.reception.finish_abandoned),
            ("overdue cases", LOOK_S, parts.desk_watch.look),
            ("letters", DELIVER_S, parts.outside.courier.deliver_due),
            ("old letters", TIDY_S, parts.outside.courier.tidy),
            *([("tools of others", REACH_S, reach_others)] if parts.remotes.servers else []),
        ):
            stack.callback(asyncio.create_task(do_rounds(name, every_s, work)).cancel)
        serving = asyncio.create_task(server.serve())
        collect_from_now()
        while not server.started and not serving.done():  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # uvicorn tells nobody when it has started
        if server.started:
            port = server.servers[0].sockets[0].getsockname()[1]
            _greet(f"http://{settings.host}:{port}", demo=demo)
        await serving


async def _open(settings: Settings, stack: AsyncExitStack, clock: Clock, *, demo: bool) -> tuple[Parts, ApiParts]:
    if not demo:
        parts = await assemble(settings, stack, clock=clock)
        return parts, api_parts(parts, {settings.shop_id: settings.shop_secret.get_secret_value()}, None)
    make_data_dir(settings)
    shop = await open_demo_shop(settings, clock, stack)
    front = await open_demo(settings, clock, stack, shop)
    parts = await assemble(settings, stack, clock=clock, storefronts={SHOP_ID: front}, loopback=True)
    await put_keys(parts.storing.keys)
    await put_demo_people(parts.storing.credentials)

    async def shoppers() -> object:
        return demo_shoppers()

    given = Demo(
        shop_id=SHOP_ID,
        key="pk_demo",
        outbox=parts.storing.outbox,
        customers=shoppers,  # type: ignore[arg-type]
        goods=demo_goods,
        country_of=home_of,
        stage=DemoStage(shop, clock),
    )
    return parts, api_parts(parts, {SHOP_ID: SECRET}, given)


def api_parts(parts: Parts, secrets: Mapping[str, str], demo: Demo | None) -> ApiParts:
    """What the routes are given; ``secrets`` sign shopper tokens, by shop."""
    settings, storing = parts.settings, parts.storing
    figures = figures_of(open_policy(settings.policy_dir))
    webhook = settings.webhook_secret.get_secret_value()

    async def shop_answers() -> None:
        for front in parts.services.storefronts.values():
            await front.shop.order_of("-", "-")  # type: ignore[arg-type]

    async def index_answers() -> None:
        for front in parts.services.storefronts.values():
            await front.knowledge.topic("returns_window", front.language)

    async def model_answers() -> None:
        parts.services.loop.prove()
        if parts.services.loop.on_fallback:
            raise Degraded

    rates = RateRules(opening=Rate(settings.conversations_per_minute), moves=Rate(settings.messages_per_minute))
    return ApiParts(
        services=parts.services,
        reception=parts.reception,
        desk=parts.desk,
        desk_view=parts.desk_view,
        keys=storing.keys,
        attachments=FolderAttachments(settings.data_dir / "attachments"),
        idempotency=storing.idempotency,
        order_events=storing.order_events,
        kpis=storing.kpis,
        letters=storing.letters,
        chatwoot=parts.outside.door,
        version=version("postventa"),
        article_html=article_pages(settings.articles_dir, figures),
        shopper_secrets=secrets,
        links={shop_id: page_links(settings, shop_id, secret) for shop_id, secret in secrets.items()},
        event_secrets=dict.fromkeys(secrets, webhook) if webhook else {},
        probes={"store": storing.store.ping, "index": index_answers, "shop": shop_answers, "model": model_answers},
        rates=rates,
        demo=demo,
        mcp=McpRules(settings.mcp, tuple(settings.mcp_hosts), settings.public_url, settings.mcp_elicitation),
    )


def _greet(url: str, *, demo: bool) -> None:
    """Where everything is."""
    lines = [f"Postventa  {url}"]
    if demo:
        lines += [
            f"  chat        {url}/",
            f"  desk        {url}/console",
            f"  codes       {url}/demo/outbox",
            f"  keys        {'  '.join(KEYS)}",
            f"""  try         curl -s {url}/v1/chat -H 'content-type: application/json' -d '{{"message": "¿dónde está mi pedido?"}}'""",
        ]
    lines += [f"  api         {url}/openapi.json", f"  health      {url}/readyz"]
    print("\n".join(lines), flush=True)  # noqa: T201  the one thing a person who starts it wants to see
