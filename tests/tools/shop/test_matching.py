from __future__ import annotations

from collections.abc import Callable

import pytest

from tools.shop.matching import email_key, name_key, number_key, phone_key, postal_key

SAME: list[tuple[Callable[[str], str], str, str]] = [
    (number_key, "#W-1001", "w 1001"),
    (number_key, "ＡＢ１２", "ab12"),
    (name_key, "María José", "mariajose"),
    (name_key, "O'Neill", "o neill"),
    (name_key, "João", "JOAO"),
    (email_key, " Ana@Mail.com", "ana@mail.com"),
    (postal_key, "01310-100", "01310 100"),
    (postal_key, "sw1a 1aa", "SW1A1AA"),
    (postal_key, "C1043AAZ", "c1043 aaz"),
    (postal_key, "C1043AAZ", "C1043"),
    (postal_key, "C1043AAZ", "1043"),
    (postal_key, "60657", "60657-1234"),
    (postal_key, "080020", "080 020"),
    (phone_key, "+52 1 55 1234 5678", "(55) 1234-5678"),
]
DIFFERENT: list[tuple[Callable[[str], str], str, str]] = [
    (number_key, "W1001", "W10010"),
    (name_key, "Ana", "Anna"),
    (email_key, "a.b@mail.com", "ab@mail.com"),
    (email_key, "ana+x@mail.com", "ana@mail.com"),
    (postal_key, "28013", "28014"),
    (postal_key, "C1043AAZ", "C1044AAZ"),
    (postal_key, "01310-100", "01310-200"),
    (postal_key, "60657-1234", "60658-1234"),
    (phone_key, "612345678", "612345679"),
]


@pytest.mark.parametrize(("key", "one", "other"), SAME)
def test_two_writings_of_the_same_are_the_same(key: Callable[[str], str], one: str, other: str) -> None:
    assert key(one) == key(other) != ""


@pytest.mark.parametrize(("key", "one", "other"), DIFFERENT)
def test_two_different_things_stay_different(key: Callable[[str], str], one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("key", "text"), [(phone_key, "1234567"), (phone_key, ""), (name_key, "- '"), (number_key, "#")]
)
def test_what_says_too_little_has_no_key(key: Callable[[str], str], text: str) -> None:
    assert key(text) == ""
