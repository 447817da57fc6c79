"""Order numbers as people write and say them."""

from __future__ import annotations

import re
from typing import Final

from agent.understanding.entities.span import Message
from agent.understanding.reading import Entity, EntityKind

_ORDER_WORD: Final = (
    r"(?:pedidos?|ordenes|orden|orders?|compras?|purchases?|encomendas?|encargos?|ped|po|ord|nro de pedido|folio|"
    r"reservas?|referencias?|ref|reference|confirmation|confirmacion|confirmacao|localizador)"
)
_LINK: Final = (
    r"(?:\s*(?:numeros?|number|numbers|num|nro|nr|no|n|es|is|are|eh|e|el|la|o|a|the|my|mi|meu|minha|de|del|do|da|"
    r"con|com|with|id|code|codigo|que|son|sao|era|was|ending|siguiente|termina|final|terminado|"
    r"terminando|em|en|in|chama|hice|fiz|feito)\b\.?|\s*[:#°º.=(,-])*\s*"
)
_LOOSE: Final = (
    r"\d{1,3}(?:[. ]\d{3})+|[a-z]{0,4}-?\d[\d-]{2,13}\d(?:-?[a-z]{1,2})?|[a-z]{1,3}\d{4,12}|"
    r"(?=[a-z-]*\d[a-z-]*\d[a-z-]*\d)[a-z\d]{1,8}(?:-[a-z\d]{1,8}){0,2}"
)
_MARKED: Final = re.compile(
    r"(?<![\w/&])#\s?(?P<number>(?=[a-z-]*\d[a-z-]*\d)[a-z\d]{1,10}(?:-[a-z\d]{1,10}){0,2})(?![\w-])"
)
_NAMED: Final = re.compile(rf"\b{_ORDER_WORD}\b{_LINK}(?P<number>{_LOOSE})(?![\w-]|[.,/:]\d|\s?[€%])")
_NUMBERED: Final = re.compile(
    rf"(?<!item )(?<!articulo )(?<!serie )(?<!phone )(?<!house )\b(?:n[°ºo.]{{1,2}}|nro\.?|num\.?|"
    rf"numero|number|no\.)\s*[:#]?\s*(?:(?:es|is|e)\s)?(?P<number>{_LOOSE})(?![\w-]|[.,/:]\d)"
)
_LETTERED: Final = re.compile(
    r"(?<![\w@./-])(?P<number>w\s?\d{7}|[a-z]-?\d{4,8}|[a-z]{2,4}-\d{4,10}|ord-?\d{4,10})(?![\w-])"
)
_ALONE: Final = re.compile(
    r"^\W*(?:(?:es|is|e|eh|o|el|la|the|it's|its|this|este|esta|aqui|here|claro|si|sim|sure|yes|ok|va|"
    r"ahi|toma|segue)\W+){0,4}(?P<number>[a-z]{0,3}-?\d[\d-]{2,9}\d)\W*(?:por favor|please|gracias|"
    r"thanks|obrigad[oa]|pls)?\W*$"
)
_POINTED: Final = re.compile(
    r"\b(?:el|la|los|las|al|del|o|os|do|ao|the|no|nro|es|is|that's|it's|sao|son|para el|sobre el|sobre o)\s#?"
    r"(?P<number>\d{4,8}|\d{2,5}-\d{3,6}|\d{1,3}[ .]\d{3}|[a-z]{1,3}-?\d{3,8}(?:-\d{2,6})?)"
    r"(?![\w@-]|[.,/:]\d|\s?(?:[€%$]|pesos|euros|usd|mxn|reais|dolares|dollars|km|grs?|ml|mil|h\b))"
)
_ORDER_SAID: Final = re.compile(rf"\b{_ORDER_WORD}\b")
_SHORT_BARE: Final = re.compile(
    r"(?<![\w#$€£@./:+-])(?P<number>\d{4})(?![\w@-]|[.,/:]\d|\s?(?:[€%$]|pesos|euros|usd|mxn|reais|dolares|dollars|km|grs?|ml|mil))"
)
_BARE: Final = re.compile(
    r"(?<![\w#$€£@./:+-])(?P<number>\d{5,8}|\d{2,5}-\d{3,6}|[a-z]{2,4}-?\d{3,8}(?:-\d{2,6})?)"
    r"(?![\w@-]|[.,/:]\d|\s?(?:[€%$]|pesos|"
    r"euros|usd|mxn|reais|dolares|dollars|km|grs?|ml|mil))"
)
_FOLLOWING: Final = re.compile(
    r"\s*(?:,|/|\by\b|\be\b|\band\b|&)\s*(?:(?:el|la|o|a|"
    r"the)\s+)?#?(?P<number>[a-z]{0,3}-?\d[\d-]{2,9}\d)(?![\w-]|[.,/:]\d|\s?[€%])"
)
_NOT_BEFORE: Final = re.compile(
    r"(?:\b(?:cp|c\.p\.|cep|zip|postal|postcode|tel|telefono|telefone|phone|cel|celular|codigo|code|otp|pin|"
    r"tracking|rastreo|rastreio|seguimiento|guia|factura|invoice|nota|nit|cuit|cpf|cnpj|rfc|dni|serie|serial|"
    r"porton|portao|gate|clave|senha|tarjeta|card|cartao|visa|mastercard|referencia de pago|depto|apto|apt|flat|"
    r"calle|avenida|av|rua|numero de casa|wamid)\b[^.;\d]{0,22}|[$€£]\s?|r\$\s?|usd\s?|eur\s?)$"
)

_DIGIT_WORDS: Final[dict[str, str]] = {
    "cero": "0", "uno": "1", "una": "1", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5", "seis": "6",
    "siete": "7", "ocho": "8", "nueve": "9", "zero": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3",
    "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "um": "1", "uma": "1",
    "dois": "2", "duas": "2", "quatro": "4", "sete": "7", "oito": "8", "nove": "9", "meia": "6",
}  # fmt: skip
_REPEATS: Final[dict[str, int]] = {"double": 2, "doble": 2, "dobro": 2, "duplo": 2, "triple": 3, "triplo": 3}
_SPOKEN_WORD: Final = "|".join([*_DIGIT_WORDS, *_REPEATS])
_SPOKEN: Final = re.compile(rf"\b(?:(?:{_SPOKEN_WORD}|\d)\b[\s,.-]*){{4,14}}")


def find_orders(message: Message) -> list[Entity]:
    """Order numbers, in the order said; phones, postal codes and codes have to be taken out by the caller first."""
    found: dict[int, Entity] = {}
    for pattern in (_MARKED, _NAMED, _LETTERED, _NUMBERED, _ALONE):
        for match in pattern.finditer(message.folded):
            _keep(message, match, found)
    for entity in list(found.values()):
        following = _FOLLOWING.match(message.folded, entity.end)
        while following:
            _keep(message, following, found)
            following = _FOLLOWING.match(message.folded, following.end())
    for match in _POINTED.finditer(message.folded):
        _keep(message, match, found)
    if not found:
        loose = _SHORT_BARE if _ORDER_SAID.search(message.folded) else _BARE
        for match in (*_BARE.finditer(message.folded), *loose.finditer(message.folded)):
            _keep(message, match, found)
    if not found:
        found.update({entity.start: entity for entity in _spoken(message)})
    return [found[start] for start in sorted(found)]


def _keep(message: Message, match: re.Match[str], found: dict[int, Entity]) -> None:
    start, end = match.span("number")
    number = message.folded[start:end]
    written = re.sub(r"[\s.]", "", number).upper()
    if _looks_like_date(number) or _NOT_BEFORE.search(message.folded[:start]):
        return
    if any(start < other.end and other.start < end for other in found.values()):
        return
    if written in {other.value for other in found.values()}:
        return
    found[start] = message.entity(EntityKind.ORDER_NUMBER, start, end, written)


def _looks_like_date(number: str) -> bool:
    return re.fullmatch(r"(?:\d{1,2}-\d{1,2}-\d{2,4}|20\d\d-\d\d-\d\d|20[2-3]\d)", number) is not None


def _spoken(message: Message) -> list[Entity]:
    found = []
    for match in _SPOKEN.finditer(message.folded):
        digits, repeat, said = "", 1, 0
        for word in re.findall(r"[a-z]+|\d", match[0]):
            if word in _REPEATS:
                repeat = _REPEATS[word]
                continue
            said += not word.isdigit()
            digits += (word if word.isdigit() else _DIGIT_WORDS[word]) * repeat
            repeat = 1
        end = match.start() + len(match[0].rstrip(" ,.-"))
        apart = said == 0 and re.fullmatch(r"(?:\d[ .,-]+){4,}\d", match[0].strip(" ,.-")) is not None
        if len(digits) >= 4 and (said >= 3 or apart):
            found.append(message.entity(EntityKind.ORDER_NUMBER, match.start(), end, digits))
    return found
