"""Products and their variants."""

from __future__ import annotations

from tools.shop.csv_folder.form import ProductCells, ShopCells, VariantCells
from tools.shop.csv_folder.sheet import Problems, Sheet
from tools.shop.models import Product, ProductId, Variant, VariantId
from tools.shop.money import Money


def build_products(
    sheet: Sheet[ProductCells], variants: Sheet[VariantCells], shop: ShopCells, problems: Problems
) -> dict[str, Product]:
    """Products by id, each with its variants in the order of the file."""
    of_product: dict[str, list[Variant]] = {}
    for line, row in variants.rows.items():
        if row.product_id not in sheet.ids:
            problems.add(variants.file, line, "product_id", f"there is no product '{row.product_id}'")
        variant = Variant(
            id=VariantId(row.id),
            product_id=ProductId(row.product_id),
            options=row.options,
            price=Money.of(row.price, row.currency or shop.currency),
            stock=row.stock,
        )
        of_product.setdefault(row.product_id, []).append(variant)
    return {row.id: _build_product(row, tuple(of_product.get(row.id, ()))) for row in sheet.rows.values()}


def _build_product(row: ProductCells, variants: tuple[Variant, ...]) -> Product:
    titles = {"es": row.title_es, "en": row.title_en, "pt": row.title_pt}
    return Product(
        id=ProductId(row.id),
        title=row.title,
        category=row.category,
        variants=variants,
        final_sale=row.final_sale,
        hygiene=row.hygiene,
        titles={language: title for language, title in titles.items() if title},
    )
