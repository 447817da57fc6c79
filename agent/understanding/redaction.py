"""Takes out of a shopper's words what nobody here needs: card numbers, government ids and passwords.

It runs before the first write, so neither store nor log, trace or model ever holds them. What takes their place says
that something was there. Where a number could as well be an order, a phone or a postal code, it stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from agent.understanding.checks import (
    card_at_start,
    is_card,
    is_cnpj,
    is_cpf,
    is_cuit,
    is_dated,
    is_dni,
    is_rut,
    is_ssn,
)

CARD, ID, PASSWORD = "[card removed]", "[id removed]", "[password removed]"


@dataclass(frozen=True, slots=True)
class _Kind:
    """What it looks like, what stands in its place, and the check that tells it from other numbers.

    The group ``value`` is what goes; without one all of it does.
    """

    pattern: re.Pattern[str]
    marker: str
    holds: Callable[[str], bool] = lambda _: True


def _kind(pattern: str, marker: str, holds: Callable[[str], bool] = lambda _: True) -> _Kind:
    return _Kind(re.compile(pattern, re.IGNORECASE), marker, holds)


_PARCEL = r"(?<!tracking )(?<!tracking: )(?<!guía )(?<!guia )(?<!rastreo )(?<!rastreio )(?<!pedido )(?<!order )(?<!#)"
_IS = r"(?: (?:de|da|do|del|número|numero|number|no|n[º°]|nro)\b\.?)*(?: ?[:=#]| es| is| é| eh)? ?"
_VALUE = r"(?P<value>[^\s,;\"'«»“”]*[\d!@#$%&*?_+][^\s,;\"'«»“”]*|(?<=[\"'«“])[^\"'»”]{4,40}|\w{6,}(?=[.!]?\s*$))"
_NO_PASSWORD = r"(?!(?:in)?(?:correct|válid|valid)[oa]?\b|errad|mal\b|not\b|no\b|não\b|wrong|muy\b|muito\b|too\b|failed|expired|vencid|necesari|required)"

_KINDS = (
    _kind(rf"(?<![\w.]){_PARCEL}(?P<value>\d(?:[ .\-]?\d){{12,30}})(?![\w]|[.\-]\d)", CARD, is_card),
    _kind(r"\b(?:cvv2?|cvc2?|cvn)\b\D{0,12}(?P<value>\d{3,4})\b", CARD),
    _kind(r"\b[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d\b", ID, is_dated),
    _kind(r"\b[A-ZÑ&]{3,4}-?\d{6}-?[A-Z0-9]{2}[A0-9]\b", ID, is_dated),
    _kind(r"\b(?:[XYZ]-?\d{7}|\d{8})[ -]?[A-HJ-NP-TV-Z]\b", ID, is_dni),
    _kind(r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b|\b(?<![+\d-])\d{9}-?\d{2}\b", ID, is_cpf),
    _kind(r"\b\d{2}\.?\d{3}\.?\d{3}/\d{4}-?\d{2}\b", ID, is_cnpj),
    _kind(r"\b(?:20|23|24|25|26|27|30|33|34)-\d{8}-\d\b", ID, is_cuit),
    _kind(r"\b\d{1,2}\.\d{3}\.\d{3}-[\dK]\b|\b\d{7,8}-[\dK]\b", ID, is_rut),
    _kind(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])", ID, is_ssn),
    _kind(rf"\b(?:dni|nie|cpf|cnpj|cuit|cuil|rut|rfc|curp|ssn|social security|c[ée]dula|c\.c\.|nit|rg|ine){_IS}(?P<value>\d[\d.\-/ ]{{5,18}}\d|[A-Z]{{1,4}}-?\d{{6,}}\w*)", ID),
    _kind(rf"\b(?:pasaporte|passaporte|passport){_IS}(?P<value>[A-Z]{{0,3}}\d{{6,9}})\b", ID),
    _kind(
        rf"\b(?:contraseña|contrasena|password|passwd|pwd|passcode|senha|clave(?: de acceso| de (?:mi|la) cuenta)?)"
        rf"(?: (?:nueva|actual|new|nova|atual))?(?: ?[:=]| (?:es|is|era|was|é|eh)(?::| la| the)?) ?[\"'«“]?{_NO_PASSWORD}{_VALUE}",
        PASSWORD,
    ),
)  # fmt: skip


def redact(text: str) -> str:
    """The text with a marker where each of those was; the text itself when there was none."""
    for kind in _KINDS:
        text = kind.pattern.sub(lambda match, kind=kind: _replaced(match, kind), text)  # type: ignore[misc]
    return text


def _replaced(match: re.Match[str], kind: _Kind) -> str:
    named = "value" in match.re.groupindex
    value = match.group("value") if named else match.group()
    if kind.holds is is_card:
        value = card_at_start(value)
    if not value or not kind.holds(value):
        return match.group()
    start = match.start("value") - match.start() if named else 0
    whole = match.group()
    return whole[:start] + kind.marker + whole[start + len(value) :]
