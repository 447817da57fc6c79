"""Whether words agree to what was proposed, and whether they ask for a person: read apart from the service's own reading."""

from __future__ import annotations

import re
from typing import Final

_NO: Final = re.compile(
    r"^\W*(?:no|nop|nope|não|nao|nem|mejor no|melhor não|better not|cancel|espera|wait|espere|don'?t|do not)\b", re.I
)
_BUT: Final = re.compile(r"\b(?:pero|but|mas|sino|instead|en vez|em vez|mejor|melhor|rather)\b", re.I)
_YES: Final = re.compile(
    r"\b(?:s[ií]|sip|claro|dale|vale|ok(?:ay|ey)?|de acuerdo|adelante|confirmo|confirmado|hazlo|h[aá]galo|perfecto|"
    r"correcto|eso es|est[aá] bien|yes|yep|yeah|sure|go ahead|please do|do (?:it|that)|confirm(?:ed)?|correct|sounds good|"
    r"that'?s (?:right|fine)|sim|pode|isso|beleza|certo|combinado|faz isso|t[aá] bom|fechado)\b",
    re.I,
)
_PERSON: Final = re.compile(
    r"\b(?:hablar|pas[ae]me|comun[ií]ca\w*|atienda|quiero|necesito|speak|talk|get|transfer|put me|want|need|falar|passa|"
    r"quero|preciso)\b[^.?!]{0,40}\b(?:persona|humano|humana|asesora?|agente|alguien de verdad|person|human|agent|"
    r"representative|someone real|pessoa|atendente|algu[eé]m de verdade)\b",
    re.I,
)


def agrees(text: str) -> bool | None:
    """Yes, no, or neither."""
    if _NO.search(text):
        return False
    return True if _YES.search(text) and not _BUT.search(text) else None


def asks_for_person(text: str) -> bool:
    """Whether a person is asked for in plain words."""
    return _PERSON.search(text) is not None
