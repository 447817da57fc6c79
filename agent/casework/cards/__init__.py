"""What a reply shows beside its words: an order with its parcels, a list to pick from, a change to confirm, a receipt.

A card repeats in a form one can press what the reply says in words; a channel without cards loses nothing. Every text on
a card is in the shopper's language and comes from a tool result or an action of this turn, never from a model. What an
option ``say``s is sent as the shopper's next message when it is picked.
"""

from __future__ import annotations

from typing import Any

from agent.casework.cards.changing import confirmation, receipt
from agent.casework.cards.picking import picks
from agent.casework.cards.results import results_of
from agent.casework.cards.tracking import orders
from agent.casework.draft import Draft
from agent.casework.front import Storefront
from agent.conversation import ActionStatus
from prompts.loader import Sentences

Card = dict[str, Any]

CONFIRMS = "confirmation"


async def cards_of(draft: Draft, front: Storefront, sentences: Sentences) -> list[Card]:
    """The cards of a turn's reply, in the order they are to be shown; JSON-ready, see ``agent.api.wire.cards``."""
    language = draft.conversation.language
    changed = tuple(draft.changed.values())
    cards: list[Card] = [
        receipt(one, language, sentences, draft.now) for one in changed if one.status is ActionStatus.EXECUTED
    ]
    results = results_of(draft.tool_calls)
    proposed = [one for one in changed if one.status is ActionStatus.PROPOSED]
    if CONFIRMS in draft.asks:
        for action in proposed or draft.pending[-1:]:
            clause = await front.knowledge.topic(str(action.proposal["clause"]["topic"]), language)
            cards.append(confirmation(action, clause, language, sentences))
        return cards
    chosen = picks(draft, results, sentences)
    return cards + (chosen or orders(draft, results, sentences))
