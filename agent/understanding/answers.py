"""Whether a message says yes or no to a proposal. A false yes executes a write, so doubt is never a yes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

from agent.understanding.reading import Answer
from agent.understanding.text import ABBREVIATIONS, fold

_FILE: Final = Path(__file__).parent / "answers.yaml"
_GAP: Final = re.compile(r"[\s,.!;:()\"-]+")
_BUT: Final = re.compile(
    r"^(?:a|por|to|for|en|pra|pro|para|in) \w|\b(?:pero|but|(?<!nada )(?<!faltaria )(?<!algo )(?<!un[oa] )(?<!encontre )mas|porem|so que|solo que|aunque|although|apesar|except|excepto|salvo|"
    r"menos|though|however|as long as|provided|contanto que|con tal|siempre y cuando|siempre que|only if|solo si|so se|if it|si es|si no|se for|se der|en vez|en lugar|instead|"
    r"em vez|ao inves|con otra?|com outr[oa]|mejor|melhor|rather|better|cambia\w*|muda\w*|change|only|a otra|en otra)\b"
)
_ASKS: Final = re.compile(
    r"\b(?:que horas?|a que hora|what time|cuando|cuanto|donde|por que|when|how|what|where|why|quando|quanto|onde|puedo|posso|can i)\b"
)
_IF: Final = re.compile(
    r"^\s*si\s+(?:no\b|ya\b|se\b|me\b|te\b|lo\b|la\b|el\b|los\b|las\b|es\b|esta\b|hay\b|puedo\b|"
    r"puede\w*\b|quiero\s+\w+|tengo\b|llega\b|fuera\b|mi\b|al\b|a\b|en\b|cambio\b|devuelvo\b|"
    r"cancelo\b|pudiera\w*\b|ustedes\b|tarda\b|voy\b|pago\b|pido\b|son\b|tienen\b|tiene\b|llego\b)"
)
_GOES_AHEAD: Final = (
    r"(?:go ahead|do it|dale|adelante|hazlo|hagalo|haganlo|hacelo|hagale|procede|proceed|process it|"
    r"pode (?:confirmar|fazer|seguir|mandar)|faz|segue|confirm\w*)"
)
_NO_THAT_IS_YES: Final = re.compile(
    rf"(?:no|nah|nao|nope)(?:,? (?:no|nao))*,? (?:(?:esta|todo) bien|that'?s (?:fine|ok|good)|(?:ta|esta) (?:certo|bom|otimo)|tranquil\w+)"
    rf"[^?]*\b{_GOES_AHEAD}\b|"
    r"(?:no problem|no hay problema|no worries|nao tem problema|para nada,? (?:si|dale)|nao,? (?:pode"
    r"|ta))\b.*\b(?:go ahead|do it|dale|"
    r"adelante|hazlo|hagalo|pode|faz|sure|yes|si|sim|ok|proceed|confirm\w*)\b"
)
_OTHER: Final = re.compile(
    r"(?:\w+\W+){0,3}?(?:mejor (?:el|la|en|talla|a)|melhor (?:o|a|no|na|pra)|rather the|prefiero|"
    r"prefiro|i'd rather|en vez|instead|em vez|"
    r"quiero (?:el|la|otr)|quero (?:o|a|outr)|la talla|talla|tamanho|size|otra talla|make it|que sea|"
    r"el otro|la otra|o outro|a outra|the other)\b"
)
_OBJECTS: Final = re.compile(
    r"\b(?:no|not|nao|ni|nem|nunca|never|jamas|jamais|\w+n't|otr[oa]s?|outr[oa]s?|another|different|other|si|if|se|cuando|when|"
    r"quando|antes|before|primero|first|primeiro|creo|acho|think|guess|supongo|suppose|quiza\w*|maybe|talvez|tal vez|"
    r"otra vez|again|de novo|siempre|always|sempre|igual|same|like|como|mesma coisa|mes|semana\w*|week\w*|months?)\b|\d"
)
_IRONIC: Final = re.compile(
    r"\b(?:oh|ah|ay|uy|wow|vaya|nossa)\W+(?:how |que |just |muy |so )?(?:great|perfect\w*|perfeito|fantastic\w*|wonderful|lovely|brilliant|"
    r"awesome|genial|excelente|excellent|estupendo|buenisimo|otimo|maravilh\w+|fine|super|sure)\b|"
    r"\b(perfect\w*|perfeito|claro|sure|yeah|great|genial|vale|right|ok|fine|aham|aja)\W+(?:(?:just|pues|muy|so|simply|sim)\W+)?\1\b"
)
"""Praise after a sigh and agreement said twice: sincere or not, it is asked again."""

_GOES_ON: Final = re.compile(
    r"[,.;:!(-]|(?:if|as long|provided|contanto|con tal|siempre|si|se|pero|but|mas|porem|so que|solo que|aunque|although|apesar|though|y|and|e|con|com|with|sin|sem|without|en|em|in|on|a|to|por|"
    r"for|pra|pro|para|except|excepto|menos|salvo|only|only if|cuando|mejor|melhor|rather|instead|except)\b"
)
"""How a yes runs on into its condition; anything else shows that the first word was no yes at all."""

_YES_AT_LAST: Final = re.compile(
    r"(?:(?:si|if|se|as long as|provided|contanto que|desde que|siempre (?:que|y cuando)|con tal (?:de )?que|only if|solo si|so se|mientras|in|en|em|con|com|with)\s"
    r"[^.;]{2,60}|(?:mejor|melhor) (?:(?:la|el|a|o|en|em|no|na|pra|para|talla|talle|tamanho) )?(?!no\b|nao\b|imposible|impossivel)\w{1,12})"
    r"(?:(?<=\w), ?|\s)(?:then |entonces |entao |ahi |ai )?(?:si|sim|yes|ok|dale|pode|va|vale|sure|fine|deal|fechado|acepto|aceito)(?: dale| pode ser)?|"
    r"(?:mejor|melhor) (?:(?:la|el|a|o|en|em|no|na|pra|para|talla|talle|tamanho) )?(?!no\b|nao\b|asi\b|assim\b|deja\w*|deix\w+|imposible|impossivel)[\w.]{1,4}"
)
"""A condition first and the yes last, or only what would be better: a yes to something else."""

_CHOICE: Final = re.compile(
    r"(?:(?:pero|but|mas|so que|solo que|only)\W+)?(?:(?:que sea|seja|quiero|quero|i want it|prefiero|prefiro|mejor|melhor)\s)?"
    r"(?:(?:en|in|em|no|na|la|el|o|a|de|da|do|the|with|con|com)\s){1,3}\w+(?: [a-z]+)?\W*"
)
_PROVIDED: Final = re.compile(
    r"(?:(?:pero|but|mas|only|solo|so)\W+)?(?:if|si|se|as long as|provided|contanto que|desde que|siempre (?:que|y cuando)|con tal (?:de )?que)\s"
)
"""What a yes picks or is bound to, without a wish of its own."""

_CLOSES: Final = re.compile(
    r"\b(?:(?:es|era|seria|fue) todo|nada mas|(?:so|era) isso|era eso|that'?s (?:all|it)|that was it|nothing else|mais nada)\b"
)
"""What ends a conversation accepts nothing."""

_FEW: Final = 5
_TELLS_WHAT: Final = re.compile(
    r"(?:please )?(?:don't|do not)|leave it|deixa|dej[ae]lo|que no|esper[ae]|wait|hold on|stop|pare|alto|never|nunca|jamas|"
    r"wrong|errado|incorrect\w*|keep it|ningun[oa]|nenhuma?|neither|none|tampoco|paso|cancel that|forget it"
)
"""Refusals that are half a sentence when words follow: "leave it with the porter"."""

_ABOUT_TIME: Final = re.compile(
    r"ya no|todavia no|aun no|ainda nao|not yet|que no|never|nunca|jamas|asi no|agora nao|ahora no"
)
"""Refusals that tell what has not happened when words follow: "ainda não caiu"."""

_TAIL, _SHORT = 3, 4
_EMOJI_YES: Final = re.compile(r"[\U0001F44D\U0001F44C\u2705\u2714\U0001F64C]")
_EMOJI_NO: Final = re.compile(r"[\U0001F44E\u274C\U0001F645]")
_SHRUG: Final = re.compile(
    r"[\U0001F644\U0001F612\U0001F624\U0001F621\U0001F92C\U0001F643]|\.\.\.|…|como no\b(?!,? (?:adelante|dale|hazlo|pode))|yeah right|"
    r"sure,? sure|aham,? sei|ya,? claro"
)


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid")

    yes: list[str]
    no: list[str]
    filler: list[str]
    weak: list[str]
    takes_back: list[str]
    defers: list[str]
    alone: list[str]


@dataclass(frozen=True, slots=True)
class _Patterns:
    yes: re.Pattern[str]
    no: re.Pattern[str]
    filler: re.Pattern[str]
    weak: re.Pattern[str]
    takes_back: re.Pattern[str]
    defers: re.Pattern[str]
    alone: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = _Words.model_validate(yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader))
    lists = (words.yes, words.no, words.filler, words.weak, words.takes_back, words.defers, words.alone)
    return _Patterns(*(_any_of(entries) for entries in lists))


def _any_of(entries: list[str]) -> re.Pattern[str]:
    longest_first = sorted(entries, key=len, reverse=True)
    return re.compile(rf"(?<![\w'])(?:{'|'.join(longest_first)})(?![\w'])")


def read_answer(text: str, *, troubled: bool = False) -> Answer | None:
    """Yes only when every word of the message belongs to a yes; ``troubled`` says that it complains or asks a person.

    A yes with anything else in it is ``CHANGE`` when it says what is to differ, and otherwise no answer at all.
    """
    folded = _spelled(text)
    if _patterns().defers.search(folded):
        return None
    silent = troubled or "?" in text or _SHRUG.search(fold(text)) or _CLOSES.search(folded) or _IRONIC.search(folded)
    sure, rest = _eat(folded)
    refusal = _refusal(folded)
    if refusal:
        return _read_refusal(refusal, folded[len(refusal) :], asking="?" in text)
    if not sure and _patterns().alone.fullmatch(folded):
        sure, rest = True, ""
    if not sure:
        return Answer.CHANGE if _YES_AT_LAST.fullmatch(folded) and "?" not in text else None
    if not rest:
        return None if silent else Answer.YES
    if _IF.match(folded) or "?" in text or _ASKS.search(rest):
        return Answer.CHANGE if _YES_AT_LAST.fullmatch(folded) and "?" not in text else None
    if _patterns().takes_back.search(rest) or _is_no(re.split(r"[.,;!]", rest.rstrip(" .,;!"))[-1].strip()):
        return Answer.NO
    refusal = _refusal(rest)
    if refusal:
        return _read_refusal(refusal, rest[len(refusal) :], asking=False)
    runs_on = _GOES_ON.match(folded[len(folded) - len(rest) - 1 :].lstrip()) or _GOES_ON.match(rest)
    return Answer.CHANGE if runs_on and _BUT.search(rest) else None


def _refusal(folded: str) -> str:
    """The refusal that a message opens with, if it is not the beginning of a longer yes ("no problem, go ahead")."""
    refusal, assent = _patterns().no.match(folded), _patterns().yes.match(folded)
    if refusal is None or _NO_THAT_IS_YES.match(folded):
        return ""
    longer = assent is not None and len(assent[0]) > len(refusal[0])
    return "" if longer and _eat(folded) == (True, "") else refusal[0]


def opens_with_no(text: str) -> bool:
    """Whether the first words are a refusal."""
    return _refusal(_spelled(text)) != ""


def only_chooses(text: str) -> bool:
    """Whether an answer with a condition only picks ("yes but in grey", "better the M") or sets it ("yes if it's free")."""
    folded = _spelled(text)
    _, rest = _eat(folded)
    return bool(_YES_AT_LAST.fullmatch(folded) or _CHOICE.fullmatch(rest) or _PROVIDED.match(rest))


def sets_a_condition(text: str) -> bool:
    """Whether the message opens with an "if" that could be taken for a yes: "si" is both."""
    return _IF.match(_spelled(text)) is not None


def assents(text: str) -> bool:
    """Whether the message opens with a yes and nothing in it objects, asks, doubts, sets a condition or runs on."""
    folded = _spelled(text)
    sure, rest = _eat(folded)
    doubtful = (
        "?" in text
        or _SHRUG.search(fold(text))
        or _IF.match(folded)
        or _ASKS.search(folded)
        or _BUT.search(folded)
        or _IRONIC.search(folded)
    )
    return (
        sure
        and not doubtful
        and not _OBJECTS.search(folded)
        and not _CLOSES.search(folded)
        and len(rest.split()) <= _FEW
    )


def _read_refusal(refusal: str, rest: str, *, asking: bool) -> Answer | None:
    """A bare "no" counts when it stands by itself: "no llegó" tells of a parcel and answers nothing."""
    after = rest.strip(" ,.;!:-")
    if _OTHER.match(after) and not asking and not _ABOUT_TIME.fullmatch(refusal):
        return Answer.CHANGE
    left = _past_refusals(after)
    alone = not after or rest[:1] in ",.;!:" or not left or left[0] in ",.;!:"
    if alone and re.search(rf"\b{_GOES_AHEAD}\W*$", left):
        return None
    wills = (" " in refusal or len(refusal) > _SHORT) and not _ABOUT_TIME.fullmatch(refusal)
    brief = wills and "," not in after and len(after.split()) <= _TAIL and not _TELLS_WHAT.fullmatch(refusal)
    return Answer.NO if alone or brief else None


def _is_no(folded: str) -> bool:
    """Whether every word belongs to a refusal or to what is said around one."""
    return _patterns().no.search(folded) is not None and not _past_refusals(folded).strip(" ,.;:!()-")


def _past_refusals(folded: str) -> str:
    """What is left behind the refusals that a stretch opens with, from the mark or the word that ends them."""
    rest = folded
    while True:
        bare = rest.lstrip(" ,.;:!()-")
        found = [match[0] for each in (_patterns().no, _patterns().filler) if (match := each.match(bare))]
        if not found:
            return rest.lstrip()
        rest = bare[len(max(found, key=len)) :]


@lru_cache(maxsize=8)
def _spelled(text: str) -> str:
    plain = fold(text)
    silent = re.search(r"[a-z]", plain) is None
    plain = _EMOJI_YES.sub(" ok " if silent else " ", plain)
    plain = _EMOJI_NO.sub(" no ", plain)
    plain = re.sub(r"([a-z])\1{2,}", r"\1", plain)
    plain = re.sub(r"\b[a-zñ]{1,6}\b", lambda word: ABBREVIATIONS.get(word[0], word[0]), plain)
    plain = re.sub(r"[^\w\s',.!?;:()\"-]", " ", plain)
    return plain.strip(' \t\n,.!;:()"-¡¿')


def _eat(folded: str) -> tuple[bool, str]:
    """Whether a yes is among the leading words of a yes, and what follows them."""
    rest, sure = folded, False
    while rest:
        matches = [match[0] for pattern in (_patterns().yes, _patterns().filler) if (match := pattern.match(rest))]
        if not matches:
            break
        longest = max(matches, key=len)
        if _patterns().yes.fullmatch(longest) and not _patterns().weak.fullmatch(longest):
            sure = True
        rest = _GAP.sub("", rest[len(longest) :], count=1) if _GAP.match(rest, len(longest)) else rest[len(longest) :]
    return sure, rest
