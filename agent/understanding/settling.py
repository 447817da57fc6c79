"""The classifier's intents, corrected by what the rules are sure of."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Final

from agent.understanding.answers import opens_with_no
from agent.understanding.human import asks_what_it_talks_to
from agent.understanding.reading import Answer, EntityKind, Intent, ScoredIntent

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
_CLOSING: Final = re.compile(
    r"\b(?:chau|chao|adios|hasta luego|nos vemos|bye|goodbye|that'?s all|that'?s it|that will be all|nothing else|nada mas|"
    r"(?:eso|esto) (?:es|era|seria) todo|tchau|ate mais|ate logo|(?:era )?so isso(?: mesmo)?)(?:\W+\w+){0,3}\W*$"
)


def settle(
    intents: Sequence[ScoredIntent], answer: Answer | None, *, person: bool, told: Set[EntityKind], folded: str
) -> tuple[ScoredIntent, ...]:
    """At most three intents in the order said.

    ``person``: the message asks for one by rule; ``told``: the kinds of its entities; ``folded``: its text, folded.
    """
    if answer is Answer.YES:
        polite = bool(intents) and intents[0].name is Intent.THANKS_BYE and intents[0].score >= _LIKELY
        return tuple(intents[:1]) if polite else (ScoredIntent(Intent.AFFIRM, _BY_RULE),)
    kept = _with_person(intents, person=person, sure=_SURE_OF_PERSON if not asks_what_it_talks_to(folded) else 1.0)
    kept = _one_answer(kept, answer, folded)
    lead = _lead(answer, folded)
    if lead and not _has(kept, lead):
        rest = [scored for scored in kept if scored.score >= _LIKELY and scored.name not in _NOT_WITH_NO]
        kept = [ScoredIntent(lead, _BY_RULE), *rest[:2]]
    if answer is Answer.CHANGE and _wish(told) is not Intent.INFORM:
        kept = [scored for scored in kept if scored.name is not Intent.INFORM]
    if kept and told and all(scored.name in _ANSWERS for scored in kept):
        kept.append(ScoredIntent(_wish(told) if answer is Answer.CHANGE else Intent.INFORM, _LIKELY))
    if kept and not _has(kept, Intent.THANKS_BYE) and kept[0].name not in _GIVES_WAY and _CLOSING.search(folded):
        kept = [*kept[:2], ScoredIntent(Intent.THANKS_BYE, _BY_RULE)]
    return tuple(kept) or (ScoredIntent(Intent.OUT_OF_SCOPE, 0.3),) * bool(intents)


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
