"""The application, out of its parts."""

from __future__ import annotations

from fastapi import FastAPI, Security
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route

from agent.api.auth import bearer
from agent.api.body_limit import BodyLimit
from agent.api.boundary import Boundary, SecurityHeaders
from agent.api.documentation import document
from agent.api.mcp.door import PATH as MCP
from agent.api.mcp.door import McpDoor
from agent.api.parts import ApiParts
from agent.api.problems import install_handlers
from agent.api.routes import (
    actions,
    attachments,
    chat,
    chatwoot,
    completions,
    conversations,
    demo,
    desk,
    desk_events,
    desk_moves,
    desk_people,
    events,
    feedback,
    handoff,
    health,
    help,
    kpis,
    messages,
    order_events,
    outbox,
    papers,
    shopfront,
    transcripts,
    widget,
)

KEYED = (
    chat,
    completions,
    conversations,
    messages,
    attachments,
    transcripts,
    actions,
    handoff,
    feedback,
    desk,
    desk_moves,
    desk_people,
    desk_events,
    outbox,
    kpis,
)
OPEN = (chatwoot, events, order_events, health, help, papers, widget)

SENT = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "Last-Event-ID",
    "X-Conversation-Id",
    "X-Conversation-Token",
    "X-Shopper-Token",
)
SHOWN = ("Idempotency-Replayed", "Retry-After", "X-Conversation-Id", "X-Conversation-Token")


def build_api(parts: ApiParts) -> FastAPI:
    """Every route of the HTTP contract. The application keeps nothing of its own: any replica serves any request."""
    app = FastAPI(docs_url=None, redoc_url=None, swagger_ui_oauth2_redirect_url=None, middleware=_frames(parts))
    app.state.parts = parts
    install_handlers(app)
    for noun in KEYED:
        app.include_router(noun.router, dependencies=[Security(bearer)])
    for noun in OPEN:
        app.include_router(noun.router)
    if parts.mcp.served:
        app.state.mcp = McpDoor(parts)
        app.router.routes.append(Route(MCP, app.state.mcp, name="mcp"))
    if parts.demo is not None:
        app.include_router(demo.router)
        app.include_router(shopfront.router)
    document(app, parts.version)
    return app


def _frames(parts: ApiParts) -> list[Middleware]:
    """From the outside in."""
    cors = Middleware(
        CORSMiddleware,
        allow_origins=parts.origins,
        allow_methods=("GET", "POST", "PUT", "DELETE"),
        allow_headers=SENT,
        expose_headers=SHOWN,
    )
    return [Middleware(SecurityHeaders), cors, Middleware(Boundary), Middleware(BodyLimit)]
