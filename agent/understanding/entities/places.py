"""Postal addresses in the forms of Spanish, English and Portuguese, taken apart."""

from __future__ import annotations

import json
import re
from typing import Final

from agent.understanding.entities.span import Message
from agent.understanding.reading import Entity, EntityKind

_NUMBER: Final = (
    r"(?:\s*,?\s*(?:#|n[°ºo.]{0,2}\s?|no\.\s?|num\.?\s?|"
    r"numero\s)?\s?\d{1,5}\b(?![/:]\d)(?:\s?[a-f]\b)?(?:\s?-\s?\d{1,4}\b)?)"
)
_WORD: Final = r"[\w'.°ºª-]+"
_NAME: Final = rf"{_WORD}(?:\s(?!(?:y|por favor|please|porfa|que|and|before|antes|en vez|instead)\b){_WORD}){{0,5}}?"
_STREET_ES: Final = re.compile(
    r"\b(?:calle|c/|av\.?|avda\.?|avenida|avenue|blvd\.?|bulevar|boulevard|paseo|pasaje|pje\.?|"
    r"psje\.?|carrera|cra\.?|kra\.?|diagonal|diag\.?|transversal|"
    r"calzada|callejon|privada|prolongacion|plaza|ronda|camino|carretera|ruta|autopista|circuito|"
    r"cerrada|andador|rua|r\.|travessa|alameda|al\.|praca|"
    rf"rodovia|estrada|largo|viela)\s+{_NAME}{_NUMBER}"
)
_GRID: Final = re.compile(
    r"\b(?:calle|carrera|cra\.?|kra\.?|cl\.?|diagonal|transversal|kr|"
    r"cll)\s*\d{1,3}\s?[a-z]?(?:\s?(?:sur|norte|este|bis))?\s*(?:#|no\.?|n°|"
    r"con)\s*\d{1,3}\s?[a-z]?\s*-\s*\d{1,3}"
)
_STREET_EN: Final = re.compile(
    r"(?<![\w#/-])\d{1,5}[a-d]?\s+(?:(?:n|s|e|w|north|south|east|west)\.?\s+)?(?:(?!(?:to|at|from|order|in|on|and)\b)[\w'.-]+\s+){1,4}?"
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|sq|"
    r"terrace|way|close|crescent|cres|gardens|grove|mews|"
    r"parkway|pkwy|highway|hwy|circle|cir|trail|row|hill)\b\.?"
)
_UNIT: Final = (
    r"(?:(?:depto|dpto|dto|departamento|apto|apt|apartamento|apartment|ap|unit|flat|suite|ste|piso|"
    r"floor|casa|bloco|bloque|torre|edificio|ed|local|oficina|of|"
    r"int|interior|puerta|esc|escalera|manzana|mz|lote|lt|sala|bl|conjunto|fundos|portal|"
    r"planta)\b\.?\s*#?\s*[\w-]{1,12}(?:\s[a-d]\b)?|#\s?\d+\w?|\d{1,2}[°ºª]?\s?(?:piso|[a-d]\b|izq\w*"
    r"|der\w*|dcha)|ph|pb)"
)
_AREA: Final = (
    r"(?:col\.?|colonia|barrio|bairro|fracc\.?|fraccionamiento|comuna|urb\.?|urbanizacion|localidad|"
    r"alcaldia|delegacion|vila|jardim|jd\.?)\s+[\w' .-]+"
)
_POSTAL: Final = (
    r"(?:(?:c\.?p\.?|cep|zip(?: code)?|codigo postal)[\s:.]*)?(?:\d{5}(?:-\d{3,4}|\s\d{3}\b)?|"
    r"[a-hj-np-z][ -]?\d{4}[ -]?[a-z]{3}|[a-hj-np-z]\d{4}|[a-z]{1,2}\d[a-z\d]?\s\d[a-z]{2}|\d{6})\b"
)
_STOP: Final = re.compile(
    r"\b(?:y|que|por favor|porfa|please|pls|quiero|quero|necesito|preciso|gracias|thanks|obrigad\w|"
    r"before|antes|en vez|instead|because|porque|pero|but|mas|i|me|mi|my|meu|"
    r"minha|es|is|no|nao|not|can|could|puede\w*|pode\w*|si|if|se|cuando|when|quando|pedido|order|hay|"
    r"tem|the|with|com|con|para|pra|gente|also|tambien|ya|and|e|"
    r"mandar?|entregar?|envi\w+|manden\w*|send|ship|ok|vale|oi|hola|hi|entre|esquina|frente)\b"
)
_COUNTRY: Final = re.compile(
    r"mexico|argentina|colombia|chile|espana|spain|brasil|brazil|usa|united states|uk|united kingdom|england"
)
_PIECE: Final = re.compile(r"\s*(?:,|\n|\s-\s)\s*(?P<piece>[^,\n;!?]{1,40}?)(?=\s*(?:,|\n|;|\.\s|\.$|!|\?|$|\s-\s))")
_GLUED: Final = re.compile(
    rf"\s*,?\s*(?P<piece>{_UNIT}|{_AREA}|{_POSTAL}|[a-z]{{2}}\s+\d{{5}}(?:-\d{{4}})?)(?=\s*(?:,|\n|;|\.|!|\?|$|\s))"
)


def find_addresses(message: Message) -> list[Entity]:
    """Addresses that have at least a street with its number; the value is JSON of the parts found."""
    found: list[Entity] = []
    for pattern in (_GRID, _STREET_ES, _STREET_EN):
        for match in pattern.finditer(message.folded):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            end, parts = _continue(message, match.end())
            parts = {"line1": message.text[match.start() : match.end()].strip(" ,."), **parts}
            found.append(message.entity(EntityKind.ADDRESS, match.start(), end, json.dumps(parts, ensure_ascii=False)))
    return sorted(found, key=lambda entity: entity.start)


def _continue(message: Message, at: int) -> tuple[int, dict[str, str]]:
    """Where the address ends, and the parts after its first line."""
    pieces: list[tuple[str, str]] = []
    while True:
        match = _GLUED.match(message.folded, at) or _PIECE.match(message.folded, at)
        kind = _kind(match["piece"].strip()) if match else None
        if match is None or kind is None:
            return at, _parts(pieces)
        pieces.append((kind, message.text[match.start("piece") : match.end("piece")].strip(" .,")))
        at = match.end("piece")


def _kind(piece: str) -> str | None:
    if re.fullmatch(_POSTAL, piece):
        return "postal_code"
    if re.fullmatch(rf"{_UNIT}|{_AREA}", piece):
        return "line2"
    if not re.search(r"[a-z]{2}", piece) or _STOP.search(piece) or len(piece.split()) > 4:
        return None
    if _COUNTRY.fullmatch(piece):
        return "country"
    if re.fullmatch(rf"[a-z .'-]+\s{_POSTAL}|{_POSTAL}\s[a-z .'-]+", piece):
        return "place and code"
    return "place" if re.fullmatch(r"[a-z .'-]+", piece) else None


def _parts(pieces: list[tuple[str, str]]) -> dict[str, str]:
    """Named parts: of the places the last is the region when it follows a city, those before the city a second line."""
    parts: dict[str, str] = {}
    places: list[str] = []
    seconds: list[str] = []
    for kind, text in pieces:
        if kind == "place and code" and (code := re.search(_POSTAL, text, re.IGNORECASE)):
            parts["postal_code"] = _bare_code(code[0])
            places.append((text[: code.start()] + text[code.end() :]).strip(" ,"))
        elif kind == "postal_code":
            parts["postal_code"] = _bare_code(text)
        elif kind == "line2":
            seconds.append(text)
        elif kind == "country" and places:
            parts["country"] = text
        else:
            places.append(text)
    city = max(len(places) - 2, 0) if len(places) != 2 or not seconds or len(places[1]) == 2 else 0
    seconds += places[:city]
    parts |= dict(zip(("city", "region"), places[city:], strict=False))
    if seconds:
        parts["line2"] = ", ".join(seconds)
    return parts


def _bare_code(text: str) -> str:
    """Without its name, as its country writes it."""
    code = re.sub(r"^(?:c\.?p\.?|cep|zip(?: code)?|c[oó]digo postal)[\s:.]*", "", text, flags=re.IGNORECASE).upper()
    argentine = re.fullmatch(r"([A-HJ-NP-Z])[ -]?(\d{4})[ -]?([A-Z]{3})?", code)
    return (
        "".join(part or "" for part in argentine.groups())
        if argentine
        else re.sub(r"^(\d{5}) (\d{3})$", r"\1-\2", code)
    )
