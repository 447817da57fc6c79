"""Products, their variants and stock, and that orders sell what the catalogue has."""

from __future__ import annotations

from tools.shop.data import ShopData
from tools.shop.models import Product, Variant

COLORS = {
    "amarillo", "azul", "azul marino", "beige", "blanco", "dorado", "gris", "marrón", "negro", "plateado", "rojo",
    "terracota", "verde",
}  # fmt: skip


def _product(shop: ShopData, product_id: str) -> Product:
    return next(product for product in shop.products if product.id == product_id)


def _variants(shop: ShopData) -> list[Variant]:
    return [variant for product in shop.products for variant in product.variants]


def test_products_and_variants_have_ids_of_their_own(shop: ShopData) -> None:
    products, variants = [product.id for product in shop.products], [variant.id for variant in _variants(shop)]
    assert len(set(products)) == len(products)
    assert len(set(variants)) == len(variants)
    assert all(variant.product_id == product.id for product in shop.products for variant in product.variants)


def test_every_product_has_a_title_in_each_language(shop: ShopData) -> None:
    assert all(product.title and set(product.titles) == {"en", "pt"} for product in shop.products)


def test_options_are_size_and_colour_with_colours_in_lower_case_spanish(shop: ShopData) -> None:
    for variant in _variants(shop):
        assert set(variant.options) <= {"size", "color"}
        assert variant.options.get("color", "negro") in COLORS


def test_two_variants_of_a_product_never_have_the_same_options(shop: ShopData) -> None:
    for product in shop.products:
        options = [tuple(variant.options.items()) for variant in product.variants]
        assert len(set(options)) == len(options), product.id


def test_stock_is_never_negative_and_some_things_are_sold_out(shop: ShopData) -> None:
    assert min(variant.stock for variant in _variants(shop)) == 0


def test_what_is_sold_out_has_something_to_offer_instead(shop: ShopData) -> None:
    for product in shop.products:
        assert any(variant.available for variant in product.variants), product.id


def test_trainers_bought_in_size_7_are_there_in_size_8(shop: ShopData) -> None:
    order = next(order for order in shop.orders if order.number == "10001")
    (line,) = order.lines
    assert dict(line.options) == {"size": "7", "color": "blanco"}
    one_up = _product(shop, line.product_id).variant("brisa-mx-8-blanco")
    assert one_up is not None
    assert one_up.available
    assert one_up.price == line.unit_price


def test_lines_are_sold_as_the_catalogue_has_them_in_the_customers_language(shop: ShopData) -> None:
    languages = {customer.id: customer.language for customer in shop.customers}
    for order in shop.orders:
        for line in order.lines:
            product = _product(shop, line.product_id)
            variant = product.variant(line.variant_id)
            assert variant is not None
            assert (line.unit_price, line.options) == (variant.price, variant.options)
            assert (line.final_sale, line.hygiene) == (product.final_sale, product.hygiene)
            assert line.title == product.titles.get(languages[order.customer_id], product.title)


def test_every_market_has_pickup_points_and_delivery_windows(shop: ShopData) -> None:
    countries = {order.country for order in shop.orders}
    assert {point.address.country for point in shop.pickup_points} == countries == set(shop.slot_plan)
    assert len({point.id for point in shop.pickup_points}) == len(shop.pickup_points)
