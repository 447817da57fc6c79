"""A postal address from a shopper's words, in as many messages as they take for it."""

from __future__ import annotations

import json
import re

from agent.conversation import Request
from agent.loop.embedded.case import Case
from agent.understanding.reading import EntityKind, Intent
from agent.understanding.text import fold

NEEDED = ("line1", "city", "postal_code")
POSTAL = re.compile(
    r"(?:\b(?:c\.?p\.?|cep|zip)\s*)?\b([A-HJ-NP-Z][ -]?\d{4}(?:[ -]?[A-Z]{3}(?![^\W\d_]))?|\d{2}\.?\d{3}[- ]?\d{3}|\d{5}-\d{4}|\d{4,6})\b",
    re.IGNORECASE,
)
UNIT = re.compile(
    r"^(?:piso|depto|departamento|dpto|apto?|apartamento|apartment|unit|suite|int|interior|puerta|portal|escalera|bloque|bloco|torre|"
    r"col|colonia|barrio|bairro|floor|flat|local|edificio)\b|^\d+\s?[a-z]$|^#\s?\d+"
)
LEAD = re.compile(
    r"^(?:y |e |and )?(?:es |e |it'?s |its |is |sería |seria |a |al |en |in |em |to |para |la |the |mejor |mi |my |nueva |"
    r"dirección |direccion |ciudad(?::| es) |city(?::| is) |cidade(?::| é) |código postal |codigo postal )+",
    re.IGNORECASE,
)
REGION = re.compile(r"\b([A-Z]{2})$")
AFTER_A_NUMBER = re.compile(r"^#?\d{4,}\s+(?:to|a|para|en|in|em)\s+", re.IGNORECASE)
COMPASS = re.compile(
    r"^ (?:[NSEW]|N[EW]|S[EW]|north|south|east|west|norte|sur|este|oeste|sul|leste)\.?$", re.IGNORECASE
)
"""What may follow a street's number and name and belongs to it: "Fremont Ave N"."""

GOES_TO = re.compile(
    r"\b(?:a|para|to|en|em)\s+(?P<place>[^\W\d_][\w .'ºª°-]{2,40}\s#?\d{1,5}\b[^,?]*,[^?]+)$", re.IGNORECASE
)
NOT_A_PLACE = re.compile(
    r"\b(?:a|para|to|en|em)\s+(?:el |la |los |las |o |the )?(?:del? |of )?(?:pedido|orden|order|perfil|cuenta|punto|ponto)\b"
)
OTHER_NUMBER = re.compile(
    r"\b(?:n[uú]mero|n[°º.]|number|no\.|(?:es|era|is|it'?s|was|é|e|eh)(?: (?:el|la|o|a|the))?)\s*(\d{1,5})\b(?=\W*$|\W+(?:no|not|n[aã]o)\b)",
    re.IGNORECASE,
)
OTHER_UNIT = re.compile(
    r"\b((?:piso|depto|departamento|dpto|apto?|apartamento|apartment|unit|suite|int|interior|puerta|flat|floor)\.? ?#?\w{1,5})\W*$",
    re.IGNORECASE,
)
"""The flat or floor put right, at the end of a few words."""


def address_of(case: Case, request: Request) -> dict[str, str]:
    """The parts said so far, the newest on top."""
    parts: dict[str, str] = dict(request.slots.get("address") or _of_notes(case, request))
    text = case.text
    said = case.heard(EntityKind.ADDRESS)
    if said:
        parts |= {name: str(value) for name, value in json.loads(said).items() if value}
        parts["line1"] = AFTER_A_NUMBER.sub("", parts.get("line1", ""))
        start = fold(text).find(fold(parts.get("line1", "")))
        return _fill(parts, text[max(start, 0) :])
    other = OTHER_NUMBER.search(text)
    if other and parts.get("line1"):
        return parts | {"line1": re.sub(r"\d+", other.group(1), parts["line1"], count=1)}
    unit = OTHER_UNIT.search(text) if request.stage == "confirm" else None
    if unit and parts.get("line1"):
        return parts | {"line2": unit.group(1)}
    goes_to = GOES_TO.search(text)
    if goes_to and not NOT_A_PLACE.search(fold(text)) and not case.told(EntityKind.DATE):
        return _fill(parts, goes_to["place"])
    if not case.asked("address") or case.brief.reading.has(Intent.DENY):
        return parts
    only_yes = case.brief.reading.has(Intent.AFFIRM) and not case.brief.reading.entities and "," not in text
    return parts if only_yes else _fill(parts, text)


def _of_notes(case: Case, request: Request) -> dict[str, str]:
    """What came with a request that no message of the shopper's made: a person noted it."""
    if not case.brief.resumed:
        return {}
    noted = json.loads(request.slots.get("said", {}).get("address", "{}"))
    return {name: str(value) for name, value in noted.items() if value}


def _fill(parts: dict[str, str], text: str) -> dict[str, str]:
    """Take city, postal code and the like from what stands between the commas."""
    filled = dict(parts)
    known = fold(" ".join(parts.values()))
    for piece in re.split(r"[,;\n]+", text):
        segment = LEAD.sub("", piece.strip(" .")).strip(" .")
        street = filled.get("line1", "")
        if street and segment.startswith(street) and COMPASS.match(segment[len(street) :]):
            filled["line1"] = segment
        elif segment and fold(segment) not in known:
            _place(filled, segment)
    if filled.get("region") and filled.get("city"):
        filled["city"] = filled["city"].removesuffix(f" {filled['region']}")
    return filled


def _written(code: str) -> str:
    """A postal code as its country writes it: ``C1428DNN``, ``01310-100``."""
    plain = re.sub(r"[ .]", "", code.upper())
    return re.sub(r"[ .-]", "", plain) if plain[0].isalpha() else re.sub(r"^(\d{5})-?(\d{3})$", r"\1-\2", plain)


def _place(parts: dict[str, str], segment: str) -> None:
    code = POSTAL.search(segment)
    street = re.search(r"[^\W\d_]{3}.*\d", segment) and not (code and parts.get("line1"))
    if UNIT.search(fold(segment)) and parts.get("line1"):
        parts.setdefault("line2", segment)
        return
    if street and not parts.get("line1"):
        parts["line1"] = segment
        return
    if code:
        parts.setdefault("postal_code", _written(code.group(1)))
        segment = POSTAL.sub("", segment).strip(" .-")
    region = REGION.search(segment)
    if region and len(segment) > 2 and not re.search(r"\d", segment):
        parts.setdefault("region", region.group(1))
        segment = REGION.sub("", segment).strip()
    if segment and not re.search(r"\d", segment) and len(segment.split()) <= 5:
        free = next((name for name in ("city", "region") if not parts.get(name)), None)
        if free:
            parts[free] = segment
