"""Text from outside: bounded, normalised, and free of what has no meaning in a message."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

MOST_CHARACTERS = 4000

_BREAKS = {ord("\t"), ord("\n")}
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
_LONE_SURROGATES = range(0xD800, 0xE000)
_DROPPED = {code: None for code in (*_CONTROLS, *_LONE_SURROGATES) if code not in _BREAKS}
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Zl", "Zp", "Zs"})


def plain(text: str) -> str:
    """In NFC, with one kind of line break, without control characters and lone surrogates."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_DROPPED)


def message_text(text: str) -> str:
    """What a shopper may say: something that can be seen, at most 4,000 characters of it, not counting the ends."""
    said = plain(text).strip()
    if len(said) > MOST_CHARACTERS:
        raise PydanticCustomError("text_too_long", "The text has more than 4,000 characters.")
    if not any(unicodedata.category(character) not in _UNSEEN for character in said):
        raise PydanticCustomError("text_empty", "There is nothing to read in the text.")
    return said


MessageText = Annotated[
    str,
    AfterValidator(message_text),
    Field(
        json_schema_extra={"minLength": 1, "maxLength": MOST_CHARACTERS},
        description="What the shopper says; 1 to 4,000 characters.",
        examples=["¿Dónde está mi pedido 10023?"],
    ),
]
Plain = Annotated[str, AfterValidator(plain)]
ClientMessageId = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9._:-]{1,100}$",
        description="Made by the client, one for each message: sent twice, the message is answered once.",
        examples=["m-1"],
    ),
]
Locale = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,3}$",
        description="The shopper's language, before a word is said.",
        examples=["es-MX"],
    ),
]
Channel = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]{0,29}$", description="Where the shopper writes from.", examples=["web"]),
]
ShopperToken = Annotated[
    str,
    Field(
        pattern=r"^[\x21-\x7e]{1,4000}$",
        description="JWT (HS256, the shop's secret) with `sub`, `email`, `name`, `exp`: who the shopper is.",
    ),
]
