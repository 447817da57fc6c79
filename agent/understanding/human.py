"""Requests for a person, by rule: the one wish that must never be missed."""

from __future__ import annotations

import re
from typing import Final

from agent.understanding.text import ABBREVIATIONS, fold

_PERSON: Final = (
    r"(?:persona|personas|humano|humana|humanos|agente|asesora?|ejecutiv[oa]|operadora?|representante"
    r"|supervisora?|encargad[oa]|gerente|jefe|jefa|"
    r"alguien|responsable|ser humano|person|human|human being|agent|representative|rep|operator|"
    r"supervisor|manager|someone|somebody|"
    r"advisor|adviser|real one|pessoa|atendente|operador|gente|alguem|responsavel|vendedora?|"
    r"assistente humano|agent humano|asistente humano|"
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
    r"vuestro|you|guys|that|como|carne|customer|fucking|freaking|damn|bloody|puto|pinche|maldito|wiht"
    r"|in touch with))*\s+"
)
_ASK: Final = (
    r"(?:habl\w+|convers\w+|charl\w+|platic\w+|comunic\w+|contact\w+|pas[aeo]\w*|transf\w+|"
    r"transf[ei]\w+|pon\w+|derivar?\w*|deriv\w+|conect\w+|"
    r"comuniqu\w+|atiend\w+|atend\w+|fal\w+|pass\w*|speak\w*|talk\w*|chat\w*|connect\w*|direct|put "
    r"me (?:through|on)|transfer\w*|escalat\w+|escal\w+|get me|get|give me|"
    r"need|want|quiero|necesito|quero|preciso|exijo|exigo|demand|dame|deme|chama\w*|llam[ae]\w*|"
    r"busc\w+|manda\w*|exist\w+|hay|tem|is there|tiene[ns]?|"
    r"ayud\w+|help|reach|prefer|prefiero|prefiro|me ayude|cham[ae]\w*|let me|can i|could i|may i|"
    r"puedo|podria|posso|poderia|quisiera|gostaria)"
)
_REQUEST: Final = re.compile(rf"\b{_ASK}{_BETWEEN}{_PERSON}\b")
_NAMED: Final = re.compile(
    r"\b(?:(?:persona|human|humano|humana|agente|person|agent|pessoa|rep|operator|supervisor) (?:real"
    r"|de verdad|de verdade|humano|humana|please|pls|por favor|now|ya|already)|"
    r"(?:real|actual|live|human|flesh and blood) (?:person|human|agent|people|rep|being)|(?:persona|"
    r"pessoa|gente) de (?:carne|verdad|verdade|carne y hueso)|"
    r"(?:no|not|nao) (?:(?:quiero|quero|want|me gusta|gosto|hablo|more|mas|mais|another|a|un|um|con|"
    r"com|de|quiero hablar con|talk to|talking to|to|falar com|seguir con|hablar con) )*(?:bots?|"
    r"robots?|maquinas?|machines?|contestador)|"
    r"(?:algun|alguna|any|algum|alguma) (?:humano|humana|human|persona|person|pessoa|agente|agent|"
    r"atendente|asesor)s?\b|"
    r"atencion humana|atendimento humano|human (?:help|support|assistance)|ayuda humana|ajuda humana|"
    r"(?:al|por) telefono con|hablar por telefono|"
    r"atendente|call me|llamenme|llamame|me llamen|me liguem|me liga|me ligue)"
)
_ALONE: Final = re.compile(
    rf"^\W*(?:(?:un|una|a|an|um|uma|con|quiero|por favor|please|si|yes|sim|no|"
    rf"nao)\W+)*{_PERSON}(?:\W+(?:por favor|porfa|please|pls|pfv|ya|now|real|urgente|humano|humana|"
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
_WHO_ARE_YOU: Final = re.compile(
    r"\b(?:are you|r u|am i (?:talking|speaking|chatting)|you'?re|could you be|eres|sos|es usted|"
    r"usted es|voce e|vc e|tu es|estoy hablando|hablo|estou falando|to falando|"
    r"e um|isso e um|esto es un|es un|es una)\b[^.,;!?\n]{0,60}"
)
"""Asking what one talks to is a question, not yet a request."""


def asks_for_person(text: str) -> bool:
    """Whether the message asks for a person instead of the assistant, however it is put."""
    folded = re.sub(r"\b[a-zñ]{1,6}\b", lambda word: ABBREVIATIONS.get(word[0], word[0]), fold(text))
    cleaned = _WHO_ARE_YOU.sub(" ", _NOT.sub(" ", folded))
    return any(pattern.search(cleaned) for pattern in (_REQUEST, _NAMED, _ALONE))


def asks_what_it_talks_to(text: str) -> bool:
    """Whether the message asks if there is a machine or a person at this end, which by itself asks for nobody."""
    return _WHO_ARE_YOU.search(fold(text)) is not None
