"""The shop's own pages about one order: its invoice, its return labels, where its parcels are.

They open for whoever has the link from the conversation: its ``key`` says whose order it is and is sealed with the
shop's secret. Without it there is nothing to find.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from agent.api.documentation import problems
from agent.api.pages import render
from agent.api.papers import Papers
from agent.api.parts import Parts
from agent.api.routes.help import PAGE
from agent.casework.front import Storefront
from agent.errors import NotFound
from tools.shop.models import Customer, Order

router = APIRouter(tags=["pages"])

LANGUAGES = ("es", "en", "pt")
Key = Annotated[str, Query(max_length=400, description="From the link in the conversation.")]
Language = Annotated[str, Query(alias="lang", max_length=35, description="es, en or pt; else the browser's.")]


@dataclass(frozen=True, slots=True)
class Opened:
    """An order that the link has opened, and whoever writes its pages."""

    order: Order
    customer: Customer
    papers: Papers


async def opened_by(request: Request, parts: Parts, key: Key = "", lang: Language = "") -> Opened:
    """The order behind the link. Raises ``NotFound`` for every other."""
    for shop_id, links in parts.links.items():
        holder = links.holder_of(request.url.path, key)
        if holder is None:
            continue
        front = parts.services.storefronts[shop_id]
        order = await front.shop.order_of(holder.customer_id, holder.number)
        customer = await front.shop.customer(holder.customer_id)
        if order is not None and customer is not None:
            spoken = _language(lang, request.headers.get("accept-language", ""), front)
            return Opened(order, customer, Papers(front.name, spoken, parts.services.sentences))
    raise NotFound()


Own = Annotated[Opened, Depends(opened_by)]
ANSWERS: Mapping[str, Any] = {"response_class": HTMLResponse, "responses": {**PAGE, **problems(404, 422, 500, 503)}}


@router.get("/invoices/{number}", **ANSWERS)
async def invoice(number: str, own: Own) -> Response:
    """An invoice to print."""
    if not own.order.invoice_url or number != own.order.number:
        raise NotFound()
    return HTMLResponse(render("invoice.html", **own.papers.invoice(own.order, own.customer)))


@router.get("/labels/{rma}", **ANSWERS)
async def label(rma: str, own: Own) -> Response:
    """A return label to print."""
    back = next((one for one in own.order.rmas if one.rma == rma and one.label is not None), None)
    if back is None:
        raise NotFound()
    return HTMLResponse(render("label.html", **own.papers.label(own.order, back)))


@router.get("/tracking/{tracking_number}", **ANSWERS)
async def tracking(tracking_number: str, own: Own) -> Response:
    """Where a parcel was seen, newest first."""
    parcel = next((one for one in own.order.shipments if one.tracking_number == tracking_number), None)
    if parcel is None:
        raise NotFound()
    return HTMLResponse(render("tracking.html", **own.papers.tracking(own.order, parcel)))


def _language(wanted: str, accepted: str, front: Storefront) -> str:
    """What was asked for, else the first the browser accepts, else the shop's."""
    said = [wanted, *(part.partition(";")[0] for part in accepted.split(","))]
    return next((one for part in said if (one := part.strip().lower()[:2]) in LANGUAGES), front.language)
