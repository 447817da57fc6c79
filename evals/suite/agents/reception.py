"""A reception whose turns are answered by another agent."""

from __future__ import annotations

from collections.abc import Callable

from agent.casework.answering import Answering
from agent.casework.front import Services
from agent.casework.receiving import Reception

Receiving = Callable[[Services], Reception]


class StandIn(Reception):
    """The product's reception, with somebody else behind it."""

    def __init__(self, services: Services, answering: type[Answering]) -> None:
        super().__init__(services)
        self._answering = answering(services)


def receiving(answering: type[Answering]) -> Receiving:
    """What opens it on a service."""
    return lambda services: StandIn(services, answering)
