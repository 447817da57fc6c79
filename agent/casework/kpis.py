"""The figures of a shop's service over a stretch of time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol


class Kpis(Protocol):
    """Counts what the store holds; nothing is counted twice in another place."""

    async def between(self, shop_id: str, start: datetime, end: datetime) -> Mapping[str, Any]:
        """Figures of what began in ``[start, end)``, JSON-ready.

        ``conversations`` (opened) and ``turns`` (accepted) are counts. ``outcomes`` counts those conversations by
        how they stand: ``human`` (a person has, or had, the case), ``confirmed`` (the shopper said it is resolved),
        ``unresolved`` (the shopper said it is not), ``acted`` (an action was executed, no word from the shopper),
        ``answered`` (a turn was answered, nothing more is known) and ``empty`` (no turn); each conversation counts
        once, in the first that fits. ``handoffs`` counts by reason code, ``actions`` by kind, then by status.
        ``latency_ms`` is ``{"p50", "p95"}`` of answered turns, by nearest rank. ``csat`` and ``nps`` are
        ``{"count", "average"}`` of ratings 1 to 5 and of answers 0 to 10. ``resolutions`` counts the agent's part and
        people's apart: ``agent`` every answered conversation once, as ``escalated`` (a case was made), ``confirmed`` (the
        shopper said so), ``abandoned`` (they said the opposite, or left with something open) or ``assumed``; ``people``
        every case once, see ``desk.figures.outcome_of``. ``desk`` is ``desk.figures.desk_figures``. ``models`` is what LLMs
        took by model on the days that the stretch touches: turns, tokens and cost. Without data a figure is None.
        """
        ...
