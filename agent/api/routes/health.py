"""Whether it lives, whether it is ready, and what it counted."""

from __future__ import annotations

import asyncio
from typing import Literal

import structlog
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from agent.api.documentation import problems
from agent.api.parts import Parts, Probe
from agent.api.wire.operations import Alive, Readiness

router = APIRouter(tags=["operations"])

PROBE_S = 1.0

log = structlog.get_logger("postventa.http")


class Degraded(Exception):
    """Raised by a probe: the part does its work, but not as well as it was set to. The service stays ready."""


@router.get("/healthz", response_model=Alive, responses=problems(500))
async def alive(parts: Parts) -> Response:
    """The process answers; it says nothing of what it stands on."""
    return JSONResponse({"status": "ok", "version": parts.version})


@router.get(
    "/readyz",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "A part does not work"}, **problems(500)},
)
async def ready(parts: Parts) -> Response:
    """Every part is asked at once, each for at most a second."""
    states = await asyncio.gather(*(_ask(name, probe) for name, probe in parts.probes.items()))
    good = "failed" not in states
    named = dict(zip(parts.probes, states, strict=True))
    return JSONResponse({"status": "ok" if good else "failed", "parts": named}, 200 if good else 503)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problems(500)},
)
async def metrics() -> Response:
    """For Prometheus."""
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _ask(name: str, probe: Probe) -> Literal["ok", "degraded", "failed"]:
    try:
        async with asyncio.timeout(PROBE_S):
            await probe()
    except Degraded:
        return "degraded"
    except Exception as error:  # noqa: BLE001  a probe may fail in any way there is; that it did is the answer
        log.warning("not_ready", part=name, error=type(error).__name__)
        return "failed"
    return "ok"
