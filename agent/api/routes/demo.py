"""What only the demo has: a page to try it, customers to sign in as, and the mails that were not sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from agent.api.documentation import problems
from agent.api.pages import render
from agent.api.parts import Demo, Parts, Stage
from agent.api.routes.help import PAGE
from agent.api.shopper_token import mint_shopper_token
from agent.api.wire.operations import DemoCustomer, DemoMail, DemoStage
from agent.errors import NotFound
from tools.shop.wire import SHOP

router = APIRouter(tags=["demo"])

SIGNED_IN_FOR = timedelta(hours=12)


async def demo_of(parts: Parts) -> Demo:
    """The demo. Raises ``NotFound`` where there is none."""
    if parts.demo is None:
        raise NotFound()
    return parts.demo


TheDemo = Annotated[Demo, Depends(demo_of)]


@router.get("/demo/customers", response_model=list[DemoCustomer], responses=problems(500))
async def customers(demo: TheDemo, parts: Parts) -> Response:
    """Customers to sign in as, each with a shopper token as the storefront would mint it."""
    secret = parts.shopper_secrets.get(demo.shop_id)
    now = parts.services.clock()
    people = await demo.customers() if secret else ()
    return JSONResponse(
        [
            {
                "name": one.name,
                "email": one.email,
                "shopper_token": mint_shopper_token(one, secret or "", now, SIGNED_IN_FOR),
            }
            for one in people
        ]
    )


@router.get("/demo/outbox", response_model=list[DemoMail], responses={**PAGE, **problems(500)})
async def outbox(demo: TheDemo, request: Request) -> Response:
    """Mails with one-time codes, newest first: a page for a browser, JSON for others."""
    mails = await demo.outbox.read_outbox(demo.shop_id)
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(render("outbox.html", mails=mails))
    return JSONResponse(
        [{"to": mail.to, "subject": mail.subject, "text": mail.text, "at": mail.at.isoformat()} for mail in mails]
    )


@router.get("/demo/shop", response_model=DemoStage, responses=problems(404, 500))
async def shop(demo: TheDemo, parts: Parts) -> Response:
    """The time there and the whole demo shop as it is now: what an evaluation compares."""
    everything = await _stage(demo).everything()
    return JSONResponse({"now": parts.services.clock().isoformat(), "shop": SHOP.values(everything)})


@router.post("/demo/shop/reset", status_code=204, responses=problems(404, 500))
async def put_back(demo: TheDemo) -> Response:
    """The demo shop as it was when the day began."""
    await _stage(demo).put_back()
    return Response(status_code=204)


def _stage(demo: Demo) -> Stage:
    if demo.stage is None:
        raise NotFound()
    return demo.stage
