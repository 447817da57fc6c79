"""The demo shop as a shopper sees it: its goods, somebody's orders, and the widget on every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, Cookie, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from agent.api.documentation import problems
from agent.api.pages import render
from agent.api.pages.drawings import draw
from agent.api.pages.shop_views import (
    HOME,
    LANGUAGES,
    WINDOW,
    page_texts,
    show_order,
    show_product,
    sort_into_aisles,
    tries,
)
from agent.api.parts import ApiParts, Demo, Parts
from agent.api.routes.demo import SIGNED_IN_FOR, TheDemo
from agent.api.routes.help import PAGE
from agent.api.shopper_token import mint_shopper_token
from agent.casework.front import ShopperClaims
from agent.errors import NotFound
from tools.shop.models import CustomerId
from tools.situations import Clock

router = APIRouter(tags=["demo"])

SIGNED_IN, SPEAKS = "demo_customer", "demo_language"
Customer = Annotated[str, Cookie(alias=SIGNED_IN, max_length=80)]
Spoken = Annotated[str, Cookie(alias=SPEAKS, max_length=8)]
Lang = Annotated[str, Query(max_length=8)]


@router.get("/", response_class=HTMLResponse, responses={**PAGE, **problems(422, 500)})
async def home(
    demo: TheDemo, parts: Parts, request: Request, customer: Customer = "", spoken: Spoken = "", lang: Lang = ""
) -> Response:
    """The goods, and what to try first."""
    language = _language(request, lang, spoken)
    goods = [show_product(one, language) for one in demo.goods(await _market(demo, customer, language))]
    shown = {
        "aisles": sort_into_aisles(goods),
        "window": [one for one in goods if one.design in WINDOW],
        "tries": tries()[language],
    }
    return await _page("home", "products", demo, parts, customer, language, **shown)


@router.get("/demo/products/{product_id}", response_class=HTMLResponse, include_in_schema=False)
async def product(
    product_id: str,
    demo: TheDemo,
    parts: Parts,
    request: Request,
    customer: Customer = "",
    spoken: Spoken = "",
    lang: Lang = "",
) -> Response:
    """One product."""
    language = _language(request, lang, spoken)
    country = product_id.rpartition("-")[2].upper()
    found = next((one for one in demo.goods(country) if one.id == product_id), None)
    if found is None:
        raise NotFound()
    return await _page("product", "products", demo, parts, customer, language, one=show_product(found, language))


@router.get("/demo/orders", response_class=HTMLResponse, include_in_schema=False)
async def orders(
    demo: TheDemo, parts: Parts, request: Request, customer: Customer = "", spoken: Spoken = "", lang: Lang = ""
) -> Response:
    """The orders of whoever is signed in."""
    language = _language(request, lang, spoken)
    services = parts.services
    front = services.storefronts[demo.shop_id]
    found = await front.shop.orders_of(CustomerId(customer), 20) if customer else ()
    clock = Clock.of(front.policy, services.clock())
    shown = [show_order(one, language, clock, services.sentences) for one in found]
    return await _page("orders", "orders", demo, parts, customer, language, orders=shown)


@router.post("/demo/sign-in", include_in_schema=False)
async def sign_in(demo: TheDemo, request: Request) -> Response:
    """Become one of the demo's customers, or nobody. ``say`` is written in the chat on the page that follows."""
    form = parse_qs((await request.body()).decode(errors="replace"), max_num_fields=8)
    customer, say, back = (form.get(name, [""])[0] for name in ("customer", "say", "back"))
    known = {one.sub for one in await demo.customers()}
    page = "/demo/orders" if back == "orders" else "/"
    answer = RedirectResponse(f"/?{urlencode({'say': say})}" if say else page, status_code=303)
    if customer in known:
        answer.set_cookie(SIGNED_IN, customer, httponly=True, samesite="strict")
    else:
        answer.delete_cookie(SIGNED_IN)
    return answer


@router.get("/demo/drawings/{design}/{color}.svg", include_in_schema=False)
async def drawing(design: str, color: str) -> Response:
    """A product's picture."""
    picture = draw(design, color) if design.isalpha() else None
    if picture is None:
        raise NotFound()
    return Response(picture, media_type="image/svg+xml", headers={"Cache-Control": "max-age=3600"})


async def _page(
    name: str, place: str, demo: Demo, parts: ApiParts, customer: str, language: str, **values: object
) -> Response:
    people = await demo.customers()
    who = next((one for one in people if one.sub == customer), None)
    html = render(
        f"shop/{name}.html",
        shop=parts.services.storefronts[demo.shop_id].name,
        place=place,
        language=language,
        languages=LANGUAGES,
        says=page_texts()[language],
        people=_with_stories(people, language),
        customer=who.sub if who else "",
        token=_token(who, demo, parts),
        **values,
    )
    answer = HTMLResponse(html)
    answer.set_cookie(SPEAKS, language, samesite="strict")
    return answer


def _with_stories(people: Sequence[ShopperClaims], language: str) -> list[tuple[ShopperClaims, str]]:
    """Those with a story to tell first, each with it; the others follow."""
    stories: Mapping[str, str] = page_texts()[language]["stories"]
    told = [(one, stories.get(one.sub, "")) for one in people]
    return sorted(told, key=lambda pair: not pair[1])


def _token(who: ShopperClaims | None, demo: Demo, parts: ApiParts) -> str:
    """What the storefront's back end would sign for the page of somebody who is signed in."""
    secret = parts.shopper_secrets.get(demo.shop_id)
    return mint_shopper_token(who, secret, parts.services.clock(), SIGNED_IN_FOR) if who and secret else ""


async def _market(demo: Demo, customer: str, language: str) -> str:
    return demo.country_of(customer) or HOME[language]


def _language(request: Request, lang: str, spoken: str) -> str:
    """What was picked, now or before; else the first of ours that the browser asks for."""
    asked = [part.split(";")[0].strip()[:2] for part in request.headers.get("accept-language", "").split(",")]
    return next((one for one in (lang, spoken, *asked) if one in HOME), "es")
