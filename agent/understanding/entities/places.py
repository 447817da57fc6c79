"""Postal addresses in the forms of Spanish, English and Portuguese, taken apart."""

from __future__ import annotations

import json
import re
from typing import Final

from agent.understanding.entities.span import Message
from agent.understanding.reading import Entity, EntityKind

_NUMBER: Final = r"(?:\s*,?\s*(?:#|n[°ºo.]{0,2}\s?|no\.\s?|num\.?\s?|numero\s)?\s?\d{1,5}\b(?![/:]\d)(?:\s?[a-f]\b)?(?:\s?-\s?\d{1,4}\b)?)"
_WORD: Final = r"[\w'.°ºª-]+"
_NAME: Final = rf"{_WORD}(?:\s(?!(?:y|por favor|please|porfa|que|and|before|antes|en vez|instead)\b){_WORD}){{0,5}}?"
_STREET_ES: Final = re.compile(
    r"\b(?:calle|c/|av\.?|avda\.?|avenida|avenue|blvd\.?|bulevar|boulevard|paseo|pasaje|pje\.?|psje\.?|carrera|cra\.?|kra\.?|cl\.?|diagonal|diag\.?|transversal|"
    r"calzada|callejon|privada|prolongacion|plaza|ronda|camino|carretera|ruta|autopista|circuito|cerrada|andador|rua|r\.|travessa|alameda|al\.|praca|"
    rf"rodovia|estrada|largo|viela)\s+{_NAME}{_NUMBER}"
)
_GRID: Final = re.compile(
    r"\b(?:calle|carrera|cra\.?|kra\.?|cl\.?|diagonal|transversal|kr|cll)\s*\d{1,3}\s?[a-z]?(?:\s?(?:sur|norte|este|bis))?\s*(?:#|no\.?|n°|con)\s*\d{1,3}\s?[a-z]?\s*-\s*\d{1,3}"
)
_STREET_EN: Final = re.compile(
    r"(?<![\w#/-])\d{1,5}[a-d]?\s+(?:(?:n|s|e|w|north|south|east|west)\.?\s+)?(?:[\w'.-]+\s+){1,4}?"
    r"(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|sq|terrace|way|close|crescent|cres|gardens|grove|mews|"
    r"parkway|pkwy|highway|hwy|circle|cir|trail|row|hill)\b\.?"
)
_UNIT: Final = (
    r"(?:(?:depto|dpto|dto|departamento|apto|apt|apartamento|apartment|ap|unit|flat|suite|ste|piso|floor|casa|bloco|bloque|torre|edificio|ed|local|oficina|of|"
    r"int|interior|puerta|esc|escalera|manzana|mz|lote|lt|sala|bl|conjunto|fundos|portal|planta)\b\.?\s*#?\s*[\w-]{1,12}|#\s?\d+\w?|\d{1,2}[°ºª]?\s?(?:piso|[a-d]\b|izq\w*|der\w*|dcha)|ph|pb)"
)
_AREA: Final = r"(?:col\.?|colonia|barrio|bairro|fracc\.?|fraccionamiento|comuna|urb\.?|urbanizacion|localidad|alcaldia|delegacion|vila|jardim|jd\.?)\s+[\w' .-]+"
_POSTAL: Final = r"(?:(?:c\.?p\.?|cep|zip(?: code)?|codigo postal)[\s:.]*)?(?:\d{5}(?:-\d{3,4})?|[a-z]\d{4}[a-z]{3}|[a-z]{1,2}\d[a-z\d]?\s\d[a-z]{2}|\d{6})\b"
_STOP: Final = re.compile(
    r"\b(?:y|que|por favor|porfa|please|pls|quiero|quero|necesito|preciso|gracias|thanks|obrigad\w|before|antes|en vez|instead|because|porque|pero|but|mas|i|me|mi|my|meu|"
    r"minha|es|is|no|nao|not|can|could|puede\w*|pode\w*|si|if|se|cuando|when|quando|pedido|order|hay|tem|the|with|com|con|para|pra|gente|also|tambien|ya|and|e|"
    r"mandar?|entregar?|envi\w+|manden\w*|send|ship|ok|vale|oi|hola|hi|entre|esquina|frente)\b"
)
_PIECE: Final = re.compile(r"\s*(?:,|\n|\s-\s)\s*(?P<piece>[^,\n;!?]{1,40}?)(?=\s*(?:,|\n|;|\.\s|\.$|!|\?|$|\s-\s))")
_GLUED: Final = re.compile(rf"\s*,?\s*(?P<piece>{_UNIT}|{_AREA}|{_POSTAL})(?=\s*(?:,|\n|;|\.|!|\?|$|\s))")


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
    parts: dict[str, str] = {}
    while True:
        match = _GLUED.match(message.folded, at) or _PIECE.match(message.folded, at)
        if match is None or not match["piece"].strip():
            return at, parts
        kind = _kind(match["piece"], parts)
        if kind is None:
            return at, parts
        _add(parts, kind, message.text[match.start("piece") : match.end("piece")].strip(" .,"))
        at = match.end("piece")


def _kind(piece: str, parts: dict[str, str]) -> str | None:
    piece = piece.strip()
    if re.fullmatch(_POSTAL, piece):
        return "postal_code"
    if re.fullmatch(rf"{_UNIT}|{_AREA}", piece):
        return "line2"
    if _STOP.search(piece) or len(piece.split()) > 4:
        return None
    if re.fullmatch(r"(?:mexico|argentina|colombia|chile|espana|spain|brasil|brazil|usa|united states|uk|united kingdom|england)", piece):
        return "country" if "city" in parts else "city"
    if re.fullmatch(rf"[a-z .'-]+\s{_POSTAL}|{_POSTAL}\s[a-z .'-]+", piece):
        return "mixed"
    if not re.search(r"[a-z]{2}", piece):
        return None
    return "city" if "city" not in parts else "region" if "region" not in parts else None


def _add(parts: dict[str, str], kind: str, text: str) -> None:
    if kind == "mixed":
        postal = re.search(_POSTAL, text, re.IGNORECASE)
        place = (text[: postal.start()] + text[postal.end() :]).strip(" ,") if postal else text
        if postal:
            _add(parts, "postal_code", postal[0])
        _add(parts, "region" if "city" in parts else "city", place)
    elif kind == "postal_code":
        parts.setdefault("postal_code", re.sub(r"^(?:c\.?p\.?|cep|zip(?: code)?|c[oó]digo postal)[\s:.]*", "", text, flags=re.IGNORECASE).upper())
    elif kind == "line2" and "line2" in parts:
        parts["line2"] += f", {text}"
    else:
        parts.setdefault(kind, text)
