"""How to reach the shopper: e-mail addresses, phones, and the one-time codes sent to them."""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

from agent.understanding.entities.span import Message
from agent.understanding.reading import Entity, EntityKind

_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}(?![\w@])", re.IGNORECASE)
_DOT: Final = r"(?:\s*\.\s*|\s*\((?:dot|punto|ponto)\)\s*|\s*\[dot\]\s*|\s+(?:punto|dot|ponto)\s+)"
_SCORE: Final = (
    r"(?:\s+(?:guion bajo|underscore|underline|sublinhado|barra baja)\s+|"
    r"\s+(?:guion(?: medio)?|dash|hyphen|hifen|menos|traco)\s+)"
)
_SPOKEN_EMAIL: Final = re.compile(
    rf"(?<![\w.+-])(?P<name>[\w.+-]+(?:(?:{_DOT}|{_SCORE}|\s(?=\d{{1,4}}\s))[\w+-]+)*)"
    rf"\s*(?:\(at\)|\[at\]|@|\barroba\b|\bat\b)\s*(?P<host>[\w-]+(?:{_DOT}[\w-]+)*?){_DOT}"
    rf"(?P<end>com|net|org|edu|es|mx|ar|co|cl|br|uk|io|test|example)(?:{_DOT}(?P<country>mx|ar|co|br|uk|es|cl))?(?!\w|\.\w)"
)
_DIGITS: Final = re.compile(r"(?<![\w#-])\+?\(?\d[\d ().-]{5,20}\d(?!\w)")
_NATIONAL: Final = re.compile(r"0\d{2,4}[ -]\d{3,4}[ -]\d{3,4}")
"""A trunk nought and three groups, whether or not the number was ever given out."""

_PHONE_WORD: Final = re.compile(
    r"\b(?:tel|telefono|telefone|fone|phone|cel|celular|movil|mobile|cell|whats\w*|wsp|wpp|zap|call|llam\w+|lig\w+|"
    r"contact\w*|sms)\b[^\d]{0,30}$"
)
_ORDER_BEFORE: Final = re.compile(
    r"\b(?:pedidos?|orden|order|compra|encomenda|folio|ref|referencia|guia|tracking|rastreo|rastreio|comprobante|cartao|tarjeta|card)"
    r"\b[^.;\d]{0,18}$|#\s?$"
)
_PHONE_AFTER: Final = re.compile(
    r"\W*(?:(?:is|es|e|eh)\s+)?(?:(?:my|mi|meu)\s)?(?:tel|phone|cell|mobile|movil|cel|celular|whats\w*|zap)\b"
)
_REGIONS: Final = {"es": ("MX", "ES", "AR", "CO", "CL"), "en": ("US", "GB"), "pt": ("BR",)}
_CODE: Final = re.compile(r"(?<![\w#/.,+-])(?P<code>\d{6}|\d{3}[ -]\d{3}|\d\d \d\d \d\d)(?![\w-]|[.,/]\d)")
_CODE_WORD: Final = re.compile(r"\b(?:codigo|code|otp|pin|clave|token|passcode)\b[^.;\d]{0,30}$")
_CODE_AFTER: Final = re.compile(
    r"\W*(?:is|es|e|eh|foi|was|fue)?\W*(?:(?:the|el|my|mi|o|meu)\s)?(?:codigo|code|otp|pin|clave)\b"
)
_POSTAL_WORD: Final = re.compile(r"\b(?:postal|cp|cep|zip|postcode|pedido|orden|order|compra)\b[^.;\d]{0,30}$")
_ALONE: Final = re.compile(r"^\W*(?:(?:es|is|e|eh|el|o|the|it's|its|aqui|here|si|sim|yes|ok|this)\W+){0,3}$")


def find_emails(message: Message) -> list[Entity]:
    """E-mail addresses, also those spelt with "at" and "dot"; the value is in lower case."""
    found = []
    for match in _EMAIL.finditer(message.text):
        found.append(message.entity(EntityKind.EMAIL, *match.span(), match[0].lower()))
    if not found:
        for match in _SPOKEN_EMAIL.finditer(message.folded):
            value = f"{_written(match['name'])}@{_written(match['host'])}.{match['end']}"
            value += f".{match['country']}" if match["country"] else ""
            found.append(message.entity(EntityKind.EMAIL, *match.span(), value))
    return found


def _written(said: str) -> str:
    scored = re.sub(r"\s+(?:guion bajo|underscore|underline|sublinhado|barra baja)\s+", "_", said)
    scored = re.sub(r"\s+(?:guion(?: medio)?|dash|hyphen|hifen|menos|traco)\s+", "-", scored)
    return re.sub(r"\s", "", re.sub(_DOT, ".", scored))


def find_phones(message: Message) -> list[Entity]:
    """Phones in E.164; without a country code they need a phone's own word before them or ten digits and more.

    What follows an order's own word is an order number.
    """
    found = []
    for match in _DIGITS.finditer(message.folded):
        if _ORDER_BEFORE.search(message.folded[: match.start()]) and not match[0].startswith("+"):
            continue
        digits = re.sub(r"\D", "", match[0])
        named = _PHONE_WORD.search(message.folded[: match.start()]) is not None
        named = named or _PHONE_AFTER.match(message.folded[match.end() :]) is not None
        if not (7 <= len(digits) <= 15) or not (named or match[0].startswith("+") or _shaped(match[0], digits)):
            continue
        value = _e164(match[0], message.language) or (digits if named or _NATIONAL.fullmatch(match[0]) else None)
        if value:
            found.append(message.entity(EntityKind.PHONE, *match.span(), value))
    return found


def _shaped(text: str, digits: str) -> bool:
    grouped = len(re.split(r"[ ().-]+", text.strip("+( "))) >= 3
    return 9 <= len(digits) <= 11 and (grouped or len(digits) >= 10 or digits[0] in "69")


def _e164(text: str, language: str) -> str | None:
    for region in ("ZZ",) if text.startswith("+") else _REGIONS[language]:
        try:
            number = phonenumbers.parse(text, None if region == "ZZ" else region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def find_codes(message: Message) -> list[Entity]:
    """One-time codes: six digits that stand alone or are called a code."""
    found = []
    for match in _CODE.finditer(message.folded):
        before, after = message.folded[: match.start()], message.folded[match.end() :]
        if _POSTAL_WORD.search(before):
            continue
        named = _CODE_WORD.search(before) is not None or _CODE_AFTER.match(after) is not None
        if named or (_ALONE.match(before) and not after.strip(" .!,")):
            found.append(message.entity(EntityKind.CODE, *match.span(), re.sub(r"\D", "", match[0])))
    return found
