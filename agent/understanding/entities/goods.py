"""What is said of the goods: product, size, colour, quantity, the reason to send them back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz

from agent.understanding.entities.lexicon import lexicon
from agent.understanding.entities.span import Message
from agent.understanding.reading import Entity, EntityKind
from agent.understanding.text import fold

_SIZE_VALUE: Final = (
    r"(?:x{0,4}[sl]|\d?xl|m|g{1,3}|pp?|\d{1,2}(?:[.,]5|\s?1/2|\s(?:y medi[oa]|and a half|e meio))?|"
    r"chic[oa]|median[oa]|grande|small|medium|large|extra (?:small|large|chic[oa]|grande)|media|"
    r"pequen[oa]|unica)"
)
_NAMED_SIZE: Final = re.compile(
    rf"\b(?:tallas?|talles?|size|tamanho|tam|numero|nro|num|n°)\s?(?:es |is |e |a |an |la |el |o |"
    rf":)?(?P<size>{_SIZE_VALUE})(?![\w%-])"
)
_ARTICLE_SIZE: Final = re.compile(
    r"\b(?:an?|la|el|una?|o|um|en|in|por|por la|for|to|to an?|pro|pra|pelo|del?|"
    r"the)\s(?P<size>x{0,4}[sl]|\d?xl|m|g{1,3}|medium|small|large|mediana|median[oa]|extra large|"
    r"(?:3[3-9]|4[0-8])(?:[.,]5)?)(?![\w%'-])(?!\s(?:dias|days|de (?:enero|febrero|marzo|abril|mayo|"
    r"junio|julio|agosto)|mil|box|parte|mayoria|dolares|euros|pesos|cantidad))"
)
_SIZE_TALK: Final = re.compile(
    r"\b(?:tallas?|talles?|sizes?|tamanhos?|zapat\w+|tenis|botas?|botines|sandalias?|shoes?|boots?|sneakers|trainers|sapatos?|chic[oa]s?|"
    r"grandes?|small|big|tight|loose|apretad\w+|apertad\w+|jeans?|calcas?|pantalon\w*|number|queda\w*|quedo|fits?|ficou|cambi\w+|trocar?|exchange|swap)\b"
)
_BY_TALK: Final = re.compile(
    r"\b(?:el|la|un|una|an?|the|o|um|en|por|for|to|pro|pelo|eu|us|uk|br|al?|necesito|quiero|preciso|need|uso|soy|calzo|calco|wear)\s"
    r"(?P<size>\d{1,2}(?:[.,]5)?|x{0,4}[sl]|m|gg?|pp?)(?![\w%'-]|[.,/:]\d)(?!\s(?:dias?|days?|de|unidades|pares|pairs|veces|semanas?|weeks?|"
    r"am|pm|hs?|horas|mil|pesos|euros|mais|mas|more)\b)"
)
_AFTER_SIZE: Final = re.compile(r"\b(?P<size>x{0,3}[sl]|m|\d{1,2}(?:[.,]5)?)\s(?:size|de talla)\b")
_UP: Final = re.compile(
    r"\b(?:una talla (?:mas(?: grande)?|mayor|arriba)|un (?:numero|talle) (?:mas(?: grande)?|mayor)|"
    r"un talle mas|(?:one |a )?size (?:up|bigger|larger)|(?:the )?next size(?: up)?|"
    r"one (?:size )?(?:up|bigger|larger)|um (?:numero|tamanho) (?:maior|acima|a mais)|(?:talla|"
    r"tamanho|talle) (?:mas grande|maior|mayor)|(?:bigger|larger) (?:size|one)|un[oa]? mas grande|"
    r"um(?:a)? maior)\b"
)
_DOWN: Final = re.compile(
    r"\b(?:una talla (?:menos|mas chica|menor|abajo)|un (?:numero|talle) (?:menos|mas chico|menor)|"
    r"(?:one |a )?size (?:down|smaller)|one (?:size )?(?:down|smaller)|um (?:numero|tamanho) (?:menor"
    r"|abaixo|a menos)|(?:talla|tamanho|talle) (?:mas chic[oa]|menor|mas pequen[oa])|smaller (?:size|"
    r"one)|un[oa]? mas (?:chic|pequen)[oa]|um(?:a)? menor)\b"
)
_INSTEAD: Final = re.compile(
    r"\b(?:en vez de|en lugar de|instead of|em vez d[aeo]|no lugar d[aeo]|rather than|y no|not)\b"
)
_COUNTS: Final[dict[str, str]] = {
    "un": "1", "una": "1", "uno": "1", "one": "1", "um": "1", "uma": "1",
    "dos": "2", "two": "2", "dois": "2", "duas": "2",
    "tres": "3", "three": "3", "cuatro": "4", "four": "4", "quatro": "4", "cinco": "5",
    "five": "5", "seis": "6", "six": "6",
    "diez": "10", "ten": "10", "dez": "10",
}  # fmt: skip
_ARTICLES: Final = frozenset({"un", "una", "um", "uma"})
_COUNT: Final = rf"(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)})"
_QUANTITY: Final = re.compile(
    rf"(?<![\w#.,/:-]){_COUNT}\s(?:unidades|unidad|piezas?|pares?|cajas?|units?|pieces?|pairs?|boxes|"
    rf"pecas?|caixas?|of them|of those|mas del mismo|(?:more|mais|mas) (?:of|del|do)|(?:en total|in "
    rf"total|no total))\b|\bx\s?(?P<times>\d{{1,2}})\b|\b(?:cantidad|quantity|qty|quantidade)\W+(?:a |"
    rf"de |to |of |pra |por |is |: ?)?(?P<named>\d{{1,2}})\b"
)
_COUNTED: Final = re.compile(
    rf"\b(?:solo|solamente|only|just|apenas|got|llego|llegaron|pedi|pague|paguei|paid for|ordered|quiero|want|veio|vieram|"
    rf"chegou|chegaram|quero|need|pone\w*|poner|pon|poe|manda|manden|mandem|incluy\w+|inclu[ia]\w*|throw in|devolver|return|regreso|devolvo|devuelvo|"
    rf"mais|mas|meant|era|es solo|e so|it's only|(?<!in )another|make it|sean|sent|mandaron|compre|comprei|bought|add|agreg\w+|sum[ae]\w*|coloca)"
    rf" {_COUNT}\b(?!\s(?:dias?|days?|semanas?|weeks?|meses|mes|months?|horas?|hours?|veces|vez|vezes|times?|talla|tamanho|size|"
    rf"numero|person\w*|pessoa|alguien|agente|cambio|reembolso|refund)\b|[.,:/]\d)"
)
_NO_MORE: Final = re.compile(
    rf"(?<![\w#.,/:-]){_COUNT}\s(?!dias?|days?|semanas?|weeks?|meses|months?|horas?|hours?|veces|vezes|times|minut\w+|pesos|reais|euros)"
    r"\w{3,}\s(?:nada mas|nomas|solamente|apenas|only|so)\b"
)
_SMALL: Final = frozenset(
    [
        "para",
        "with",
        "the",
        "and",
        "los",
        "las",
        "con",
        "sin",
        "del",
        "una",
        "uno",
        "por",
        "for",
        "com",
        "sem",
        "dos",
        "das",
        "uma",
    ]
)


def find_products(message: Message) -> list[Entity]:
    """Mentions of the products given (value: their title), else of goods in general (value: the noun as folded).

    Titles that fit equally well each give an entity over the same words: the mention is ambiguous.
    """
    words = list(re.finditer(r"\w{3,}", message.folded))
    scored = [(score, title, span) for title in message.products for score, span in [_fit(title, words)] if score > 0]
    if scored:
        best = max(score for score, _, _ in scored)
        return [
            message.entity(EntityKind.PRODUCT, *span, title) for score, title, span in scored if score >= best - 1e-9
        ]
    found = [match for match in lexicon().product.finditer(message.folded)]
    return [message.entity(EntityKind.PRODUCT, *match.span(), match[0]) for match in found]


def _fit(title: str, words: Sequence[re.Match[str]]) -> tuple[float, tuple[int, int]]:
    """How much of a title is among the words, 0 when its nouns are not, and where."""
    wanted = [word for word in re.findall(r"\w{3,}", fold(title)) if word not in _SMALL]
    hits: list[re.Match[str]] = []
    strong = 0
    for word in wanted:
        hit = max(words, key=lambda said: fuzz.ratio(word, said[0]), default=None)
        if hit is not None and fuzz.ratio(word, hit[0]) >= (84 if len(word) > 4 else 100):
            hits.append(hit)
            strong += len(word) >= 4 and not word.isdigit() and not lexicon().color.fullmatch(word)
    if not strong:
        return 0.0, (0, 0)
    near = [hit for hit in hits if abs(hit.start() - hits[0].start()) <= 40]
    return len(hits) / len(wanted) + 0.01 * strong, (min(h.start() for h in near), max(h.end() for h in near))


def find_sizes(message: Message) -> list[Entity]:
    """The size wanted: as said, or ``+1`` and ``-1`` for a size up or down from the one at hand."""
    for pattern, value in ((_UP, "+1"), (_DOWN, "-1")):
        match = pattern.search(message.folded)
        if match:
            return [message.entity(EntityKind.SIZE, *match.span(), value)]
    spans = {
        match.span("size")
        for pattern in (_NAMED_SIZE, _ARTICLE_SIZE, _AFTER_SIZE)
        for match in pattern.finditer(message.folded)
    }
    if not spans and _SIZE_TALK.search(message.folded):
        spans = {match.span("size") for match in _BY_TALK.finditer(message.folded)}
    found = [message.entity(EntityKind.SIZE, *span, message.folded[slice(*span)]) for span in sorted(spans)]
    if len(found) > 1:
        between = message.folded[found[0].end : found[1].start]
        return [found[0] if _INSTEAD.search(between) else found[-1]]
    return found


def find_colors(message: Message) -> list[Entity]:
    """Colours as said, in lower case without accents."""
    return [
        message.entity(EntityKind.COLOR, *match.span(), message.text[slice(*match.span())].lower())
        for match in lexicon().color.finditer(message.folded)
    ]


def find_quantities(message: Message) -> list[Entity]:
    """Counts of goods as digits."""
    found = []
    counted = {one.start("count"): one for of in (_COUNTED, _NO_MORE) for one in of.finditer(message.folded)}
    for match in (one for one in counted.values() if one["count"] not in _ARTICLES):
        value = _COUNTS.get(match["count"], match["count"])
        found.append(message.entity(EntityKind.QUANTITY, *match.span("count"), value))
    for match in _QUANTITY.finditer(message.folded):
        if any(match.start() <= other.start < match.end() for other in found):
            continue
        name = next(name for name in ("count", "times", "named") if match[name])
        value = _COUNTS.get(match[name], match[name])
        found.append(message.entity(EntityKind.QUANTITY, *match.span(name), value))
    return found


def find_reasons(message: Message) -> list[Entity]:
    """Why goods should come back, each reason once, as a value of ``ReturnReason``."""
    found = []
    for reason, pattern in lexicon().reasons.items():
        match = pattern.search(message.folded)
        if match:
            found.append(message.entity(EntityKind.REASON, *match.span(), reason.value))
    return sorted(found, key=lambda entity: entity.start)
