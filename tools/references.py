"""From the words a model uses for a line, a variant or a payment method to the one thing meant, or a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tools.errors import AskAgain
from tools.rendering import render_method
from tools.shop.matching import name_key
from tools.shop.models import Customer, Order, OrderLine, PaymentMethod, PaymentMethodId, Product, Variant


def find_line(order: Order, reference: str) -> OrderLine:
    """The line with that id, or the only one whose title and options hold those words.

    Raises ``AskAgain`` (unknown_line, ambiguous_line) with the lines there are. An order of one line needs no words.
    """
    wanted = reference.strip()
    exact = order.line(wanted)
    if exact is not None:
        return exact
    if not wanted and len(order.lines) == 1:
        return order.lines[0]
    found = [line for line in order.lines if wanted and _holds(_words(line), wanted)]
    if len(found) == 1:
        return found[0]
    raise AskAgain("ambiguous_line" if found else "unknown_line", lines=_choices(found or order.lines))


def find_variant(product: Product, line: OrderLine, variant_id: str, options: Mapping[str, str]) -> Variant:
    """The variant with that id, or the one that differs from the line in just those options.

    Raises ``AskAgain("unknown_variant")`` with the variants there are.
    """
    if variant_id:
        found = [variant for variant in product.variants if variant.id == variant_id]
    else:
        wanted = _keys({**line.options, **_named_as_in(line.options, options)})
        found = [variant for variant in product.variants if _keys(variant.options) == wanted]
    if len(found) == 1:
        return found[0]
    variants = [{"variant_id": variant.id, "options": dict(variant.options)} for variant in product.variants]
    raise AskAgain("unknown_variant", line_id=line.id, variants=variants)


def find_method(customer: Customer, order: Order | None, reference: str) -> PaymentMethodId:
    """The customer's own method by id, kind or last four digits; without words, the one the order was paid with.

    Raises ``AskAgain`` (unknown_method, ambiguous_method) with the methods on file.
    """
    wanted = reference.strip()
    default = order.paid_with if order else None
    if not wanted and default is not None:
        return default
    exact = customer.method(wanted)
    if exact is not None:
        return exact.id
    found = [method for method in customer.payment_methods if wanted and _means(method, wanted)]
    if not wanted and len(customer.payment_methods) == 1:
        found = list(customer.payment_methods)
    if len(found) == 1:
        return found[0].id
    code = "ambiguous_method" if found else "unknown_method"
    raise AskAgain(code, methods=[render_method(method) for method in found or customer.payment_methods])


def _holds(text: Iterable[str], wanted: str) -> bool:
    words = set(text)
    return all(name_key(word) in words for word in wanted.split())


def _words(line: OrderLine) -> list[str]:
    return [name_key(word) for text in (line.title, *line.options.values()) for word in text.split()]


def _means(method: PaymentMethod, wanted: str) -> bool:
    key = name_key(wanted.replace("_", " "))
    names = {name_key(method.kind.value.replace("_", " ")), name_key(method.brand), method.last4}
    return bool(key) and (key in names or key == name_key(f"{method.brand} {method.last4}"))


def _keys(options: Mapping[str, str]) -> dict[str, str]:
    return {name_key(name): name_key(value) for name, value in options.items()}


def _named_as_in(known: Mapping[str, str], options: Mapping[str, str]) -> dict[str, str]:
    names = {name_key(name): name for name in known}
    return {names.get(name_key(name), name): value for name, value in options.items()}


def _choices(lines: Sequence[OrderLine]) -> list[dict[str, object]]:
    return [{"line_id": line.id, "title": line.title, "options": dict(line.options)} for line in lines]
