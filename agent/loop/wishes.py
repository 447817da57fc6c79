"""What a message wants: each wish with the words it is said in, so that none borrows the other's order number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agent.conversation import Request
from agent.loop.cues import about_an_order, said_plainly, shows, spans_of
from agent.loop.embedded.notes import ABOUT_A_NOTE
from agent.loop.embedded.vocabulary import meaning_of
from agent.understanding.reading import EntityKind, Intent, Reading
from agent.understanding.text import fold

SOCIAL = frozenset(
    {Intent.GREETING, Intent.THANKS_BYE, Intent.AFFIRM, Intent.DENY, Intent.INFORM, Intent.HUMAN_AGENT, Intent.FEEDBACK}
)
GOODS = frozenset({"return_item", "exchange_item", "cancel_order", "change_items", "item_problem"})
WHERE_TO = frozenset({"change_address", "change_pickup", "change_delivery_slot"})
SWAPS = frozenset({"exchange_item", "change_items"})
RIVALS = (GOODS, WHERE_TO)
"""Of these only one at a time is meant for the same goods: the later wish takes the place of the earlier."""

SURE = 0.2
"""Below, the best guess was right in a third of the messages of the evaluation sets; above, in half and more."""

SURE_IN_FEW_WORDS = 0.9
"""For four words or less without an entity and without a word that shows the wish: mostly small talk."""

FEW_WORDS = 4
POLITE = 2
"""More words that small talk may have when it thanks."""

SECOND = 0.6
"""For what is said beside something surer, a yes or another wish: mostly its echo."""

ALONE = frozenset({"return_label"})
"""Said plainly, these are all the message is about: the label of a return is no wish to return."""

ABOUT_RULES = frozenset({"policy_question", "product_help", "account_help", "out_of_scope"})
HOLD = re.compile(
    r"\b(?:reten\w*|guard[ae]\w*|hold|keep it|segur[ae]\w*|no (?:lo |la )?(?:entreguen|manden) (?:antes|hasta))\b"
)
HELD = frozenset({"order_status", "delivery_problem", "change_delivery_slot", "delivery_instructions", "change_pickup"})
IN_A_LANGUAGE = re.compile(
    r"\b(?:in english|in spanish|in portuguese|en ingles|en espanol|en portugues|em ingles|em espanhol|em portugues)\b"
)
BEHIND = re.compile(
    r"\b(?:devolvi|devolvimos|regrese|mande de vuelta|cancele|cancelamos|returned|sent (?:it|them|back)|cancell?ed|"
    r"devolvi|cancelei|mandei de volta)\b"
)
ASKS_TO_KNOW = re.compile(r"\b(?:saber|decirme|dime|donde|know|tell me|wonder\w*|where|dizer|me diga|onde|cade)\b")
SENDS_BACK = re.compile(
    r"\b(?:devolver\w*|devuelvo|regresar\w*|devolucion|cambiar\w*|return|exchange|swap|send (?:it|them|this|that) back|devolucao|trocar)\b"
)
CHANGES = re.compile(r"\b(?:cambi\w*|chang\w*|swap\w*|tallas?|sizes?|color\w*|colou?r|troc\w*|tamanho|cor)\b")
SENDS_FOR_GOOD = re.compile(
    r"\b(?:devolver\w*|devuelvo|devolucion|send(?:ing)? (?:\w+ ){1,4}back|return(?:ing)?|mandar? de volta|devolucao|devolvo)\b"
)
FOR_ANOTHER = re.compile(r"\b(?:otr[oa]s?|another|different|instead|outr[oa]s?|exchang\w*|cambi\w*|swap\w*|troc\w*)\b")
PARCELS = re.compile(r"\b(?:pedidos?|paquetes?|envios?|orders?|packages?|parcels?|pacotes?|encomendas?)\b")
LEAVES = re.compile(r"\b(?:dejen|dejar|deje|dejenlo|dejenla|dejadlo|leave|deixem|deixa|deixar|deixe)\b")
TELLS_THE_DRIVER = re.compile(
    r"\b(?:repartidor|mensajero|cartero|chofer|driver|courier|carrier|entregador|carteiro|motoboy)\b[^:?]{0,30}:"
)
OTHER_NOTES = re.compile(r"\b(?:fiscal|regalo|gift|presente)\b")
LATER = re.compile(
    r"\b(?:when|once) (?:it|they) (?:gets?|comes?|arrives?|is here|are here)|\b(?:cuando|apenas|en cuanto) (?:me )?(?:llegu\w+)|\bquando (?:chegar\w*)"
)
"""A return that somebody means to make some day is none of today."""

PAYS = re.compile(r"\b(?:pagar(?:l[oae]s?)?|cobr\w+|pay(?:ing)?(?: for)?|charge)\b")
ELSEWHERE = re.compile(
    r"\b(?:punto|pickup|ponto|direccion|address|endereco|otro dia|another day|outro dia|sucursal|locker)\b"
)
WHERE_IS_IT = frozenset({"order_status", "delivery_problem"})
WHERE_THE_MONEY_GOES = frozenset({"refund_status", "payment_problem"})
"""How the method for a return's refund sounds, when it is named with the return itself."""

LATER_ON = frozenset({"refund_status", "order_status", "delivery_problem"})
SUPPOSES = re.compile(
    r"\b(?:y |e |and )?(?:si|if|what if|se|caso) (?:\w+ ){0,2}?(?:no (?:me |nos )?(?:lleg|est)|(?:does|do|is|are)n'?t (?:arriv|come|here|get)|"
    r"nao (?:cheg|receb|est))"
)
ASKS_WHAT_THEN = re.compile(
    r"\?|\b(?:que (?:hago|hacemos|pasa)|what (?:happens|do i|then|can i)|o que (?:faco|acontece|eu faco))"
)
STREET = re.compile(
    r"\b(?:calle|direccion|domicilio|codigo postal|numero de (?:casa|calle|puerta)|street|address|zip|postcode|rua|endereco|cep)\b"
)
BRINGS_IT = re.compile(
    r"\b(?:lo|la|los|las) (?:entrego|llevo|dejo) (?:yo |en|a)|\bi (?:drop|take|bring|hand) (?:it|them)\b|\b(?:eu )?(?:entrego|levo) (?:eu |na|no|em|numa)"
)
"""Somebody asks whether they may bring goods back themselves: nothing of a delivery is to change."""

REMOVES = re.compile(
    r"\b(?:quit(?:a|e|en|ar|enme|ame|eme|arme|alo|ala|alos|alas)|saca(?:me|r|rme)?|saquen(?:me)?|elimin\w+|remove|"
    r"take (?:\w+ ){1,4}(?:out|off)|tira|tirar|tire)\b"
)
MY_OWN_SLIP = re.compile(
    r"\b(?:(?:got|put|chose|picked|ordered|bought|selected) (?:the |my )?(?:size|colou?r)\w* wrong|"
    r"(?:put|chose|picked|ordered|bought|selected|asked for) (?:the |a )?wrong (?:size|colou?r)|"
    r"me equivoque (?:de|con|en) (?:la |el )?(?:talla|talle|numero|color)|(?:le )?erre (?:con |de |a |en )?(?:el |la )?(?:talle|talla|numero|color)|"
    r"errei (?:o |a |no |na |de )?(?:tamanho|numero|cor))\b"
)
SOMEBODY_ELSE = re.compile(
    r"\b(?:hermano|hermana|mama|papa|esposo|esposa|marido|mujer|novio|novia|hijo|hija|amigo|amiga|vecino|vecina|otra persona|alguien mas|"
    r"brother|sister|mom|mum|dad|husband|wife|son|daughter|friend|neighbou?r|someone else|somebody else|another person|"
    r"irmao|irma|mae|pai|filho|filha|namorad[oa]|vizinh[oa]|outra pessoa)\b"
)
FETCHES = re.compile(
    r"\b(?:recog\w+|retir\w+|ir por|pasar por|collect|pick (?:it |them |my \w+ )?up|get my|pegar|buscar)\b"
)
MAY = re.compile(r"\b(?:puede|pueden|podria|can|could|may|pode|poderia)\b")

FAULTS = ("damaged", "defective", "wrong_item")
IMPLIED = {
    "damaged": "item_problem",
    "defective": "item_problem",
    "wrong_item": "item_problem",
    "too_small": "exchange_item",
    "too_large": "exchange_item",
    "changed_mind": "return_item",
    "not_as_described": "return_item",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """An intent with its stretch of the message, and what is said there by entity kind. ``score`` is the reader's."""

    intent: str
    words: str
    said: dict[str, str]
    score: float = 1.0

    @property
    def plain(self) -> bool:
        """Whether it can be taken at its word, and is no echo of something else."""
        return self.score >= SURE_IN_FEW_WORDS or shows(self.intent, self.words)

    def request(self) -> Request:
        """The wish as it goes on the agenda."""
        return Request(self.intent, self.words, {"said": self.said} if self.said else {})


def wishes_in(reading: Reading) -> tuple[Wish, ...]:
    """The wishes of a message in the order said, each intent once."""
    best = _narrowed(reading, _scores(reading))
    found: dict[str, Wish] = {}
    for name, (start, end) in zip(best, spans_of(reading.text, list(best)), strict=True):
        intent = _meant(name, reading, start, end)
        found.setdefault(intent, Wish(intent, reading.text[start:end].strip(), _said(reading, start, end), best[name]))
    return tuple(found.values())


def implied_by(reading: Reading) -> tuple[Wish, ...]:
    """The wish behind a fact told with nothing else wanted: what came broken is reported, what is too small exchanged."""
    reason = reading.first(EntityKind.REASON)
    intent = IMPLIED.get(reason.value) if reason and not reading.has(Intent.HUMAN_AGENT) else None
    return () if intent is None else (Wish(intent, reading.text, _said(reading, 0, len(reading.text))),)


def rivals_of(intent: str) -> frozenset[str]:
    """The intents that want something else with the same goods."""
    return next((group for group in RIVALS if intent in group), frozenset())


def _scores(reading: Reading) -> dict[str, float]:
    """What was read, without the doubtful; what is said plainly stands above it."""
    if IN_A_LANGUAGE.search(fold(reading.text)) and not reading.entities:
        return {}
    plain = said_plainly(reading.text)
    if plain in ALONE:
        return {plain: 1.0}
    if plain:
        others = GOODS | {"invoice"} if plain != "order_status" else GOODS - {"return_item"}
        beside = {one.name.value: one.score for one in reading.intents if one.name.value in others}
        return {plain: 1.0} | {name: score for name, score in beside.items() if score >= SURE_IN_FEW_WORDS}
    names = {one.name.value for one in reading.intents if one.score >= SURE}
    verb = about_an_order(reading.text) if names <= {"out_of_scope"} else ""
    if verb and verb != "order_status":
        return {verb: SECOND}
    told = bool(reading.first(EntityKind.PRODUCT) or reading.first(EntityKind.ORDER_NUMBER))
    return {
        one.name.value: one.score
        for one in reading.intents
        if one.name not in SOCIAL
        and (one.score >= SURE or (told and shows(one.name.value, reading.text)))
        and (one.score >= SURE_IN_FEW_WORDS or not _is_small_talk(one.name.value, reading))
    }


def _is_small_talk(intent: str, reading: Reading) -> bool:
    few = FEW_WORDS + POLITE if meaning_of("thanks", reading.text) else FEW_WORDS
    if len(reading.text.split()) > few or reading.entities:
        return False
    return bool(meaning_of("laughter", reading.text)) or not shows(intent, reading.text)


def _narrowed(reading: Reading, best: dict[str, float]) -> dict[str, float]:
    """A complaint beside a wish is its tone, a late parcel a question after it, what lies behind no wish."""
    folded = fold(reading.text)
    if HOLD.search(folded) and reading.first(EntityKind.DATE) and all(n in HELD or s < 0.5 for n, s in best.items()):
        return {"hold_delivery": 1.0}
    if {"delivery_problem", "order_status"} <= best.keys():
        del best["order_status"]
    if len(best) > 1:
        best.pop("complaint", None)
        best = {
            name: score for name, score in best.items() if name not in ABOUT_RULES or _is_asked(name, score, folded)
        }
    best = _without_echoes(reading, best)
    if BEHIND.search(folded) and LATER_ON & best.keys():
        best = {name: score for name, score in best.items() if name not in GOODS}
    if TELLS_THE_DRIVER.search(folded) and best.keys() <= WHERE_TO | HELD:
        return {"delivery_instructions": best.get("delivery_instructions", SECOND)}
    if best and ABOUT_A_NOTE.search(folded) and not OTHER_NOTES.search(folded):
        best = _for_the_driver(best)
    if LATER.search(folded):
        best = {name: score for name, score in best.items() if name != "return_item"}
    if "change_address" in best and STREET.search(folded) and not _speaks_of_goods(reading):
        best = {name: score for name, score in best.items() if name not in SWAPS}
    if "delivery_instructions" in best and LEAVES.search(folded) and not reading.first(EntityKind.ADDRESS):
        best = {name: score for name, score in best.items() if name not in WHERE_TO}
    return best if len(reading.all(EntityKind.ORDER_NUMBER)) > 1 else _without_rivals(best)


def _for_the_driver(best: dict[str, float]) -> dict[str, float]:
    """A note that is to be left is for whoever brings the parcel, whatever else it sounded like."""
    sounded = WHERE_TO | HELD | SWAPS | {"invoice"}
    if "delivery_instructions" in best:
        return {name: score for name, score in best.items() if name != "invoice"}
    return {"delivery_instructions": max(best.values())} if best.keys() <= sounded else best


def _speaks_of_goods(reading: Reading) -> bool:
    """Whether a product, size or colour is named: what is to be changed beside an address is something of these."""
    return any(reading.first(kind) for kind in (EntityKind.PRODUCT, EntityKind.SIZE, EntityKind.COLOR))


def _without_echoes(reading: Reading, best: dict[str, float]) -> dict[str, float]:
    """Where a parcel is sounds along in much that is said of it; as a wish beside another it has to be asked."""
    if "refund_status" in best and not PARCELS.search(fold(reading.text)):
        best = {name: score for name, score in best.items() if name not in WHERE_IS_IT}
    if "return_item" in best and reading.first(EntityKind.PAYMENT_METHOD) and "?" not in reading.text:
        best = {name: score for name, score in best.items() if name not in WHERE_THE_MONEY_GOES}
    if "item_problem" in best and meaning_of("wish", reading.text) == "refund" and "?" not in reading.text:
        best = {name: score for name, score in best.items() if name != "refund_status"}
    if len(best) < 2 or "?" in reading.text or ASKS_TO_KNOW.search(fold(reading.text)):
        return best
    if "item_problem" in best and meaning_of("absent", reading.text):
        return {name: score for name, score in best.items() if name != "item_problem"}
    others = best.keys() & (GOODS | WHERE_TO | {"delivery_instructions"})
    return {name: score for name, score in best.items() if not others or name not in WHERE_IS_IT}


def _is_asked(name: str, score: float, folded: str) -> bool:
    asks = "?" in folded or ASKS_TO_KNOW.search(folded) is not None
    return asks and score >= SECOND and shows(name, folded)


def _without_rivals(best: dict[str, float]) -> dict[str, float]:
    """Of two wishes for the same goods the likelier one."""
    return {
        name: score
        for name, score in best.items()
        if not any(best[other] > score for other in rivals_of(name) & best.keys() - {name})
    }


def _meant(name: str, reading: Reading, start: int, end: int) -> str:
    """What a wish comes to: money back for what came broken is a claim, a question about one's own order no theory."""
    words, said = reading.text[start:end], _said(reading, start, end)
    name = _sounded_like(name, words)
    if name in GOODS and meaning_of("withdraw", words) and meaning_of("sent_back", words):
        return "return_item"
    if name in ("return_item", "exchange_item"):
        return _sent_back(name, words)
    if name in ("cancel_order", "change_items"):
        return _of_the_order(name, words, said)
    if name == "item_problem":
        return "exchange_item" if meaning_of("size_trouble", words) and not meaning_of("problem", words) else name
    if name in ("order_status", "delivery_problem"):
        folded = fold(words)
        if SUPPOSES.search(folded) and ASKS_WHAT_THEN.search(folded):
            return "policy_question"
        return "item_problem" if said.get("reason") in FAULTS or _is_to_be_made_good(words) else name
    if name == "account_help" and "address" in said:
        return "change_address"
    if name in ABOUT_RULES and "order_number" in said:
        return about_an_order(words) or name
    if name in WHERE_TO and "address" not in said and BRINGS_IT.search(fold(words)):
        return "policy_question"
    if name in WHERE_TO and "address" not in said and LEAVES.search(fold(words)) and not ELSEWHERE.search(fold(words)):
        return "delivery_instructions"
    return name


def _sounded_like(name: str, words: str) -> str:
    """No claim when the slip was the shopper's own, no parcel to move when they ask who may collect it."""
    folded = fold(words)
    if name in ("item_problem", "exchange_item") and MY_OWN_SLIP.search(folded):
        return "change_items"
    asks_who = name in WHERE_TO | WHERE_IS_IT and all(one.search(folded) for one in (SOMEBODY_ELSE, FETCHES, MAY))
    return "policy_question" if asks_who else name


def _is_to_be_made_good(words: str) -> bool:
    """Said to be delivered and not there, with what would make it good: no question where it is."""
    told = meaning_of("problem", words) == "not_received" and meaning_of("arrived", words)
    return bool(told) and meaning_of("wish", words) in ("replacement", "refund") and "?" not in words


def _sent_back(name: str, words: str) -> str:
    """Goods that came broken are reported; those for which nothing is wanted in their place are returned."""
    folded = fold(words)
    if name == "return_item" and meaning_of("problem", words) == "not_received":
        return "item_problem"
    if meaning_of("problem", words) in FAULTS and not SENDS_BACK.search(folded):
        return "item_problem"
    return "return_item" if _goes_for_good(folded) else name


def _goes_for_good(folded: str) -> bool:
    """Whether goods go back and nothing is wanted in their place."""
    wants_other = CHANGES.search(folded) or FOR_ANOTHER.search(folded)
    return SENDS_FOR_GOOD.search(folded) is not None and not wants_other


def _of_the_order(name: str, words: str, said: Mapping[str, str]) -> str:
    """Paid another way, sent elsewhere, sent back or called off: what else a change of the order may come to."""
    folded = fold(words)
    if "payment_method" in said and PAYS.search(folded):
        return "payment_problem"
    if name == "cancel_order":
        return name
    if STREET.search(folded) and not CHANGES.search(folded):
        return "change_address"
    return _without_change(words) or name


def _without_change(words: str) -> str:
    """What sounds like a change of the order and is none: goods sent back, an order called off; empty for a change."""
    folded = fold(words)
    if _goes_for_good(folded):
        return "return_item"
    taken_out = about_an_order(words) == "cancel_order" or REMOVES.search(folded) is not None
    return "cancel_order" if taken_out and not CHANGES.search(folded) else ""


def _said(reading: Reading, start: int, end: int) -> dict[str, str]:
    said: dict[str, str] = {}
    for entity in reading.entities:
        if start <= entity.start < end and entity.kind not in (EntityKind.CODE, EntityKind.PAYMENT_REFERENCE):
            said.setdefault(entity.kind.value, entity.value)
    return said
