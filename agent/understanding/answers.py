"""Whether a message says yes or no to a proposal. A false yes executes a write, so doubt is never a yes."""

from __future__ import annotations

import re
from typing import Final

from agent.understanding.reading import Answer
from agent.understanding.text import ABBREVIATIONS, fold

_YES: Final = (
    r"si|sip|sipi|sii|sis|seh|yes|yep|yeah|yup|ya|yea|yess|sim|ss|s|aham|uhum|aja|ajam|simm|claro|claro que si|claro que sim|por supuesto|desde luego|"
    r"ok|okay|oka|okey|oki|okis|okk|k|vale|dale|sale|va|vamos|venga|listo|de acuerdo|perfecto|perfeito|perfect|correcto|correto|"
    r"correct|exacto|exato|exactly|right|that's right|thats right|asi es|eso es|eso|isso|isso mesmo|isso ai|pode ser|"
    r"pode|pode sim|podes|beleza|bele|fechado|fechou|combinado|certo|ta|ta bom|ta bien|ta certo|esta bien|esta bom|esta certo|"
    r"bueno|bom|bora|manda|mande|manda ver|manda bala|mandale|adelante|prosiga|proceda|procede|pode prosseguir|pode seguir|prossiga|"
    r"confirmo|confirmado|confirmar|confirma|confirm|confirmed|i confirm|lo confirmo|acepto|aceito|accept|i accept|agreed|i agree|concordo|"
    r"hazlo|hacelo|hagalo|haganlo|haz|faz|faca|faz isso|faca isso|pode fazer|do it|please do|do that|go ahead|go for it|sure|sure thing|"
    r"of course|absolutely|definitely|great|sounds good|looks good|that works|works for me|fine|all good|me parece|me parece bien|por mim|"
    r"por mim tudo bem|por mi|tudo bem|tudo certo|esta perfecto|ta perfeito|obvio|con certeza|com certeza|sin duda|seguro|positivo|"
    r"afirmativo|affirmative|simon|arre|orale|joya|genial|buenisimo|fenomenal|estupendo|excelente|excellent|"
    r"quiero|quero|quero sim|si quiero|lo quiero|i do|yes i do|i would|si porfa|no problem|sin problema|sem problema|ningun problema|"
    r"no hay problema|nenhum problema|por favor|please|gracias|obrigad[oa]|thanks|thank you|muchas gracias|muito obrigad[oa]|valeu|"
    r"continua|continue|continuar|continuemos|sigue|siga|segue|proceed|hecho|trato hecho|done|deal|tal cual|asi|asi mismo|assim mesmo|"
    r"asi esta bien|assim ta bom|assim esta bom|esta correcto|esta correto|todo bien|todo correcto|todo en orden|tudo ok|tudo certinho|todo ok|all correct|it is|that is correct|"
    r"that's fine|thats fine|that's correct|it's correct|its correct|that's the one|esa misma|ese mismo|essa mesma|esse mesmo|"
    r"eso mismo|exactamente|exatamente|efectivamente|tal como esta|me sirve|me va bien|me viene bien|me queda bien|serve|com prazer|"
    r"cambialo|cambielo|cancelalo|cancelelo|cancelala|devuelvelo|pode cancelar|pode trocar|pode mandar|pode confirmar|pode mudar|cancel it|change it|"
    r"swap it|send it|ship it|book it|mandalo|envialo|enviamelo|book that|yes to all|all yes"
)
_STRONG_NO: Final = (
    r"no|nop|nope|nah|nao|nn|naum|nem|nones|negativo|negative|nunca|never|jamas|para nada|de ninguna manera|de jeito nenhum|"
    r"de forma alguma|claro que no|claro que nao|por supuesto que no|no way|no thanks|no thank you|no gracias|nao obrigad[oa]|"
    r"mejor no|melhor nao|better not|rather not|i'd rather not|dejalo|dejelo|dejalo asi|dejalo como esta|deixa|deixa pra la|"
    r"deixa quieto|deixa assim|leave it|forget it|never mind|nevermind|olvidalo|olvidelo|esquece|cancel that|don't|do not|don't do it|"
    r"nao quero|no quiero|i don't|i do not|i don't want|para|pare|detente|stop|espera|espere|wait|hold on|alto|incorrecto|errado|"
    r"wrong|incorrect|esta mal|that's wrong|thats wrong|not right|nada|nada que ver|todavia no|aun no|ainda nao|not yet|"
    r"ni hablar|ni loco|ni loca|ni de broma|que va|nem pensar|nem a pau|tampoco|no lo hagas|no lo haga|nao faz|nao faca|ahora no|agora nao|"
    r"not now|no esta bien|nao esta certo|no es correcto|ya no|no acepto|nao aceito|no confirmo|nao confirmo|that's not it|asi no|no es eso|nao e isso"
)
_FILL: Final = (
    r"pues|bueno|bom|entao|entonces|well|oh|ah|eh|ay|uy|por favor|please|porfis|favor|gracias|muchas gracias|obrigad[oa]|muito obrigad[oa]|brigad[oa]|thanks|thank you|"
    r"thx|valeu|amigo|amiga|senor|senorita|joven|moca|moco|man|mate|sir|miss|buddy|jefe|crack|parce|wey|guey|che|tio|cara|mano|"
    r"then|y|e|and|so|just|ya|ja|right|nomas|no mas|con gusto|todo|tudo|it all|ahora|agora|now|mismo|mesmo|hoy|hoje|today|please|"
    r"entonces si|adelante|lo|la|eso|isso|that|it|ese|esa|este|esta|de una|sin problema|te lo agradezco|muy amable|much appreciated|"
    r"jaja|jajaja|haha|kkk|kk|rs|lol|mil gracias|te|senora|nao tem problema|confirmo|por mi|para mi|for me|pra mim|me|a"
)
_YES_RE: Final = re.compile(rf"(?:{_YES})(?![\w'])")
_NO_RE: Final = re.compile(rf"(?:{_STRONG_NO})(?![\w'])")
_FILL_RE: Final = re.compile(rf"(?:{_FILL})(?![\w'])")
_WEAK: Final = frozenset({"por favor", "please", "gracias", "thanks", "thank you", "muchas gracias", "obrigado", "obrigada", "muito obrigado", "muito obrigada", "valeu", "ya", "ta", "quiero", "quero", "ss", "k", "me parece"})
_GAP: Final = re.compile(r"[\s,.!;:()\"-]+")
_BUT: Final = re.compile(
    r"\b(?:pero|but|mas|porem|so que|solo que|aunque|except|excepto|salvo|menos|though|however|en vez|en lugar|instead|"
    r"em vez|ao inves|con otra?|com outr[oa]|mejor|melhor|rather|better|cambia\w*|muda\w*|change|only|a otra|en otra)\b"
)
_IF: Final = re.compile(r"^\s*si\s+(?:no\b|ya\b|se\b|me\b|te\b|lo\b|la\b|el\b|los\b|las\b|es\b|esta\b|hay\b|puedo\b|puede\w*\b|quiero\s+\w+|tengo\b|llega\b|fuera\b|mi\b|al\b|a\b|en\b|cambio\b|devuelvo\b|cancelo\b|pudiera\w*\b|ustedes\b|tarda\b|voy\b|pago\b|pido\b|son\b|tienen\b|tiene\b|llego\b)")
_EMOJI_YES: Final = re.compile(r"[\U0001F44D\U0001F44C\u2705\u2714\U0001F64C]")
_EMOJI_NO: Final = re.compile(r"[\U0001F44E\u274C\U0001F645]")
_SHRUG: Final = re.compile(r"[\U0001F644\U0001F612\U0001F624\U0001F621\U0001F92C\U0001F643]|\.\.\.|…|como no\b|yeah right|sure,? sure|aham,? sei|ya,? claro")


def read_answer(text: str, *, troubled: bool = False) -> Answer | None:
    """Yes only when every word of the message belongs to a yes; ``troubled`` says that it complains or asks a person.

    A yes with anything else in it is ``CHANGE`` when it says what is to differ, and otherwise no answer at all.
    """
    folded = _spelled(text)
    if _NO_RE.match(folded) and not _opens_yes(folded):
        return Answer.CHANGE if _wants_other(folded) else Answer.NO
    said_yes, rest = _eat(folded)
    if not said_yes:
        return None
    if not rest:
        return None if troubled or _SHRUG.search(text) or "?" in text else Answer.YES
    if _NO_RE.match(rest):
        return Answer.NO
    if "?" not in text and _BUT.search(rest) and not _IF.match(folded):
        return Answer.CHANGE
    return None


def _spelled(text: str) -> str:
    plain = fold(text)
    plain = _EMOJI_YES.sub(" ok ", plain) if not re.search(r"[a-z]", plain) else _EMOJI_YES.sub(" ", plain)
    plain = _EMOJI_NO.sub(" no ", plain)
    plain = re.sub(r"([a-z])\1{2,}", r"\1", plain)
    plain = re.sub(r"\b[a-z]{1,6}\b", lambda word: ABBREVIATIONS.get(word[0], word[0]), plain)
    plain = re.sub(r"[^\w\s',.!?;:()\"-]", " ", plain)
    return plain.strip(" \t\n,.!;:()\"-¡¿")


def _opens_yes(folded: str) -> bool:
    return re.match(r"(?:no problem|no hay problema|no worries|para nada,? (?:si|dale)|nao tem problema|nao,? (?:pode|ta))", folded) is not None


def _wants_other(folded: str) -> bool:
    after = _NO_RE.sub("", folded, count=1).strip(" ,.!;:-")
    return re.match(r"(?:\w+\W+){0,3}?(?:mejor|melhor|rather|prefiero|prefiro|i'd rather|en vez|instead|em vez|quiero (?:el|la|otr)|la talla|talla|tamanho|size|otra talla|make it|que sea|el otro|la otra|o outro|a outra|the other)\b", after) is not None and len(after) > 6


def _eat(folded: str) -> tuple[bool, str]:
    """Whether there is a yes among the leading yes-words and fillers, and what follows them."""
    rest, sure = folded, False
    while rest:
        match = max(
            (m for m in (_YES_RE.match(rest), _FILL_RE.match(rest)) if m), key=lambda m: len(m[0]), default=None
        )
        longest = _longest(rest)
        if longest is None:
            break
        if _YES_RE.fullmatch(longest) and longest not in _WEAK:
            sure = True
        rest = _GAP.sub("", rest[len(longest) :], count=1) if _GAP.match(rest[len(longest) :]) else rest[len(longest) :]
        del match
    return sure, rest


def _longest(rest: str) -> str | None:
    best = None
    for pattern in (_YES_RE, _FILL_RE):
        match = pattern.match(rest)
        if match and (best is None or len(match[0]) > len(best)):
            best = match[0]
    return best
