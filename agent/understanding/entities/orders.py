"""Order numbers as people write and say them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rapidfuzz.distance import OSA

from agent.understanding.entities.postal import says_postal_code
from agent.understanding.entities.span import Message
from agent.understanding.entities.spoken import spoken_numbers
from agent.understanding.reading import Entity, EntityKind

_ORDER_WORD: Final = (
    r"(?:pedidos?|ordenes|orden|orders?|compras?|purchases?|encomendas?|encargos?|(?:ped|po|oc|ord)(?!-)|nro de pedido|folio|"
    r"reservas?|referencias?|ref|reference|confirmation|confirmacion|confirmacao|localizador)"
)
_LINK: Final = (
    r"(?:\s*(?:numeros?|number|numbers|num|nro|nr|no|n|es|is|are|eh|e|el|la|o|a(?!-)|the|my|mi|meu|minha|de|del|do|da|"
    r"con|com|with|id|code|codigo|que|son|sao|era|was|ending|siguiente|termina|final|terminado|"
    r"terminando|em|en|in|chama|hice|fiz|feito)\b\.?|\s*[:#°º.=(,-])*\s*"
)
_PREFIX: Final = (
    r"(?!(?:un|una|um|uma|dos|two|el|la|lo|los|las|de|del|al|no|nao|my|is|es|of|on|a|an|e|o|os|as|y|do|da|ao|the|for|con|com|por|to|in|en|em|era|was|"
    r"que|and|hace|ha|faz|uns|x|at|but|mas|sin|su|tu|mi|meu|are|son|sao|num|nro|nr|n|si|se|i|id|with|from|your|x)\b)[a-z]{1,3}\s"
)
_CODED: Final = (
    r"[a-z]{1,4}[-_./]\d{3,8}(?:[-_/][a-z\d]{1,8}){0,2}|\d{2,8}-[a-z]{1,4}|\d{2,6}-\d{2,6}-[a-z]{1,4}|[a-z]{1,4}-\d{2,6}-[a-z\d]{1,6}|"
    r"[a-z]{1,4}\d{2,8}-[a-z\d]{2,8}"
)
_SEVEN: Final = r"w[ -]?(?:\d[ -]?){6}\d(?!\d)"
_LOOSE: Final = (
    rf"{_SEVEN}|{_PREFIX}\d{{1,5}}(?:[ -]\d{{3,4}}){{0,2}}|\d{{3,8}}/\d{{1,4}}|\d{{1,4}}(?: \d{{1,4}}){{1,5}}"
    rf"(?! ?(?:dias|days|veces|times|x|pesos|euros))|"
    rf"{_CODED}|"
    r"[a-z]{2,4}[-_]\d{2,6}[-_/]\d{2,8}|20\d\d/\d{3,8}|[a-z]{2,4}_\d{3,12}|\d{1,3}(?:[., ]\d{3})+|\d\d\.\d{4}|"
    r"[a-z]{0,4}-?\d[\d-]{2,13}\d(?:-?[a-z]{1,2})?|"
    r"[a-z]{1,3}\d{4,12}|"
    r"(?=[a-z-]*\d[a-z-]*\d[a-z-]*\d)[a-z\d]{1,8}(?:-[a-z\d]{1,8}){0,2}"
)
_MARKED: Final = re.compile(
    r"(?<![\w/&])#\s?(?P<number>[a-z]{1,3} \d{3,8}|\d{1,3} \d{3}|(?=[a-z-]*\d[a-z-]*\d)[a-z\d]{1,10}(?:-[a-z\d]{1,10}){0,2})(?![\w-])"
)
_NAMED: Final = re.compile(
    rf"\b(?:{_ORDER_WORD}\b|(?:pedido|orden|order)(?=\d)){_LINK}(?!nro?\d)(?P<number>{_LOOSE})(?![\w-]|[.,/:]\d|\s?[€%])"
)
_NUMBERED: Final = re.compile(
    rf"(?<!item )(?<!articulo )(?<!serie )(?<!phone )(?<!house )\b(?:n(?:[°º.]|o[°º.]?(?!\s?\d{{1,3}}\b))[°ºo.]?(?![a-z]{{2}}|[a-z]\b)|nro\.?(?=\W|\d)|num\.?(?=\W|\d)|"
    rf"numero|number|no\.)\s*[:#]?\s*(?:(?:es|is|e)\s)?(?P<number>{_LOOSE})(?![\w-]|[.,/:]\d)"
)
_LETTERED: Final = re.compile(
    rf"(?<![\w@./-])(?P<number>{_SEVEN}|"
    r"[a-z]{2,4}-\d{2,6}-\d{2,8}|[a-z]{2,4}_\d{4,10}|\d{4,8}-[a-z]|[a-z]-?\d{4,8}|[a-z]{2,4}-\d{4,10}|ord-?\d{4,10})(?![\w-])"
)
_ALONE: Final = re.compile(
    r"^\W*(?:(?:es|is|e|eh|o|el|la|the|it's|its|this|este|esta|aqui|here|claro|si|sim|sure|yes|ok|va|"
    rf"ahi|toma|segue)\W+){{0,4}}(?P<number>[a-z]{{0,3}}-?\d[\d-]{{1,9}}\d|{_CODED}|\d{{1,3}}[ .]\d{{3}}|\d\d \d{{4}}|"
    rf"(?=[a-z]*\d[a-z]*\d[a-z]*\d)[a-z\d]{{5,10}})\W*(?:por favor|please|gracias|"
    r"thanks|obrigad[oa]|pls)?\W*$"
)
_POINTED: Final = re.compile(
    r"\b(?:el|la|los|las|al|del|o|os|do|ao|the|no|nro|es|is|that's|it's|sao|son|para el|sobre el|sobre o)\s#?"
    r"(?P<number>\d{4,8}|\d{2,3}/\d{3}|\d{2,5}-\d{3,6}|\d{3,6}-\d{1,2}|\d{1,3}[ .]\d{3}|(?!no|es|el|de|la|av|cr)[a-z]{2} \d{2,3} \d{3}|[a-z]{1,3}-?\d{3,8}(?:-\d{2,6})?)"
    r"(?![\w@-]|[.,/:]\d|\s?(?:[€%$]|pesos|euros|usd|mxn|reais|dolares|dollars|km|grs?|ml|mil|h\b))"
)
_TREATED: Final = re.compile(
    r"\b(?:cancel\w*|anul\w*|devolv\w+|devuelv\w+|troc\w+|return|refund|track|rastre\w*|about|sobre|"
    r"(?:add|throw|chuck|stick)\b[^.;?!\d]{1,30}\b(?:to|on|in))\s(?:(?:el|la|a|o|the|my)\s)?(?P<number>\d{4})"
    r"(?![\w@-]|[.,/:]\d|\s?(?:[€%$]|\w))"
)
"""Four digits that somebody wants something done to."""

_CODE: Final = re.compile(
    rf"(?<![\w#$€£@./:+-])(?P<number>{_CODED}|\d{{2,4}}-\d{{2,4}}|\d-\d{{4}}|[a-z]{{1,3}}\d{{4,10}}[a-z]{{0,3}}|"
    r"(?=[a-z]*\d[a-z]*\d[a-z]*\d)(?=\d*[a-z])[a-z\d]{5,10})(?![\w@/-]|[.,:]\d)"
)
_FEWEST: Final = 3
_NO_PREFIX: Final = frozenset("NO EL MI MY IS ID TEL CEP CP ZIP USD MXN EUR NR NRO NUM THE ORD OC PO MIS SU".split())
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
    r"nit|cuit|cpf|cnpj|rfc|dni|serie|serial|socio|member|membership|che(?:que|ck) (?:number|no)|nsu|"
    r"porton|portao|gate|clave|senha|tarjeta|card|cartao|visa|mastercard|referencia de pago|depto|apto|apt|flat|"
    r"calle|avenida|av|rua|street|numero de casa|wamid|tx|ca|ny|fl|banco|bank)\b[^.;\d]{0,22}|"
    r"\b(?:vivo|vivimos|moro|moramos|live|estoy) (?:en|no|na|in|at) (?:el |la |the )?|[$€£]\s?|r\$\s?|usd\s?|eur\s?)$"
)
_DOCUMENT: Final = re.compile(
    r"\b(?:tracking|rastreo|rastreio|seguimiento|guia|factura|invoice|nota|nota fiscal|boleta|recibo|receipt|modelo|model|sku|imei|"
    r"version|versao|serial|transferencia|transaccion|transacao|transaction|transfer|txn|autorizacion|autorizacao|authori[sz]ation|auth|"
    r"autenticacao|operacion|operacao|comprobante|comprovante|protocolo|cupon|coupon|cupom|promo|gift ?card|tarjeta de regalo|"
    r"vale(?:[ -](?:presente|regalo|compra))?|voucher|error?)"
    r"(?:\s*(?:\b(?:numero|number|nro|num|no|n|id|code|codigo|es|is|e|eh|a|b)\b|[:#°º.]))*\s*$"
)
"""Directly before a number these say that it is theirs; "factura del 12007" names the order."""

_OF_PAYMENT: Final = re.compile(
    r"\W{1,3}(?:del?|do|da|of|from|for) (?:el |la |the |a |o |mi |my |meu )?(?:pago|pagamento|payment|transferencia|transfer|banco|bank|pix)\b"
)
"""Directly after a reference these say that it is a payment's."""

_REFERS: Final = re.compile(
    r"\b(?:ref|referencias?|reference|confirmation|confirmacion|confirmacao|localizador)\b(?:\W|\b(?:numero|number|nro|num|no|n|is|es|e)\b)*$"
)
"""A reference is an order's number only where nothing else is called one."""

_PAID: Final = re.compile(
    r"\b(?:transf[ei]r\w+|deposit\w+|pag(?:ue|uei|o|aron|amos|aram)|cobr(?:aron|aram|aste|ou|ado)|charged|billed|paid|cost|costo|custou|gaste|"
    r"gastei|spent|wanted|descontaron|descontaram|debitaron|debitaram)\s(?:(?:me|us|only|solo|so|los|the|like|about|casi|unos|uns)\s)?$"
)
"""Directly before a number that nothing else explains these say that it is money."""

_CLOCK: Final = re.compile(r"\b(?:las|at|a las|entre|between|from|desde)\s$")
_ORDER_WORDS: Final = ("pedido", "orden", "order", "compra", "encomenda")
_MISSPELT: Final = re.compile(
    r"\b(?P<word>[a-z]{4,8})\s?(?:(?:n|nr|nro|no|num|numero|number)\b\s?|[#:°º.]\s?)*(?P<number>[a-z]{0,3}-?\d[\d-]{2,11}\d)(?![\w-]|[.,/:]\d)"
)

_APART: Final = re.compile(r"(?:\d[ .,-]+){4,}\d")
_MONEY: Final = re.compile(
    r"\s*(?:[€%$]|pesos|euros|usd|mxn|reais|dolares|dollars|pounds|bucks|lucas|veces|vezes|times|dias|days)\b"
)


_DOUBLE_U: Final = r"doble (?:u|v|uve|ve)|uve doble|ve doble|double[ -]?u|dabl(?:io|iu|yu)"
_SPOKEN_LETTER: Final = re.compile(rf"(?<![\w'])(?P<letter>[bcfghjlmprstvwz]|{_DOUBLE_U})[\s,-]+$")


def find_orders(message: Message) -> list[Entity]:
    """Order numbers, in the order said; phones, postal codes and codes have to be taken out by the caller first."""
    found: dict[int, Entity] = {}
    for match in _named(message.folded):
        _keep(message, match, found)
    for entity in list(found.values()):
        following = _FOLLOWING.match(message.folded, entity.end)
        while following:
            _keep(message, following, found)
            following = _FOLLOWING.match(message.folded, following.end())
    for match in (*_POINTED.finditer(message.folded), *_TREATED.finditer(message.folded)):
        _keep(message, match, found)
    for match in () if found else _unnamed(message):
        if not _PAID.search(message.folded[: match.start("number")]):
            _keep(message, match, found)
    if not found:
        found.update({entity.start: entity for entity in _spoken(message)})
    named = [start for start in sorted(found) if not _REFERS.search(message.folded[:start])]
    return [found[start] for start in named or sorted(found)]


def _named(folded: str) -> Iterator[re.Match[str]]:
    """Numbers that something shows to be an order's, an order's own word with a slip of the thumb in it too."""
    for pattern in (_MARKED, _NAMED, _LETTERED, _NUMBERED, _ALONE):
        yield from pattern.finditer(folded)
    for match in _MISSPELT.finditer(folded):
        if any(OSA.distance(match["word"], word, score_cutoff=1) == 1 for word in _ORDER_WORDS):
            yield match


def _unnamed(message: Message) -> Iterator[re.Match[str]]:
    """Numbers that could be an order's where none is named: by their length, else by their capitals."""
    bare = [*_BARE.finditer(message.folded)]
    if _ORDER_SAID.search(message.folded):
        bare += _SHORT_BARE.finditer(message.folded)
    yield from bare or (
        match for match in _CODE.finditer(message.folded) if _is_coded(message.text[slice(*match.span("number"))])
    )


_MEASURED: Final = re.compile(
    r"[ -]?(?:pieces?|piezas?|pecas?|watts?|gb|tb|ml|mah|points?|puntos|pontos|pages?|paginas|people|personas|pessoas)\b"
)
_MEASURE: Final = re.compile(r"\d+(?:gb|tb|mb|ml|mah|hz|cm|mm|kg|oz|ft|w|k|v|mp|p)")


def _keep(message: Message, match: re.Match[str], found: dict[int, Entity]) -> None:
    start, end = match.span("number")
    number = message.folded[start:end]
    written = re.sub(r"[\s.,]", "", number).upper()
    if _MEASURE.fullmatch(number) or _MEASURED.match(message.folded, end):
        return
    before = message.folded[:start]
    if _is_no_order(number) or _NOT_BEFORE.search(before) or _DOCUMENT.search(before):
        return
    if _REFERS.search(before) and _OF_PAYMENT.match(message.folded, end):
        return
    if (
        re.fullmatch(r"\d{5}(?:-\d{3,4})?", number)
        and says_postal_code(message.folded)
        and not _ORDER_SAID.search(before[-20:])
    ):
        return
    if re.fullmatch(r"\d{1,4}", number) and _CLOCK.search(before):
        return
    start, written = _with_country(message, start, written)
    if any(start < other.end and other.start < end for other in found.values()):
        return
    if written in {other.value for other in found.values()}:
        return
    found[start] = message.entity(EntityKind.ORDER_NUMBER, start, end, written)


def _is_coded(number: str) -> bool:
    """Whether a number that nothing calls an order looks like one: at least three digits, its letters in capitals."""
    digits = sum(character.isdigit() for character in number)
    return digits >= (3 if number != number.lower() else 5) and number == number.upper()


def _is_no_order(number: str) -> bool:
    """Whether it is a date, a year, a free phone, a round thousand, a carrier's tracking number, or has too few digits."""
    if sum(character.isdigit() for character in number) < _FEWEST:
        return True
    return (
        re.fullmatch(
            r"\d{1,2}-\d{1,2}-\d{2,4}|20\d\d-\d\d-\d\d|20[2-3]\d(?:-\d\d?)?|0[38]00|[1-9]0{3,}|555-?\d{4}|[a-z]{2}\d{9}[a-z]{2}|1z[a-z\d]{16}",
            number,
        )
        is not None
    )


def _with_country(message: Message, start: int, written: str) -> tuple[int, str]:
    """The number with the capitals that stand before it: "ES 771 204" is no verb."""
    prefix = re.search(r"(?<![A-Za-z])[A-Z]{2,3} $", message.text[:start])
    if prefix is None or not written[0].isdigit() or message.text.isupper() or prefix[0].strip() in _NO_PREFIX:
        return start, written
    return prefix.start(), prefix[0].strip() + written


def _spoken(message: Message) -> list[Entity]:
    """Numbers in words; one said as a whole ("ten thousand ...") needs an order's own word, or to be all of the message."""
    found = []
    for start, end, digits, said, whole in spoken_numbers(message.folded):
        before, after = message.folded[:start], message.folded[end:]
        named = _ORDER_SAID.search(before[-40:]) is not None or len((before + after).split()) <= 3
        apart = said == 0 and _APART.fullmatch(message.folded[start:end]) is not None
        if (
            _MONEY.match(after)
            or _NOT_BEFORE.search(before)
            or _DOCUMENT.search(before)
            or not (4 <= len(digits) <= 14)
        ):
            continue
        if apart or (named and said >= 2) or (said >= 3 and not whole):
            letter = _SPOKEN_LETTER.search(before)
            start, digits = (letter.start(), _letter(letter["letter"]) + digits) if letter else (start, digits)
            found.append(message.entity(EntityKind.ORDER_NUMBER, start, end, digits))
    return found


def _letter(said: str) -> str:
    return said.upper() if len(said) == 1 else "W"
