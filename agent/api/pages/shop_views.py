"""What the demo shop's pages show of products and orders, written for their reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from agent.api.pages import FOLDER
from agent.loop.options import in_language, label
from prompts.forms import day, money
from prompts.loader import Sentences
from tools.shop.models import Order, OrderLine, OrderStatus, Product
from tools.situations import Clock, Situation, most_pressing, situation_of

LANGUAGES = (("es", "Español"), ("en", "English"), ("pt", "Português"))
AISLES = {
    "footwear": ("footwear",),
    "clothing": ("clothing", "underwear"),
    "accessories": ("accessories", "jewellery"),
    "home": ("home", "electronics"),
}
"""Where the shop shows what, by the goods' categories."""
WINDOW = ("amapola", "rafaga", "ruta")
"""The designs in the shop window."""
HOME = {"es": "MX", "en": "US", "pt": "BR"}
"""The market whose goods are shown to nobody in particular."""


@dataclass(frozen=True, slots=True)
class Goods:
    """A product as its page shows it: ``colors`` with their names, ``sizes`` with whether one can be had."""

    id: str
    design: str
    title: str
    price: str
    colors: tuple[tuple[str, str], ...]
    sizes: tuple[tuple[str, bool], ...]
    final_sale: bool
    category: str


@cache
def page_texts() -> Mapping[str, Mapping[str, Any]]:
    """``texts.yaml``, by language."""
    texts: Mapping[str, Mapping[str, Any]] = _read("texts.yaml")
    return texts


@cache
def tries() -> Mapping[str, Sequence[Mapping[str, str]]]:
    """``tries.yaml``, by language."""
    read: Mapping[str, Sequence[Mapping[str, str]]] = _read("tries.yaml")
    return read


def show_product(product: Product, language: str) -> Goods:
    """A product for a page in that language."""
    sizes: dict[str, bool] = {}
    for variant in product.variants:
        if size := variant.options.get("size"):
            sizes[size] = sizes.get(size, False) or variant.available
    colors = {
        color: in_language(color, language)
        for color in (variant.options.get("color") for variant in product.variants)
        if color is not None
    }
    price = money(product.variants[0].price.as_json(), language)
    title = product.titles.get(language, product.title)
    return Goods(
        str(product.id),
        _design(product.id),
        title,
        price,
        tuple(colors.items()),
        tuple(sizes.items()),
        product.final_sale,
        product.category,
    )


def sort_into_aisles(goods: Sequence[Goods]) -> dict[str, list[Goods]]:
    """The goods by aisle; an aisle with nothing in it is closed."""
    sorted_in = {aisle: [one for one in goods if one.category in held] for aisle, held in AISLES.items()}
    return {aisle: found for aisle, found in sorted_in.items() if found}


MOVING = frozenset({OrderStatus.SHIPPED, OrderStatus.DELIVERED})
WORRYING = frozenset({Situation.LATE, Situation.STUCK, Situation.LOST, Situation.DELIVERY_FAILED})


def show_order(order: Order, language: str, clock: Clock, sentences: Sentences) -> dict[str, Any]:
    """An order for the list of somebody's orders; once it is on its way, ``state`` says how its parcels do."""
    situation = most_pressing([situation_of(parcel, clock) for parcel in order.shipments])
    moving = order.status in MOVING and bool(order.shipments)
    return {
        "number": order.number,
        "state": (
            sentences.say(f"card.situation_{situation.value}", language)
            if moving
            else page_texts()[language]["status"][order.status.value]
        ),
        "worrying": moving and situation in WORRYING,
        "also": _also(order, language),
        "placed_at": order.placed_at.isoformat() if order.placed_at else "",
        "placed": day(order.placed_at, language) if order.placed_at else "",
        "total": money(order.total.as_json(), language),
        "lines": [_line(line, language, sentences) for line in order.lines],
    }


def _also(order: Order, language: str) -> list[str]:
    """What else has happened to it."""
    happened = {"return": order.returns, "exchange": order.exchanges, "claim": order.claims, "refund": order.refunds}
    return [page_texts()[language]["also"][name] for name, found in happened.items() if found]


def _line(line: OrderLine, language: str, sentences: Sentences) -> dict[str, Any]:
    return {
        "title": line.title,
        "design": _design(line.product_id),
        "color": line.options.get("color", "plain"),
        "detail": label(line.options, language, sentences),
        "quantity": line.quantity,
        "price": money(line.unit_price.as_json(), language),
    }


def _design(product_id: str) -> str:
    """A product is a design in a market: ``brisa-mx``."""
    return product_id.rsplit("-", 1)[0]


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / "shop" / name).read_text(encoding="utf-8"))
