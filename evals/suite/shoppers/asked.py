"""Which facts a reply asks for, read from its words, where the turn does not say it."""

from __future__ import annotations

import re
from typing import Final

_QUESTION: Final = re.compile(r"\?|\b(?:dime|indícame|necesito|tell me|i need|give me|me diga|preciso|informe)\b", re.I)
_ASKED: Final = {
    "order_number": r"n[úu]mero de(?:l)? pedido|n[úu]mero do pedido|order number",
    "email": r"correo|e-?mail",
    "postal_code": r"c[óo]digo postal|\bcep\b|post(?:al )?code|zip code",
    "code": r"c[óo]digo (?:de (?:seis|6)|que te|que enviamos)|(?:six|6)-digit code|code (?:we|i) (?:sent|mailed)",
    "size": r"(?:qu[ée]|cu[áa]l) talla|(?:qual|que) (?:tamanho|n[úu]mero)|(?:which|what) size",
    "address": r"(?:nueva|cu[áa]l es la|qu[ée]) direcci[óo]n|(?:new|what|which) address|(?:novo|qual [ée] o) endere[çc]o",
    "reason": r"(?:cu[áa]l es el|por qu[ée]) motivo|por qu[ée] (?:lo|la|los)|what(?:'s| is) the reason|qual [ée]? ?o motivo",
}  # fmt: skip
_PATTERNS: Final = {fact: re.compile(pattern, re.I) for fact, pattern in _ASKED.items()}


def facts_asked(text: str, asks: tuple[str, ...]) -> tuple[str, ...]:
    """The turn's own word for it; else what its sentences ask for."""
    if asks:
        return asks
    questions = [sentence for sentence in re.split(r"(?<=[.!?])\s+|\n+", text) if _QUESTION.search(sentence)]
    return tuple(fact for fact, pattern in _PATTERNS.items() if any(pattern.search(one) for one in questions))
