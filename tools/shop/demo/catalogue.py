"""From ``catalogue.yaml`` to products: one for each design and market, with a variant for each size and colour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product as combine

from pydantic import Field

from tools.shop.demo.markets import ShopSheet
from tools.shop.demo.sheet import FOLDER, Amount, Sheet, read_sheet
from tools.shop.models import Product, ProductId, Variant, VariantId
from tools.shop.money import Money

EVERYWHERE = "todos"


class DesignSheet(Sheet):
    """One design; ``title_in`` and ``stock`` are by country, ``titles`` by language."""

    id: str
    title: str
    title_in: dict[str, str] = Field(default_factory=dict)
    titles: dict[str, str]
    category: str
    size_run: str = ""
    colors: list[str] = Field(default_factory=list)
    final_sale: bool = False
    hygiene: bool = False
    prices: dict[str, Amount]
    stock: dict[str, dict[str, int]] = Field(default_factory=dict)


class CatalogueSheet(Sheet):
    """``catalogue.yaml``."""

    usual_stock: int
    size_runs: dict[str, dict[str, list[str]]]
    designs: list[DesignSheet]


@dataclass(frozen=True, slots=True)
class Article:
    """A variant together with its product."""

    product: Product
    variant: Variant

    def title(self, language: str) -> str:
        """The product's title in that language."""
        return self.product.titles.get(language, self.product.title)


@dataclass(frozen=True, slots=True)
class Shelf:
    """All articles, found by country and the name that orders give them (``brisa/7/blanco``)."""

    products: tuple[Product, ...]
    articles: Mapping[tuple[str, str], Article]

    def find(self, country: str, name: str) -> Article:
        """That article in that market; ``KeyError`` when it is not sold there."""
        return self.articles[country, name]


@cache
def read_catalogue() -> CatalogueSheet:
    """``catalogue.yaml``."""
    return read_sheet(FOLDER / "catalogue.yaml", CatalogueSheet)


def stock_shelf(shop: ShopSheet) -> Shelf:
    """Read the catalogue and build every product of every market."""
    sheet = read_catalogue()
    products: list[Product] = []
    articles: dict[tuple[str, str], Article] = {}
    for design, (country, market) in combine(sheet.designs, shop.markets.items()):
        if country not in design.prices:
            continue
        price = Money.of(design.prices[country], market.currency)
        named = dict(_make_variants(sheet, design, country, price))
        product = _make_product(design, country, tuple(named.values()))
        products.append(product)
        articles |= {(country, name): Article(product, variant) for name, variant in named.items()}
    return Shelf(tuple(products), articles)


def _make_product(design: DesignSheet, country: str, variants: tuple[Variant, ...]) -> Product:
    return Product(
        id=ProductId(f"{design.id}-{country.lower()}"),
        title=design.title_in.get(country, design.title),
        category=design.category,
        variants=variants,
        final_sale=design.final_sale,
        hygiene=design.hygiene,
        titles=design.titles,
    )


def _make_variants(
    sheet: CatalogueSheet, design: DesignSheet, country: str, price: Money
) -> Iterator[tuple[str, Variant]]:
    """Each variant under the name that orders give it."""
    product_id = ProductId(f"{design.id}-{country.lower()}")
    stock = dict(design.stock.get(country, {}))
    for size, color in combine(_list_sizes(sheet, design, country), design.colors or [""]):
        options = {key: value for key, value in (("size", size), ("color", color)) if value}
        choice = "/".join(options.values())
        parts = [product_id, *(value.lower().replace(" ", "-") for value in options.values())]
        units = stock.pop(choice, sheet.usual_stock)
        variant = Variant(VariantId("-".join(parts)), product_id, options, price, units)
        yield "/".join(part for part in (design.id, choice) if part), variant
    if stock:
        raise ValueError(f"{product_id}: stock of unknown variants {sorted(stock)}")


def _list_sizes(sheet: CatalogueSheet, design: DesignSheet, country: str) -> list[str]:
    if not design.size_run:
        return [""]
    run = sheet.size_runs[design.size_run]
    return run.get(country) or run[EVERYWHERE]
