"""What people and spreadsheets write in a cell, read as what they mean.

Each reader raises ``ValueError`` with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ValidationInfo

from tools.shop.matching import name_key
from tools.shop.models import OrderStatus, PaymentKind, ShipmentStatus

K = TypeVar("K", bound=StrEnum)

YES = frozenset({"true", "yes", "si", "sim", "1", "x"})
NO = frozenset({"false", "no", "nao", "0"})
NUMBER = re.compile(r"-?\d[\d.,]*")
DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
END_OF_DAY = time(23, 59, 59)
MAX_DECIMALS = 2

STATUS_WORDS = {
    OrderStatus.UNPAID: "pendiente de pago, sin pagar, impago, nao pago, aguardando pagamento",
    OrderStatus.PROCESSING: "en preparacion, en proceso, pagado, paid, em preparacao, em processamento, pago",
    OrderStatus.PACKED: "empaquetado, empacado, listo, embalado, pronto",
    OrderStatus.SHIPPED: "enviado, en camino, despachado, enviada, a caminho",
    OrderStatus.DELIVERED: "entregado, entregue",
    OrderStatus.CANCELLED: "canceled, cancelado, anulado",
}
PARCEL_WORDS = {
    ShipmentStatus.PRE_TRANSIT: "etiqueta creada, etiqueta criada, label created",
    ShipmentStatus.IN_TRANSIT: "en transito, en camino, em transito, a caminho, shipped",
    ShipmentStatus.OUT_FOR_DELIVERY: "en reparto, saiu para entrega",
    ShipmentStatus.AVAILABLE_FOR_PICKUP: "listo para recoger, disponivel para retirada, ready for pickup",
    ShipmentStatus.DELIVERED: "entregado, entregue",
    ShipmentStatus.EXCEPTION: "incidencia, ocorrencia",
    ShipmentStatus.LOST: "perdido, extraviado",
    ShipmentStatus.RETURN_TO_SENDER: "devuelto al remitente, devolvido ao remetente",
    ShipmentStatus.CANCELLED: "canceled, cancelado",
}
PAYMENT_WORDS = {
    PaymentKind.CARD: "tarjeta, cartao, credit card, debit card",
    PaymentKind.PAYPAL: "",
    PaymentKind.GIFT_CARD: "tarjeta de regalo, tarjeta regalo, vale, cartao presente, vale presente",
    PaymentKind.TRANSFER: "transferencia, bank transfer",
    PaymentKind.CASH: "efectivo, dinheiro, contra reembolso",
    PaymentKind.PIX: "",
}


@dataclass(frozen=True, slots=True)
class Habits:
    """How this shop writes times: the zone of those that name none, and whether 03/04 is the 4th of March."""

    zone: ZoneInfo
    month_first: bool = False


def read_decimal(text: str) -> Decimal:
    """``1234.50``, ``1.234,50``, ``1,234.50``, ``12.900``; currency signs are passed over.

    A lone separator before exactly three digits separates thousands, and any other one decimals.
    """
    bare = re.sub(r"[\s\u00a0]|[A-Za-z]+\$?|[$€£]", "", text)
    if not NUMBER.fullmatch(bare):
        raise ValueError(f"'{text}' is not a number")
    marks = [char for char in bare if char in ".,"]
    mark = marks[-1] if marks else ""
    whole, _, decimals = bare.rpartition(mark) if mark else (bare, "", "")
    repeated = marks.count(mark) > 1
    if mark and (repeated or (len(set(marks)) == 1 and len(decimals) == 3)):
        whole, decimals = whole + mark + decimals, ""
    groups = re.split(r"[.,]", whole)
    thousands_fit = all(len(group) == 3 for group in groups[1:]) and groups[0].lstrip("-") not in ("", "0")
    if len(groups) > 1 and not thousands_fit:
        raise ValueError(f"'{text}' is not a clear number")
    if len(decimals) > MAX_DECIMALS:
        raise ValueError(f"'{text}' has more than {MAX_DECIMALS} decimals")
    return Decimal("".join(groups) + ("." + decimals if decimals else ""))


def read_flag(text: str) -> bool:
    """yes/no, sí/no, sim/não, true/false, 1/0."""
    word = name_key(text)
    if word not in YES | NO:
        raise ValueError(f"'{text}' is neither yes nor no")
    return word in YES


def read_moment(text: str, habits: Habits, whole_day: time = time(0)) -> datetime:
    """ISO 8601, or day/month/year with an optional hour; a day alone is taken at ``whole_day``."""
    text = text.strip()
    named = DAY.fullmatch(text)
    try:
        if named:
            first, second, year, hour, minute, seconds = named.groups()
            day, month = (second, first) if habits.month_first else (first, second)
            at = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(seconds or 0))  # noqa: DTZ001
            day_only = hour is None
        else:
            at, day_only = datetime.fromisoformat(text), len(text) == len("2026-11-24")
    except ValueError as error:
        raise ValueError(f"'{text}' is not a date; write 2026-11-24 or 2026-11-24 14:30") from error
    if day_only:
        at = datetime.combine(at.date(), whole_day)
    aware = at if at.tzinfo else at.replace(tzinfo=habits.zone)
    return aware.astimezone(UTC).astimezone(habits.zone)


def read_pairs(text: str) -> dict[str, str]:
    """``size=8 | color=white``."""
    pairs: dict[str, str] = {}
    for part in text.split("|"):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not (name and equals and value):
            raise ValueError(f"'{part.strip()}' is not written name=value")
        if name in pairs:
            raise ValueError(f"'{name}' stands twice")
        pairs[name] = value
    return pairs


def read_contents(text: str) -> dict[str, int]:
    """``1=2 | 3=1``: units by line."""
    pairs = read_pairs(text)
    bad = [name for name, units in pairs.items() if not units.isdecimal() or int(units) < 1]
    if bad:
        raise ValueError(f"'{pairs[bad[0]]}' is not a number of units")
    return {name: int(units) for name, units in pairs.items()}


def _list_meanings(words: Mapping[K, str]) -> dict[str, K]:
    """The kind each word means, by the word's key; a kind's own name is one of its words."""
    named = ((word, kind) for kind, line in words.items() for word in (kind.value, *line.split(",")))
    return {name_key(word): kind for word, kind in named if word}


def _word_reader(words: Mapping[K, str]) -> BeforeValidator:
    meanings = _list_meanings(words)

    def read(text: str) -> K:
        found = meanings.get(name_key(text))
        if found is None:
            raise ValueError(f"'{text}' is not one of {', '.join(kind.value for kind in words)}")
        return found

    return BeforeValidator(read)


def _read_start(text: str, info: ValidationInfo[Habits]) -> datetime:
    return read_moment(text, info.context)


def _read_deadline(text: str, info: ValidationInfo[Habits]) -> datetime:
    return read_moment(text, info.context, END_OF_DAY)


PAYMENT_KINDS = _list_meanings(PAYMENT_WORDS)

Amount = Annotated[Decimal, BeforeValidator(read_decimal)]
Flag = Annotated[bool, BeforeValidator(read_flag)]
Moment = Annotated[datetime, BeforeValidator(_read_start)]
Deadline = Annotated[datetime, BeforeValidator(_read_deadline)]
Pairs = Annotated[dict[str, str], BeforeValidator(read_pairs)]
Contents = Annotated[dict[str, int], BeforeValidator(read_contents)]
StatusWord = Annotated[OrderStatus, _word_reader(STATUS_WORDS)]
ParcelWord = Annotated[ShipmentStatus, _word_reader(PARCEL_WORDS)]
PaymentWord = Annotated[PaymentKind, _word_reader(PAYMENT_WORDS)]
