"""Check digits: what tells a card or an id from a number that only has its length."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|"
    r"3(?:0[0-5]|[68]\d)\d{11}|(?:6011|64[4-9]\d|65\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}|"
    r"(?:5067|5090|6362|6363|6504|6505|6062)\d{12}|(?:50|5[6-9]|6\d)\d{10,17}"
)
_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"


def is_card(text: str) -> bool:
    """A number some network issues whose last digit is right (Luhn, ISO/IEC 7812-1)."""
    digits = re.sub(r"\D", "", text)
    doubled = (int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits)))
    return bool(_ISSUERS.fullmatch(digits)) and len(set(digits)) > 1 and sum(n - 9 * (n > 9) for n in doubled) % 10 == 0


def card_at_start(text: str) -> str:
    """The card a run of digits begins with, whatever comes behind it (an expiry date); empty when there is none."""
    ends = [digit.end() for digit in re.finditer(r"\d", text)]
    return next((text[:end] for end in reversed(ends[12:19]) if is_card(text[:end])), "")


def is_cpf(text: str) -> bool:
    """A Brazilian person's number; eleven bare digits that read as a mobile phone are taken for one."""
    digits = re.sub(r"\D", "", text)
    if text == digits and digits[2] == "9":
        return False
    return len(set(digits)) > 1 and all(
        int(digits[length]) == _rest(digits[:length], range(length + 1, 1, -1)) for length in (9, 10)
    )


def is_cnpj(text: str) -> bool:
    """A Brazilian company's number."""
    digits, weights = re.sub(r"\D", "", text), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    return all(int(digits[12 + more]) == _rest(digits[: 12 + more], weights[1 - more :]) for more in (0, 1))


def is_cuit(text: str) -> bool:
    """An Argentine tax number."""
    digits = re.sub(r"\D", "", text)
    rest = (
        11
        - sum(int(digit) * weight for digit, weight in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=False)) % 11
    )
    return int(digits[-1]) == {11: 0, 10: 9}.get(rest, rest)


def is_dni(text: str) -> bool:
    """A Spanish identity card's or foreigner's number, by its letter."""
    plain = re.sub(r"[ -]", "", text).upper()
    number = plain[:-1].translate(str.maketrans("XYZ", "012"))
    return plain[-1] == _DNI[int(number) % 23]


def is_rut(text: str) -> bool:
    """A Chilean number, by its digit or K."""
    number, _, check = text.replace(".", "").upper().partition("-")
    rest = 11 - sum(int(digit) * (2 + index % 6) for index, digit in enumerate(reversed(number))) % 11
    return check == {11: "0", 10: "K"}.get(rest, str(rest))


def is_ssn(text: str) -> bool:
    """A United States number: areas 000, 666 and from 900 are never given out, nor a part of zeros."""
    area, group, serial = text.split("-")
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def is_dated(text: str) -> bool:
    """Whether the six digits of a Mexican CURP or RFC are a date."""
    found = re.search(r"\d{2}(\d{2})(\d{2})", text)
    return found is not None and 1 <= int(found[1]) <= 12 and 1 <= int(found[2]) <= 31


def _rest(digits: str, weights: Iterable[int]) -> int:
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return 0 if rest < 2 else 11 - rest
