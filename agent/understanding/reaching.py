"""Ways to ask for a person that name none: a call back, a transfer, an escalation, away from the machine."""

from __future__ import annotations

import re
from typing import Final

BRINGER: Final = "driver"
"""What stands for anyone who brings parcels, once those words were taken out of a message."""

_MACHINE: Final = r"(?:(?:chat)?bots?|robots?|robos?|maquinas?|machines?|contestador\w*|automat\w+|grabacion(?:es)?|recordings?|inteligencia artificial)"
_CALLS_ME: Final = (
    r"(?:(?:(?:ll|y)am|marqu|contact|comuniqu|deriv|transfi[ei]r|comunic|conect)[aeiou]n?me(?:lo)?|"
    r"me (?:(?:pueden?|podes|podrias?|podrian|puedes|podem|pode|poderia|poderiam|poderian|van a|vao|vai) )?"
    r"(?:(?:ll|y)am(?:ar|en|e|an)|marc(?:ar|an)|marquen?|lig(?:ar|a|am|ue|uem)|telefone(?:ar|en|m)|telefonar)|"
    r"(?:podem|pode|poderiam?|da para|da pra) (?:me )?(?:ligar|telefonar)|"
    r"(?:ring|call|phone) me(?: back)?(?! (?:an?|mr|mrs|dr)\b)|give (?:me|us) a (?:ring|call|bell|buzz|shout)|"
    r"(?:someone|somebody|alguien|alguem|anyone|anybody) (?:can |could |to |me |puede |pode |please |que )*(?:(?:ll|y)amar(?:me)?|call|ring|phone|ligar)\b)"
)
_TRANSFERS: Final = (
    r"(?:(?:deriv[ae](?:n|me|nme|lo)?|me deriv[ae]s?n?|transfi[er]+[ae]n?me|me transf[ei]+r[aeo]s?(?:n|m)?|(?:transfer|forward) me|"
    r"(?:put|patch|pass) me (?:through|over|on|along|thru)|comuni(?:ca|que)n?me|me comunic[ae]s?|me comunique)"
    r"(?!\W+(?:el|la|lo|los|mi|o|a|os|meu|the|my|ese|esse)\W+(?:dinero|plata|reembolso|saldo|money|refund|dinheiro|valor|grana|monto|importe|total))"
    r"(?!\W+(?:that|que|si|se)\b))\b"
)
_ESCALATES: Final = (
    r"(?:(?:escal(?:ar|en|a|o|em|ate)|elev(?:ar|en)) (?:\w+ ){0,2}?(?:esto|eso|caso|asunto|tema|isso|this|it|my|ticket|reclamo|queja|chamado))|"
    r"\bescalar (?:esto|eso|isso)"
)
_NUMBER_OF_US: Final = (
    r"(?:(?:a )?(?:que|cual es el|tienen|tem|what'?s? (?:is )?(?:the|your)?|is there an?|hay(?: algun| un)?|tem(?: algum| um)?|tienen(?: algun| un)?|existe(?: algun| um| un)?|qual(?: e)? o|do you have an?) ?"
    r"(?:phone |customer service |support )?(?:numero|number|telefono|telefone|fone|hotline|helpline)(?: de telefono)?(?: al que| pelo qual| where| i can)?"
    r"(?: (?:los|las|les|do|can|i|eu|puedo|pueda|posso|para|pra|to|for|of|de|que|where|could|we|should))* "
    r"(?:llam\w+|call|ring|phone|lig\w+|hablar|falar|speak|talk|contact\w*|atencion|atendimento|sac|vcs|voces|ustedes))"
)
_AWAY: Final = (
    rf"(?:basta de|chega de|no more|enough (?:of|with)|done with|get me (?:off|away from|past)|sac(?:a|ame|ar|arme|enme|uenme) de|"
    rf"tir(?:a|em|e)(?: me)?(?: d)?(?: ess[ea]| est[ea])?|cans(?:ad[oa]|ei) de (?:falar|hablar)|hart[oa] de (?:hablar|lidiar)|how many more|cuantos|quantos|"
    rf"(?:sick|tired) of (?:talking|speaking|chatting) (?:to|with)|stop (?:with )?(?:the|these)|dej(?:a|en) de(?: \w+){{0,2}})"
    rf"(?: (?:de|with|com|con|the|this|these|those|tanto|tantos|to|a|este|estos|esse|um|un|mas|mais|all|los|as|os|your|fucking|damn|stupid))* {_MACHINE}"
)
_WHO_ELSE: Final = (
    r"(?:qui?en mas (?:hay|me|esta|puede|podria|tienen)|quem mais (?:tem|pode|ta|esta|resolve|ai)|who else (?:is there|can|could|have you)|"
    r"con quien(?: mas)? (?:puedo|podria|hay que|se puede|tengo que|debo|me) \w*\s?(?:hablar|comunic\w+|contact\w+|comunico|hablo)?|"
    r"com quem (?:eu )?(?:falo|posso falar|tenho que falar|consigo falar)|who (?:do|can|could|should) i (?:talk|speak|complain) to|"
    r"(?:whoever|who|someone|quien|quem) ?(?:'s|is|esta|este|ta) (?:in charge|a cargo|no comando|responsible)|"
    r"(?:anyone|anybody|someone|somebody|alguien|nadie|alguem|ninguem) (?:\w+ )?(?:real|de verdad|de verdade|human[oa]?|de carne|alive|vivo)\b|"
    r"(?:donde esta|cade|where(?:'s| is)) (?:o |el |the |a |la |los )?(?:human[oa]?s?|gente|pessoas|people)\b|"
    r"(?:ser vivo|living (?:soul|being|person)|alma viva|heartbeat|alguien con criterio))"
)
_LOOKS: Final = (
    r"(?:(?:una persona|un humano|uma pessoa|um humano|a (?:real |actual )?(?:person|human)|(?:someone|somebody|alguien|alguem) "
    r"(?:from your (?:team|side|company)|from (?:the )?support|de (?:ustedes|la empresa|la tienda|voces|vcs|verdad|verdade|la vida real)|del equipo|da equipe|da loja))"
    r" (?:que |me |lo |ya |please |por favor |needs? to |has to |should |can |could |must |tiene que |debe |deberia |puede |pueda |podria |"
    r"tem que |precisa |pode |poderia |deveria |gotta |to )*"
    r"(?:look|check|see|read|review|handle|help|deal|sort|mir\w+|rev\w+|ve[ra]\b|vea|vej\w+|le[ea]\w*|ley\w+|ayud\w+|ajud\w+|atiend\w+|atend\w+|olh\w+|resolv\w+|resuelv\w+|encarg\w+|hag\w+))|"
    r"me lo (?:tiene|tendria) que (?:mirar|ver|resolver|revisar) (?:una persona|alguien|un humano)"
)
_TEAMS: Final = (
    r"(?:habl\w+|convers\w+|pas\w+|pon\w+|comuni\w+|deriv\w+|transf\w+|contact\w+|falar|pass\w+|connect|speak|talk|put|reach|me p[oe]e)"
    r"(?: (?:me|con|com|a|al|to|with|in|touch|through|el|la|o|pro|pra|the|your|su|tu|alguien|alguem|del|de|do|da|mas|otro))+ "
    r"(?:departamento|area|sector|setor|soporte|suporte|support|department|team|equipo|equipe|superior|boss|chefe|postventa|ventas|gerencia|gerencia)\b|"
    r"(?:get|fetch|call|bring|llama|chama)(?: (?:me|a|o|al|pro))? (?:your|tu|su|seu|the) (?:boss|jef[ea]|chefe|superior|manager|supervisora?)\b|"
    r"atencion (?:personal(?:izada)?|de una persona|humana)|atendimento (?:pessoal|personalizado|humano)"
)
_REACHES: Final = re.compile(rf"\b(?:{_TRANSFERS}|{_ESCALATES}|{_NUMBER_OF_US}|{_AWAY}|{_WHO_ELSE}|{_LOOKS}|{_TEAMS})")
_CALLS: Final = re.compile(rf"\b{_CALLS_ME}")
_AT_THE_DOOR: Final = re.compile(
    r"\b(?:al (?:llegar|estar|salir|pasar|entregar)|(?:cuando|quando|apenas|en cuanto|assim que) (?:\w+ ){0,3}?(?:lleg\w+|cheg\w+|est[ae]\w*|veng\w+|salg\w+|pas[ae]\w*|sai\w*)|"
    r"(?:when|once|as soon as|if) (?:[\w']+ ){0,3}?(?:arriv\w+|here|there|outside|downstairs|close|near\w*|get|gets|driver)|on arrival|upon arrival|"
    r"(?:antes de|before)(?: que)?(?: \w+){0,1}? ?(?:llegar|lleguen|pasar|pasen|venir|vengan|entregar|entreguen|arriving|delivery|delivering|coming|vir|chegar|dropping)|"
    r"\d+ ?min\w* (?:antes|before)|repartidor\w*|mensajero|cartero|driver|courier|delivery|motoboy|entregador|carteiro|portaria|porteria|porton|portao|timbre|interfon\w*|bell|buzzer|gate)\b"
)
"""Where a call comes from the one who brings the parcel."""


def reaches_out(folded: str) -> bool:
    """Whether the message wants to be called, put through, escalated or spared the machine; ``folded``, talk of others taken out."""
    if _REACHES.search(folded):
        return True
    return any(not _AT_THE_DOOR.search(_clause(folded, call.start(), call.end())) for call in _CALLS.finditer(folded))


def _clause(folded: str, start: int, end: int) -> str:
    """The sentence around a place."""
    first = max(folded.rfind(mark, 0, start) for mark in ".;!?\n") + 1
    ends = [at for mark in ".;!?\n" if (at := folded.find(mark, end)) >= 0]
    return folded[first : min(ends, default=len(folded))]
