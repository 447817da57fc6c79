"""Postal codes by the forms of the countries served: MX, ES, AR, CO, CL, US, UK, BR."""

from __future__ import annotations

import re
from typing import Final

from agent.understanding.entities.span import Message
from agent.understanding.reading import Entity, EntityKind

_NAMED: Final = re.compile(
    r"\b(?:c\.?\s?p\.?|codigo postal|cod\.? postal|postal|zip(?: ?code)?|post ?code|cep)\b(?:\s*(?:is"
    r"|es|e|eh|era|del?|a|my|mi|meu|nuevo|new|novo|number|to)\b)*"
    r"\s*[:#=.]*\s*(?P<code>\d{5}[- ]\d{3,4}|\d{2}\.?\d{3}-?\d{3}|[a-hj-np-z][ -]?\d{4}(?:[ -]?[a-z]{3}\b)?|"
    r"[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}|\d{4,8})(?![\w-])"
)
_BY_FORM: Final = re.compile(
    r"(?<![\w#-])(?P<code>\d{5}-\d{3}|[a-hj-np-z]\d{4}[ -]?[a-z]{3}|(?:gir ?0aa|[a-z]{1,2}\d[a-z\d]?\s\d[a-z]{2}))(?![\w-])"
)
_AFTER_STATE: Final = re.compile(
    r"(?:,\s*|\s)(?:al|ak|az|ar|ca|co|ct|de|dc|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|"
    r"ne|nv|nh|nj|nm|ny|nc|nd|"
    r"oh|ok|or|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|texas|california|florida|new york|illinois|arizona|colorado|ohio|"
    r"washington|georgia|nevada|oregon)\.?,?\s+(?P<code>\d{5}(?:-\d{4})?)(?![\w-])"
)


_SAID: Final = re.compile(r"\b(?:codigo postal|zip(?: ?code)?|post ?code|cep|cp)\b")
_LOOSE: Final = re.compile(r"(?<![\w#-])(?<!\bno )(?<!\bnot )(?<!\bnao )(?P<code>\d{5}(?:-\d{3,4})?)(?![\w-]|[.,]\d)")
_ORDERED: Final = re.compile(r"\b(?:pedido|orden|order|compra|encomenda)\b[^.;\d]{0,12}$")


def _is_state(written: str) -> bool:
    """Whether what stands before the code is a state and no word of Spanish: "LA 70112", not "la 10001"."""
    return "," in written or re.search(r"\b[A-Z]{2}\b|[a-z]{4}", written) is not None


def says_postal_code(folded: str) -> bool:
    """Whether the message names a postal code somewhere."""
    return _SAID.search(folded) is not None


def find_postal_codes(message: Message) -> list[Entity]:
    """Postal codes, upper case and otherwise as written."""
    found: dict[int, Entity] = {}
    for pattern in (_NAMED, _BY_FORM, _AFTER_STATE):
        for match in pattern.finditer(message.folded):
            start, end = match.span("code")
            if pattern is _AFTER_STATE and not _is_state(message.text[match.start() : start]):
                continue
            found.setdefault(start, message.entity(EntityKind.POSTAL_CODE, start, end, match["code"].upper()))
    if not found and says_postal_code(message.folded):
        for match in _LOOSE.finditer(message.folded):
            if not _ORDERED.search(message.folded[: match.start()]):
                found[match.start()] = message.entity(EntityKind.POSTAL_CODE, *match.span("code"), match["code"])
    return [found[start] for start in sorted(found)]
