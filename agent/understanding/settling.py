"""The classifier's intents, corrected by what the rules are sure of."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Final

from agent.understanding.answers import only_chooses, opens_with_no, sets_a_condition
from agent.understanding.human import asks_what_it_talks_to, only_speaks_of_person
from agent.understanding.intents import Heard
from agent.understanding.reading import Answer, Entity, EntityKind, Intent, ScoredIntent
from agent.understanding.telling import only_tells

_LIKELY: Final = 0.5
_BY_RULE: Final = 0.99
_SURE_OF_PERSON: Final = 0.6
_GIVES_WAY: Final = frozenset({Intent.OUT_OF_SCOPE, Intent.GREETING, Intent.INFORM, Intent.AFFIRM, Intent.DENY})
_NOT_WITH_NO: Final = frozenset({Intent.OUT_OF_SCOPE, Intent.GREETING, Intent.AFFIRM})
_ANSWERS: Final = frozenset({Intent.AFFIRM, Intent.DENY})
_WISHES: Final = (
    (frozenset({EntityKind.ADDRESS}), Intent.CHANGE_ADDRESS),
    (frozenset({EntityKind.DATE, EntityKind.TIME_WINDOW}), Intent.CHANGE_DELIVERY_SLOT),
    (frozenset({EntityKind.SIZE, EntityKind.COLOR}), Intent.EXCHANGE_ITEM),
    (frozenset({EntityKind.QUANTITY}), Intent.CHANGE_ITEMS),
)
_MOVING: Final = frozenset({EntityKind.ADDRESS, EntityKind.DATE, EntityKind.TIME_WINDOW, EntityKind.QUANTITY})
_MOVED_ALONG: Final = frozenset(
    {Intent.DELIVERY_INSTRUCTIONS, Intent.CHANGE_DELIVERY_SLOT, Intent.CHANGE_ITEMS, Intent.AFFIRM, Intent.DENY}
)
"""Wishes beside which an address is where it should go."""

_TOWARDS: Final = re.compile(
    r"(?:\b(?:a|para|pra|pro|to|is|es|e|eh|make it|sea|seja)|:)\s*(?:(?:la|el|o|a|mi|my|the)\s)?$"
)
_CLOSING: Final = re.compile(
    r"\b(?:chau|chao|adios|hasta luego|nos vemos|bye|goodbye|that'?s all|that'?s it|that will be all|nothing else|nada mas|"
    r"(?:eso|esto) (?:es|era|seria) todo|tchau|ate mais|ate logo|(?:era )?so isso(?: mesmo)?)(?:\W+\w+){0,3}\W*$"
)


_BYE: Final = re.compile(r"\b(?:bye|goodbye|chau|chao|tchau|adios|hasta luego|ate mais|feliz (?:tarde|noche|dia))\W*$")


def settle(
    heard: Heard, answer: Answer | None, *, person: bool, entities: Sequence[Entity], folded: str
) -> tuple[ScoredIntent, ...]:
    """At most three intents in the order said.

    ``person``: the message asks for one by rule; ``folded``: its text, folded.
    """
    intents = heard.intents
    told = {entity.kind for entity in entities}
    if answer is Answer.YES:
        polite = bool(intents) and intents[0].name is Intent.THANKS_BYE and intents[0].score >= _LIKELY
        said = (ScoredIntent(Intent.AFFIRM, _BY_RULE), ScoredIntent(Intent.THANKS_BYE, _BY_RULE))
        return tuple(intents[:1]) if polite and not _BYE.search(folded) else said[: 2 if _BYE.search(folded) else 1]
    if answer is None and not person and only_tells(folded, entities):
        return (ScoredIntent(Intent.INFORM, _BY_RULE),)
    if answer is None and intents and _declines_a_person(intents, folded):
        return (ScoredIntent(Intent.DENY, _LIKELY),)
    kept = _with_address(heard, entities, folded)
    if sets_a_condition(folded) and any(scored.name is not Intent.AFFIRM for scored in kept):
        kept = [scored for scored in kept if scored.name is not Intent.AFFIRM]
    kept = _alone_outside(kept)
    kept = _with_person(kept, person=person, sure=_SURE_OF_PERSON if not asks_what_it_talks_to(folded) else 1.0)
    kept = _answered(kept, answer, told - {EntityKind.NAME}, folded)
    if kept and not _has(kept, Intent.THANKS_BYE) and kept[0].name not in _GIVES_WAY and _CLOSING.search(folded):
        kept = [*kept[:2], ScoredIntent(Intent.THANKS_BYE, _BY_RULE)]
    return tuple(kept) or (ScoredIntent(Intent.OUT_OF_SCOPE, 0.3),) * bool(intents)


def _declines_a_person(intents: Sequence[ScoredIntent], folded: str) -> bool:
    """Whether nothing is heard for sure but that nobody need be called."""
    return max(scored.score for scored in intents) < _LIKELY and only_speaks_of_person(folded)


def _alone_outside(intents: Sequence[ScoredIntent]) -> list[ScoredIntent]:
    """What is none of a shop's business stands alone, or is left out beside what is."""
    best = max(intents, key=lambda scored: scored.score, default=None)
    if best is None or len(intents) < 2:
        return list(intents)
    outside = best.name is Intent.OUT_OF_SCOPE
    return [best] if outside else [scored for scored in intents if scored.name is not Intent.OUT_OF_SCOPE]


def _with_address(heard: Heard, entities: Sequence[Entity], folded: str) -> list[ScoredIntent]:
    """An address that something should go to is a change of address, where it is said among the others."""
    kept = list(heard.intents)
    address = next((entity for entity in entities if entity.kind is EntityKind.ADDRESS), None)
    if address is None or not kept or len(kept) > 2 or not _TOWARDS.search(folded[: address.start]):
        return kept
    if all(scored.score < _LIKELY for scored in kept):
        return [ScoredIntent(Intent.CHANGE_ADDRESS, _LIKELY)]
    if not all(scored.name in _MOVED_ALONG for scored in kept):
        return kept
    before = sum(place < address.start for place in heard.places)
    alone_after = before == len(kept) and kept[-1].name not in (Intent.AFFIRM, Intent.DENY)
    later = alone_after and _goes_on_about(kept[-1].name, folded[address.end :])
    kept.insert(before - later, ScoredIntent(Intent.CHANGE_ADDRESS, _LIKELY))
    return kept


def _goes_on_about(intent: Intent, rest: str) -> bool:
    """Whether the wish whose clause holds the address is said only after it: where to, then how or when."""
    return intent in (Intent.DELIVERY_INSTRUCTIONS, Intent.CHANGE_DELIVERY_SLOT) and len(rest.split()) > 1


def _answered(
    intents: Sequence[ScoredIntent], answer: Answer | None, told: Set[EntityKind], folded: str
) -> list[ScoredIntent]:
    """With the yes or no that the rules read, and with what a bare answer wants or tells besides."""
    lead = _lead(answer, folded)
    if lead is Intent.AFFIRM and not told & _MOVING and only_chooses(folded):
        return [ScoredIntent(Intent.AFFIRM, _BY_RULE), ScoredIntent(Intent.INFORM, _LIKELY)]
    kept = _one_answer(intents, answer, folded)
    if lead and not _has(kept, lead):
        rest = [scored for scored in kept if scored.score >= _LIKELY and scored.name not in _NOT_WITH_NO]
        kept = [ScoredIntent(lead, _BY_RULE), *rest[:2]]
    wish = Intent.CHANGE_ADDRESS if answer is Answer.NO and EntityKind.ADDRESS in told else _wish(told)
    if answer is Answer.CHANGE and wish is not Intent.INFORM:
        kept = [scored for scored in kept if scored.name is not Intent.INFORM]
    tells = told or lead is Intent.AFFIRM
    if kept and tells and all(scored.name in _ANSWERS for scored in kept):
        wanted = answer is Answer.CHANGE or wish is Intent.CHANGE_ADDRESS
        kept.append(ScoredIntent(wish if wanted else Intent.INFORM, _LIKELY))
    return kept


def _wish(told: Set[EntityKind]) -> Intent:
    """What an answer with a condition wants changed, by the data in it."""
    return next((intent for kinds, intent in _WISHES if kinds & told), Intent.INFORM)


def _lead(answer: Answer | None, folded: str) -> Intent | None:
    """The yes or no that an answer opens with."""
    if answer is Answer.NO:
        return Intent.DENY
    if answer is Answer.CHANGE:
        return Intent.DENY if opens_with_no(folded) else Intent.AFFIRM
    return None


def _one_answer(intents: Sequence[ScoredIntent], answer: Answer | None, folded: str) -> list[ScoredIntent]:
    """A message says yes or no, not both: as the rules read it, else the one it says more clearly."""
    yes = max((scored.score for scored in intents if scored.name is Intent.AFFIRM), default=0.0)
    no = max((scored.score for scored in intents if scored.name is Intent.DENY), default=0.0)
    if not (yes and no) and not (answer in (Answer.NO, Answer.CHANGE) and (yes or no)):
        return list(intents)
    lead = _lead(answer, folded) or (Intent.DENY if no >= yes else Intent.AFFIRM)
    drop = Intent.AFFIRM if lead is Intent.DENY else Intent.DENY
    return [scored for scored in intents if scored.name is not drop]


def _with_person(intents: Sequence[ScoredIntent], *, person: bool, sure: float) -> list[ScoredIntent]:
    """The rule finds a wish for a person that the classifier missed, and doubts one that it was not sure of."""
    kept = [scored for scored in intents if scored.name is not Intent.HUMAN_AGENT or person or scored.score >= sure]
    if person and not _has(kept, Intent.HUMAN_AGENT):
        kept = [scored for scored in kept if scored.score >= _LIKELY and scored.name not in _GIVES_WAY]
        kept = [*kept[:2], ScoredIntent(Intent.HUMAN_AGENT, _BY_RULE)]
    return kept


def _has(intents: Sequence[ScoredIntent], name: Intent) -> bool:
    return any(scored.name is name for scored in intents)
