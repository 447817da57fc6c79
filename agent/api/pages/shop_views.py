"""What the demo shop's pages show of products and orders, written for their reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from agent.api.pages import FOLDER
from prompts.forms import day, money
from tools.shop.models import Order, OrderLine, Product

LANGUAGES = (("es", "Español"), ("en", "English"), ("pt", "Português"))
HOME = {"es": "MX", "en": "US", "pt": "BR"}
"""The market whose goods are shown to nobody in particular."""


@dataclass(frozen=True, slots=True)
class Goods:
    """A product as its page shows it. ``sizes`` say whether one can be had."""

    id: str
    design: str
    title: str
    price: str
    colors: tuple[str, ...]
    sizes: tuple[tuple[str, bool], ...]
    final_sale: bool


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
    colors = dict.fromkeys(variant.options["color"] for variant in product.variants if "color" in variant.options)
    price = money(product.variants[0].price.as_json(), language)
    title = product.titles.get(language, product.title)
    return Goods(
        str(product.id), _design(product.id), title, price, tuple(colors), tuple(sizes.items()), product.final_sale
    )


def show_order(order: Order, language: str) -> dict[str, Any]:
    """An order for the list of somebody's orders."""
    return {
        "number": order.number,
        "status": order.status.value,
        "placed_at": order.placed_at.isoformat() if order.placed_at else "",
        "placed": day(order.placed_at, language) if order.placed_at else "",
        "total": money(order.total.as_json(), language),
        "lines": [_line(line, language) for line in order.lines],
    }


def _line(line: OrderLine, language: str) -> dict[str, Any]:
    return {
        "title": line.title,
        "design": _design(line.product_id),
        "color": line.options.get("color", "plain"),
        "detail": ", ".join(line.options.values()),
        "quantity": line.quantity,
        "price": money(line.unit_price.as_json(), language),
    }


def _design(product_id: str) -> str:
    """A product is a design in a market: ``brisa-mx``."""
    return product_id.rsplit("-", 1)[0]


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / "shop" / name).read_text(encoding="utf-8"))
