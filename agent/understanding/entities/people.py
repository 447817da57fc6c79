"""Who writes and how they pay."""

from __future__ import annotations

import re
from typing import Final

from agent.understanding.concepts import concept_of
from agent.understanding.entities.lexicon import lexicon
from agent.understanding.entities.span import Message
from agent.understanding.reading import Entity, EntityKind
from agent.understanding.text import fold

_EVERYDAY: Final = frozenset(
    (
        "sorry very here home late tired sick upset fine good sad mad angry nuevo nueva nova novo mayor menor "
        "muy muito bien bem alto alta aqui eso isso that this just really about afraid aware interested "
        "curious confused alergico alergica hombre mujer homem mulher estudiante mexicano argentina chileno "
        "brasileira colombiana espanola the una uno gay bobo boba tonto tonta idiota joke "
    ).split()
)
_LETTERS: Final = r"[^\W\d_][^\W\d_'’.-]*(?:['’-][^\W\d_]+)*"
_NAMED: Final = re.compile(
    r"(?i:\b(?:me llamo|mi nombre (?:completo )?es|my (?:full )?name is|my name'?s|name'?s|meu "
    r"nome (?:completo )?(?:é|e|eh)|me chamo|a nombre de|"
    rf"em nome d[eao]|no nome d[eao]|under the name(?: of)?|in the name of|nombre:|name:|"
    rf"nome:))\s+(?P<name>{_LETTERS}(?:\s+{_LETTERS}){{0,3}})"
)
_I_AM: Final = re.compile(
    r"(?i:\b(?:soy|sou|i'm|i am|this is|aquí|aqui é|aqui e)(?: la| el| a| "
    r"o)?)\s+(?P<name>[A-ZÁÉÍÓÚÑÇÂÊÔÃÕ][^\W\d_]+(?:\s+(?:de |da |del |dos |"
    r"van )?[A-ZÁÉÍÓÚÑÇÂÊÔÃÕ][^\W\d_]+){0,3})"
)
_I_AM_PLAIN: Final = re.compile(
    r"(?i:\b(?:soy|sou|i'?m|this is))(?i: la| el| a| "
    r"o)?\s+(?P<name>[^\W\d_]{3,}(?:\s[^\W\d_]{3,})?)(?=\s*(?:[,.;!]|$|\s(?:mi|y|e|and|my|meu|minha|"
    r"pedido|order|orden)\b))"
)
_FIRST: Final = re.compile(
    r"^\s*(?P<name>[^\W\d_]{3,}(?:\s[^\W\d_]{2,}){1,3})\s*[,/-]\s*(?=\S*[@\d]|(?i:pedido|orden|order|mail|e-?mail|correo|tel|cel|cp|zip|cep)\b)"
)
_LAST: Final = re.compile(r"[@\d]\S*\s*[,/-]\s*(?P<name>[^\W\d_]{3,}(?:\s[^\W\d_]{2,}){1,3})\s*[.!]?\s*$")
_NOT_NAMES: Final = frozenset(
    [
        "y",
        "e",
        "and",
        "de",
        "del",
        "la",
        "el",
        "mi",
        "my",
        "meu",
        "con",
        "con",
        "el",
        "pedido",
        "order",
        "com",
        "quiero",
        "quero",
        "i",
        "the",
        "a",
        "o",
        "que",
        "es",
        "is",
        "tengo",
        "tenho",
        "necesito",
        "preciso",
        "por",
        "para",
        "from",
        "en",
        "em",
        "in",
        "no",
        "nao",
        "no.",
        "mas",
        "pero",
        "but",
        "cliente",
        "socio",
        "socia",
        "hace",
        "desde",
        "vip",
        "premium",
        "still",
        "waiting",
        "not",
        "sure",
        "done",
        "mi",
        "correo",
        "email",
        "compre",
        "comprei",
        "bought",
        "compré",
        "hice",
        "fiz",
        "zip",
        "cp",
        "cep",
        "e-mail",
        "mail",
        "tel",
        "telefono",
        "ordered",
        "ya",
        "ja",
        "gracias",
        "thanks",
        "soy",
        "sou",
        "espero",
    ]
)
_REFERENCE: Final = re.compile(
    r"\b(?:(?:referencia|ref|reference|comprobante|comprovante|operacion|operacao|transaccion|"
    r"transacao|transaction|payment|pago|pagamento|folio de pago)"
    r"(?: (?:de|del|do|da|id|number|no\.?|numero|pago|pagamento|payment|la|operacion|"
    r"transferencia|transaction|bank|wire|transfer|deposito|deposit|of|the|pix|es|is|"
    r"e)\b)*)\s*[:#°º]*\s*(?P<ref>(?=[a-z-]*\d)[a-z\d][a-z\d_-]{5,30})\b"
    r"|\b(?:pag\w+|paid|pix|transfer\w*|deposit\w*|cartao|tarjeta|card)\b[^.;\n]{0,30}?\b(?:folio|codigo|code|auth|nsu|cus|id|txn|autoriza\w+|ref|reference|referencia|comprob\w+|comprov\w+)"
    r"[\s:#°º.]*(?P<told>(?=[a-z-]*\d)[a-z\d][a-z\d_-]{5,30})\b"
    r"|\b(?P<key>(?:credit_card|paypal|gift_card|pi|ch|txn|pay)_[a-z\d]{4,})\b"
)


def find_names(message: Message) -> list[Entity]:
    """The shopper's own name, as written."""
    for pattern in (_NAMED, _I_AM, _FIRST, _LAST, _I_AM_PLAIN):
        match = pattern.search(message.text)
        if match is None:
            continue
        end = match.start("name")
        for word in re.finditer(r"\S+", match["name"]):
            if word[0].lower().strip(".,") in _NOT_NAMES and word[0].lower() not in {"de", "la", "del", "da"}:
                break
            end = match.start("name") + word.end()
        name = message.text[match.start("name") : end].rstrip(" .,")
        if pattern in (_FIRST, _LAST, _I_AM_PLAIN) and not _may_be_name(name):
            continue
        if pattern is _LAST and not name[:1].isupper():
            continue
        name = re.sub(r"\s+(?:de|la|del|da)$", "", name)
        if name and name.lower() not in _NOT_NAMES:
            return [message.entity(EntityKind.NAME, match.start("name"), match.start("name") + len(name), name)]
    return []


def _may_be_name(words: str) -> bool:
    """Whether words that nothing announces as a name could be one: none of them is a word of everyday talk."""
    return not any(
        word in _NOT_NAMES or concept_of(word) or word in _EVERYDAY or word.endswith(("ing", "ando", "endo", "ndo"))
        for word in fold(words).split()
    )


def find_payment_references(message: Message) -> list[Entity]:
    """References of payments and transfers, in upper case unless they are a payment method's own key."""
    found = []
    for match in _REFERENCE.finditer(message.folded):
        name = next(name for name in ("ref", "told", "key") if match[name])
        text = message.text[slice(*match.span(name))]
        found.append(
            message.entity(EntityKind.PAYMENT_REFERENCE, *match.span(name), text if name == "key" else text.upper())
        )
    return found


_BRANDS: Final = frozenset({"visa", "mastercard", "amex"})
_LAST_FOUR: Final = re.compile(r"(?: card| tarjeta| cartao)?[ ,]*(?:(?:que )?(?:ending|ends|terminad[ao]|acaba|termina|final)(?: in| with| en| em)?|[*x]+)? ?(?P<digits>\d{4})\b")  # fmt: skip


def find_payment_methods(message: Message) -> list[Entity]:
    """Ways to pay: card, paypal, gift_card, transfer or pix; of a card its last four digits, or its brand, when said."""
    found: list[Entity] = []
    for method in ("gift_card", "card", "paypal", "transfer", "pix"):
        for match in lexicon().payment_methods[method].finditer(message.folded):
            if not any(match.start() < other.end and other.start < match.end() for other in found):
                value, end = _which_card(match, message.folded) if method == "card" else (method, match.end())
                found.append(message.entity(EntityKind.PAYMENT_METHOD, match.start(), end, value))
    return sorted(found, key=lambda entity: entity.start)


def _which_card(match: re.Match[str], folded: str) -> tuple[str, int]:
    """What tells the card from others, and where it ends."""
    digits = _LAST_FOUR.match(folded, match.end())
    if digits:
        return digits["digits"], digits.end()
    return (match[0] if match[0] in _BRANDS else "card"), match.end()
