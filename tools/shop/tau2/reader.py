"""From the file to a shop, or to a list of everything that is wrong with the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from tools.shop.changes import ChangeKind
from tools.shop.data import ImportRefused, ShopData
from tools.shop.matching import number_key
from tools.shop.models import (
    Address,
    Customer,
    CustomerId,
    PaymentKind,
    PaymentMethod,
    PaymentMethodId,
    Product,
    ProductId,
    Variant,
    VariantId,
)
from tools.shop.money import Money
from tools.shop.tau2.form import (
    AVAILABLE_STOCK,
    COUNTRIES,
    CURRENCY,
    AddressRow,
    Database,
    MethodRow,
    ProductRow,
    UserRow,
)
from tools.shop.tau2.orders import read_order

KINDS = {"credit_card": PaymentKind.CARD, "paypal": PaymentKind.PAYPAL, "gift_card": PaymentKind.GIFT_CARD}
CAPABILITIES = frozenset(
    {
        ChangeKind.ADDRESS,
        ChangeKind.CANCEL,
        ChangeKind.ITEMS,
        ChangeKind.PAYMENT,
        ChangeKind.RETURN,
        ChangeKind.EXCHANGE,
        ChangeKind.PROFILE_ADDRESS,
        ChangeKind.CANCEL_RETURN,
        ChangeKind.CANCEL_EXCHANGE,
    }
)


def import_tau2(path: Path) -> ShopData:
    """The shop in that file, in US dollars, able to do what the format can record.

    An available variant has a stock of 1,000, another none. Raises ``ImportRefused`` with every problem found.
    """
    database = _parse(path)
    problems = tuple(f"{path.name}: {problem}" for problem in _list_problems(database))
    if problems:
        raise ImportRefused(problems)
    numbers = [number for user in database.users.values() for number in user.orders]
    return ShopData(
        name=path.stem,
        zone="America/New_York",
        customers=tuple(_read_user(user) for user in database.users.values()),
        products=tuple(_read_product(product) for product in database.products.values()),
        orders=tuple(read_order(database.orders[number], read_address) for number in numbers),
        capabilities=CAPABILITIES,
    )


def read_address(row: AddressRow) -> Address:
    """An address; the country as a code where it is known."""
    return Address(
        line1=row.address1,
        line2=row.address2,
        city=row.city,
        region=row.state,
        postal_code=row.zip,
        country=COUNTRIES.get(row.country, row.country),
    )


def _parse(path: Path) -> Database:
    try:
        return Database.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ImportRefused((f"{path.name}: cannot be read: {error.strerror}",)) from error
    except ValidationError as error:
        problems = (f"{path.name}: {'/'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise ImportRefused(tuple(problems)) from error


def _list_problems(database: Database) -> Iterator[str]:
    yield from _list_misfiled(database)
    owners = {number: user_id for user_id, user in database.users.items() for number in user.orders}
    listed = [number for user in database.users.values() for number in user.orders]
    if len(listed) != len(set(listed)):
        yield "users: an order is listed twice"
    keys: dict[str, str] = {}
    for number, order in database.orders.items():
        where = f"orders/{number}"
        if owners.get(number) != order.user_id:
            yield f"{where}/user_id: {order.user_id} does not list this order"
        if keys.setdefault(number_key(number), number) != number:
            yield f"{where}: reads the same as {keys[number_key(number)]}"
        items = [item.item_id for item in order.items]
        for name in ("return_items", "exchange_items"):
            missing = set(getattr(order, name) or ()) - set(items)
            if missing:
                yield f"{where}/{name}: not in the order: {', '.join(sorted(missing))}"
        if len(order.exchange_items or ()) != len(order.exchange_new_items or ()):
            yield f"{where}/exchange_new_items: not as many as exchange_items"
    for number in set(listed) - set(database.orders):
        yield f"users/{owners[number]}/orders: {number} does not exist"


def _list_misfiled(database: Database) -> Iterator[str]:
    for key, user in database.users.items():
        if key != user.user_id:
            yield f"users/{key}/user_id: is {user.user_id}"
        yield from (f"users/{key}/payment_methods/{k}: is {m.id}" for k, m in user.payment_methods.items() if k != m.id)
    seen: set[str] = set()
    for key, product in database.products.items():
        if key != product.product_id:
            yield f"products/{key}/product_id: is {product.product_id}"
        for k, variant in product.variants.items():
            if k != variant.item_id:
                yield f"products/{key}/variants/{k}: is {variant.item_id}"
            if k in seen:
                yield f"products/{key}/variants/{k}: belongs to another product too"
            seen.add(k)
    yield from (f"orders/{key}/order_id: is {o.order_id}" for key, o in database.orders.items() if key != o.order_id)


def _read_user(row: UserRow) -> Customer:
    return Customer(
        id=CustomerId(row.user_id),
        first_name=row.name.first_name,
        last_name=row.name.last_name,
        email=row.email,
        phone="",
        language="en",
        address=read_address(row.address),
        payment_methods=tuple(_read_method(method) for method in row.payment_methods.values()),
    )


def _read_method(row: MethodRow) -> PaymentMethod:
    return PaymentMethod(
        id=PaymentMethodId(row.id),
        kind=KINDS[row.source],
        brand=row.brand or "",
        last4=row.last_four or "",
        balance=None if row.balance is None else Money.of(row.balance, CURRENCY),
    )


def _read_product(row: ProductRow) -> Product:
    product_id = ProductId(row.product_id)
    variants = tuple(
        Variant(
            id=VariantId(variant.item_id),
            product_id=product_id,
            options=variant.options,
            price=Money.of(variant.price, CURRENCY),
            stock=AVAILABLE_STOCK if variant.available else 0,
        )
        for variant in row.variants.values()
    )
    return Product(id=product_id, title=row.name, category="", variants=variants)
