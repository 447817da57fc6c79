"""Requests for a person, by rule: the one wish that must never be missed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from agent.understanding.reaching import BRINGER, reaches_out
from agent.understanding.text import ABBREVIATIONS, fold

_PERSON: Final = (
    r"(?:persona|personas|humano|humana|humanos|agente|asesora?|ejecutiv[oa]|operadora?|representante"
    r"|supervisora?|encargad[oa]|gerente|jefe|jefa|"
    r"alguien|responsable|ser humano|person|human|human being|agent|representative|rep|operator|"
    r"supervisor|manager|someone|somebody|"
    r"advisor|adviser|real one|pessoa|atendente|operador|gente|alguem|responsavel|vendedora?|"
    r"grown-?up|adulto|adult|somebody real|assistente humano|agent humano|asistente humano|"
    r"colega|companer[oa]|colleague|customer (?:service|support|assistance|care)|(?:an?|some|the|"
    r"fucking) assistants?|atencion al cliente|servicio al cliente|atendimento humano|atencion humana"
    r"|"
    r"asistencia humana|soporte humano|suporte humano|human support|customer support|live chat|live "
    r"agent|live person|sac|staff|team member)"
)
_BETWEEN: Final = (
    r"(?:\s+(?:con|a|com|to|with|un|una|um|uma|the|el|la|o|an|algun|alguna|some|any|otro|otra|outro|"
    r"outra|mi|su|tu|seu|your|real|actual|de verdad|verdadera?|verdadeir[oa]|live|otr[oa]|de|do|da|ao"
    r"|directamente|diretamente|ya|now|please|por favor|me|alguno|algum|alguma|humano|humana|human|"
    r"vuestro|you|guys|that|como|carne|cm|pra|pro|para|ao|c|cn|kon|teu|tua|isso|isto|esto|eso|this|it|customer|fucking|freaking|damn|bloody|puto|pinche|maldito|wiht"
    r"|in touch with|from|asistencia|ayuda|help|ajuda|assistance|apoyo|apoio))*\s+"
)
_ASK: Final = (
    r"(?:habl(?:ar\w*|o|e|emos|ando|en)|convers\w+|charl\w+|platic\w+|comunic\w+|contact\w+|pas[aeo]\w*|poe|bota|contest\w+|respond\w+|contar|explicar|explain|transf\w+|"
    r"transf[ei]\w+|pon\w+|derivar?\w*|deriv\w+|conect\w+|"
    r"comuniqu\w+|atiend\w+|atend\w+|fal(?:ar\w*|o|a|e|em|ando|amos)|resolver\w*|tratar\w*|deal|lidar|pass\w*|speak\w*|talk\w*|chat\w*|connect\w*|direct|put "
    r"me (?:through|on)|transfer\w*|escalat\w+|escal\w+|get me|get|give me|"
    r"fetch(?: me)?|bring me|need|want|quiero|necesito|quero|preciso|exijo|exigo|demand|dame|deme|chama\w*|llam[ae]\w*|"
    r"busc\w+|manda\w*|exist\w+|hay|tem|is there|tiene[ns]?|"
    r"ayud\w+|help|reach|prefer|prefiero|prefiro|me ayude|cham[ae]\w*|let me|can i|could i|may i|"
    r"puedo|podria|posso|poderia|quisiera|gostaria)"
)
_REQUEST: Final = re.compile(
    rf"\b{_ASK}{_BETWEEN}{_PERSON}\b"
    r"(?!\s(?:home|at home|en casa|em casa|required|else|mas que|(?:del?|do) (?:edificio|predio|condominio|turno|banco|ponto|punto)))"
)
_NAMED: Final = re.compile(
    r"\b(?:(?:persona|human|humano|humana|agente|person|agent|pessoa|rep|operator|supervisor) (?:real"
    r"|de verdad|de verdade|humano|humana|please|pls|por favor|now|ya|already)|"
    r"(?:real|actual|live|human|flesh and blood) (?:person|human|agent|people|rep|being)|(?:persona|"
    r"pessoa|gente) de (?:carne|verdad|verdade|carne y hueso)|"
    r"(?:no|not|nao) (?:(?:quiero|quero|want|me gusta|gosto|hablo|more|mas|mais|another|a|un|um|con|"
    r"com|de|quiero hablar con|talk to|talking to|to|falar com|seguir con|hablar con) )*(?:bots?|"
    r"robots?|maquinas?|machines?|contestador)\b|"
    r"(?:algun|alguna|any|algum|alguma) (?:humano|humana|human|persona|person|pessoa|agente|agent|"
    r"atendente|asesor)s?\b|"
    r"(?:alguien|someone|somebody|anyone|anybody|alguem) (?:con|with|com) (?:a |um |un )?(?:pulso|pulse|corazon|cerebro|brain|cerebro)|"
    r"(?:atendid[oa]s?|helped|served|seen) (?:por|by) (?:una? |an? |uma? )?(?:gente|persona|human[oa]?|person|people|pessoa|alguien|alguem|someone)|"
    r"(?:contesten?|atiendan?|respondan?|atendam?|respondam?|answers?|picks? up) (?:(?:las|los|as|os) )?(?:personas?|gente|people|pessoas?|humanos?)\b|"
    r"(?:bota|poe|put|pon|manda)(?: \w+){1,3} (?:na linha|on the line|en la linea|al telefono)|"
    r"(?:no|not|nao|don't) (?:quiero|quero|want) (?:mas |more |mais |your )?(?:automat\w+|respuestas automat\w+|respostas automat\w+|canned)|"
    r"atencion humana|atendimento humano|human (?:help|support|assistance)|ayuda humana|ajuda humana|"
    r"(?:al|por) telefono con|hablar por telefono|"
    r"(?:quero|preciso|cade|chama|quiero) (?:d[eo] )?(?:o |um |uma )?atendente)"
)
_ALONE: Final = re.compile(
    rf"^\W*(?:(?:un|una|a|an|um|uma|con|quiero|por favor|please|si|yes|sim|no|"
    rf"nao)\W+)*{_PERSON}(?:\W+{_PERSON})*(?:\W+(?:por favor|porfa|please|pls|pfv|ya|now|real|urgente|humano|humana|"
    rf"aqui))*\W*$"
)
_NOT: Final = re.compile(
    r"\b(?:delivery|shipping|courier|carrier|forwarding|insurance|travel|real estate|cleaning|parking"
    r"|store) (?:agent|person|rep|manager)|"
    r"\bagente de (?:entrega|envios|viajes|transporte|carga|seguros|aduanas?)|\bagente (?:limpiador|"
    r"aduanal)|\bgente grande|"
    r"\b(?:repartidor|courier|mensajero|entregador|motoboy|driver|transportadora|portero|porteiro|"
    r"vecin[oa]|vizinh[oa]|neighbou?r)\b"
)
_NO_ROBOT: Final = r"(?![^.,;!?\n]{0,40}\b(?:bots?|robots?|maquinas?|machines?|robo|contestador|ia|ai)\b)"
_REST: Final = (
    r"(?:(?!\b(?:y|e|and|but|pero|mas|quiero|quero|want|need|necesito|preciso|ahora|now|agora|can|puedo|posso)\b)"
    r"[^.,;!?\n]){0,40}"
)
_SOMEONE: Final = r"(?:una persona|alguien|a person|someone|somebody|an agent|uma pessoa|alguem|un agente)"
_TOLD: Final = re.compile(
    rf"\b(?:hable|hablamos|me (?:atendio|dijo|llamo|ayudo|contesto|paso|marco)|falei|falamos|me (?:atendeu|disse|ligou|ajudou)|"
    rf"spoke|talked|chatted|called me|rang me|told me|helped me)\b{_REST}|"
    rf"\b{_SOMEONE}\s+(?:ya |ja |already |de ustedes |from you )?"
    r"(?:me (?:ayudo|dijo|llamo|atendio|esta|ajudou|disse|ligou|atendeu)|helped|called|told|said|is (?:already )?(?:helping|on it)|"
    rf"cuidando|vendo|viendo|ayudando)\b{_REST}|"
    rf"\b(?:ya|ja|already)\s(?:me\s)?(?:tem|hay|tengo|esta\w*)\s(?:\w+\s)?{_SOMEONE}\b{_REST}|"
    r"\b(?:cuando|when|quando)\s(?:\w+\s){0,3}?(?:llam[ae]|toca|toque|calls?|rings?|presses|liga|chama)\b[^.,;!?\n]{0,25}|"
    r"\b(?:tell|diganle|dile|digan|fala pro|avisem)\s(?:\w+\s){0,2}?(?:manager|boss|jef[ea]|supervisora?|chefe|gerente)\b"
)
"""Talk of a person who was there, who may come to the door, or who deserves praise."""

_UNWANTED: Final = re.compile(
    r"\b(?:no need (?:for|to (?:speak|talk|call|ring|transfer|escalate|involve|bother))|not asking for an?\b|"
    r"(?:don't|do not|dont) (?:need|want) (?:to (?:speak|talk|be)|you to|an?\b|any)|"
    r"(?:don't|do not|dont) (?:transfer|put|call|ring|phone|escalate|pass) (?:me|this|it)|"
    r"no (?:hace falta|necesito|quiero|preciso|ocupo) (?:que me|hablar|una persona|un\b|ningun)|"
    r"no (?:me |nos )?(?:transfi\w+|pas(?:es|en?)\b|deriv\w+|llam(?:en?|es)\b)|"
    r"nao (?:precis[ao]|quero) (?:falar|de|que|me|transferir|ligar|uma|um)\b|nao (?:me )?(?:transfi\w+|passem?\b|lig(?:uem?|a)\b)|"
    r"(?:no|nao) (?:es|e|era|quero|quiero) (?:para |pra )?(?:involucrar|envolver|molestar|incomodar)|"
    r"(?:sin|sem|without) (?:(?:tener|having|ter|precisar|necesidad)\s(?:(?:que|to|de)\s)?)?"
    r"(?:habl\w+|falar|llamar|ligar|speaking|talking|calling|envolver|transferir))" + _NO_ROBOT + _REST
)
_HANDED: Final = re.compile(
    r"\b(?:dej\w+|deix\w+|leave|leaving|entreg\w+|deliver\w*|drop\w*|darselo|da(?:nlo|selo|rlo)|give it|hand\w*|pass it)(?:\s\w+){0,3}?\s"
    r"(?:con|with|com|al?|to|ao?|pr[ao]|para|no|na)\s(?:\w+\s){0,2}?(?:person\w*|encargad[oa]|responsable|responsavel|gerente|alguien|alguem|"
    r"someone|somebody|manager|jef[ea]|supervisora?|staff|recepcionista)\b"
)
"""A parcel that is to be left with somebody."""

_TALK: Final = (_TOLD, _UNWANTED, _HANDED)
_WORK: Final = re.compile(
    r"\b(?:contrata(?:n|ndo|r)?|hiring|vacantes?|vagas?|curriculum?|curriculo|cv|resume|jobs?|trabajar (?:ahi|con ustedes|de|como)|"
    r"postular\w*|trabalhar (?:ai|com voces))\b"
)
_HELLO: Final = re.compile(
    r"\W*(?:(?:hola|alo|oi|ola|opa|hi|hello|hey|yo|buen[oa]s?(?: (?:tardes|noches|dias?))?|bom dia|boa (?:tarde|noite)|"
    r"good (?:morning|afternoon|evening))\W+){0,2}"
    r"(?:hay|tem|is there|is|any|esta|ta)?\s?(?:alguien|alguem|anyone|anybody|someone|somebody)"
    r"(?: (?:ahi|ai|there|here|home|online|por (?:ahi|aqui|ai)|conectad[oa]|about|around|del otro lado|do outro lado|on the other end))?\W*"
)
"""Calling into the room is a greeting."""

_WHO_ARE_YOU: Final = re.compile(
    r"\b(?:are you|you are|r u|am i (?:talking|speaking|chatting)|you'?re|could you be|eres|sos|es usted|"
    r"usted es|voce e|vc e|tu es|estoy hablando|hablo|estou falando|to falando|e um|isso e um|esto es un|es un|es una)\b"
    r"(?=[^.,;!?\n]{0,60}\b(?:bots?|robot|robo|human[oa]?|person|persona|pessoa|gente|real|machine|maquina|computer|ia|ai|agente?|"
    r"alguien|alguem|someone|alive|being|vivo|viva|atendente)\b)" + _REST
)
"""Asking what one talks to is a question, not yet a request."""


@lru_cache(maxsize=8)
def asks_for_person(text: str) -> bool:
    """Whether the message asks for a person instead of the assistant, however it is put."""
    folded = _spelled(text)
    if _WORK.search(folded) or _HELLO.fullmatch(folded):
        return False
    cleaned = folded
    for talk in (_WHO_ARE_YOU, *_TALK):
        cleaned = talk.sub(" ", cleaned)
    cleaned = _NOT.sub(f" {BRINGER} ", cleaned)
    return reaches_out(cleaned) or any(pattern.search(cleaned) for pattern in (_REQUEST, _NAMED, _ALONE))


def only_speaks_of_person(text: str) -> bool:
    """Whether a person is named without being asked for: one who was there, is not wanted, or would be hired."""
    folded = _spelled(text)
    spoken_of = _WORK.search(folded) or _HELLO.fullmatch(folded) or any(talk.search(folded) for talk in _TALK)
    return bool(spoken_of) and not asks_for_person(text)


def asks_what_it_talks_to(text: str) -> bool:
    """Whether the message asks if there is a machine or a person at this end, which by itself asks for nobody."""
    return _WHO_ARE_YOU.search(fold(text)) is not None


_NOUNS: Final = (
    "persona", "humano", "agente", "alguien", "someone", "somebody", "person", "pessoa", "atendente", "alguem", "operador",
    "supervisor", "representante", "representative", "asesor", "human", "agent", "operator",
)  # fmt: skip
_OTHER_WORDS: Final = frozenset(
    {
        "personal",
        "pessoal",
        "personas",
        "pessoas",
        "humana",
        "humanos",
        "agentes",
        "persons",
        "agents",
        "gente",
    }
)


@lru_cache(maxsize=8)
def _spelled(text: str) -> str:
    """Folded, abbreviations written out, and the words for a person mended where one letter is wrong."""
    return re.sub(r"\b[a-zñ]+\d?\b", lambda word: _mended(ABBREVIATIONS.get(word[0], word[0])), fold(text))


@lru_cache(maxsize=8192)
def _mended(word: str) -> str:
    if len(word) < 5 or word in _OTHER_WORDS or word in _NOUNS:
        return word
    return next((noun for noun in _NOUNS if OSA.distance(word, noun, score_cutoff=1) <= 1), word)
