"""The part of a message that is meant for whoever brings the parcel."""

from __future__ import annotations

import re

MOST_CHARS = 250
NOTE = re.compile(
    r"\b((?:si no (?:estoy|hay)|if (?:i'?m|no ?one|nobody)|se (?:eu )?n[aã]o|(?:que )?(?:me |se |nos )?(?:l[oa]s? |[oa] )?(?:no |don'?t |do not |n[aã]o )?"
    r"(?:d[eé]j[aeo]\w*|toqu\w*|timbr\w*|entr[eé]g\w*|llam[ae]\w*|avis[ae]\w*|leave|ring|knock|call|hand|drop|"
    r"deix[ae]\w*|toc[ae]\w*|lig[au]\w*|entreg\w*))\b.*)$",
    re.IGNORECASE | re.DOTALL,
)
ABOUT_A_NOTE = re.compile(
    r"\b(?:d[eé]j\w*|p[oó]n\w*|agr[eé]g\w*|añad\w*|leave|add|put|deix\w*|coloc\w*|coloque\w*|adicion\w*|give|escrib\w*|escrev\w*|write) "
    r"(?:un[ao]?s? |alguna |la |an? |some |the |um[ao]? )?"
    r"(?:nota|indicaci\w*|instruc\w*|mensaje|recado|note|(?:delivery )?instruction\w*|message|mensagem|observa\w*)\b[^.:,;]*",
    re.IGNORECASE,
)
THAT = re.compile(
    r"\b(?:nota|indicaci[oó]n\w*|mensaje|recado|mensagem|note|message)\b\s+(?:(?:de|para|pra) )?(?:que|q|ke|saying|that|so|telling (?:him|them) to)\s+(.{4,})$",
    re.IGNORECASE | re.DOTALL,
)
SAYS = re.compile(
    r"\b(?:nota|indicaci[oó]n|mensaje|recado|mensagem|note|message)\b[^.:?]{0,30}?\b(?:diga[n]?|say(?:s|ing)?|dizendo)\b(?: that)?[:,]?(.*)$",
    re.IGNORECASE | re.DOTALL,
)
TOLD = re.compile(
    r"\b(?:repartidor|mensajero|cartero|chofer|driver|courier|carrier|entregador|carteiro|motoboy)\b[^:]{0,30}:\s*(.+)$",
    re.IGNORECASE | re.DOTALL,
)
AFTER_COLON = re.compile(
    r"\b(?:nota|indicaci[oó]n(?:es)?|instruc\w*|mensaje|recado|note|message|mensagem|observa\w*)\b[^:?]{0,60}:\s*(.+)$",
    re.IGNORECASE | re.DOTALL,
)
FIRST_A_SIGH = re.compile(
    r"^(?:(?:ah|oh|uh|uy|ay|eh|opa|ops|ok|okay|vale|bueno|bom|claro|sure|perd[oó]n|sorry|desculpa)\b\s*[,.!:]+\s*)+",
    re.IGNORECASE,
)
COURTESY = re.compile(r",?\s*(?:por favor|porfa|please|pls|gracias|thanks|obrigad[oa])[\s.!]*$", re.IGNORECASE)


def note_in(text: str) -> str:
    """The note without the request around it; empty when there is none."""
    match = (
        SAYS.search(text)
        or THAT.search(text)
        or TOLD.search(text)
        or AFTER_COLON.search(text)
        or NOTE.search(ABOUT_A_NOTE.sub("", text))
    )
    return COURTESY.sub("", match.group(1)).strip(" .?!")[:MOST_CHARS] if match else ""


def whole_note(text: str) -> str:
    """An answer that is the note, whatever it says; of a question only what asks for something to be done."""
    if "?" in text:
        return note_in(text)
    note = COURTESY.sub("", text).strip()
    return (FIRST_A_SIGH.sub("", note) or note)[:MOST_CHARS]
