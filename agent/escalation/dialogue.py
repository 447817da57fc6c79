"""The part of a conversation that is still open, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.escalation.hearing import Ear, Heard
from agent.escalation.meaning import Meaning
from agent.escalation.rules import SenseRules
from agent.escalation.signals import Signal
from agent.escalation.verdict import Circumstances, Line

SHOPPER = "shopper"
AGENT = "agent"
PERSON = "person"

SHORT = 8
"""Words of an answer that is a no and nothing else."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One line with what was heard in it; ``index`` is its place in the whole conversation."""

    index: int
    line: Line
    heard: Heard

    @property
    def by_shopper(self) -> bool:
        """Whether the shopper said it."""
        return self.line.who == SHOPPER


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Turns since a person last spoke or a handoff ended.

    ``declined_at`` is the index of the last line that turned a person down, -1 when none did.
    """

    turns: tuple[Turn, ...]
    declined_at: int

    def shopper(self, after: int = -1) -> Iterator[Turn]:
        """The shopper's turns after that index."""
        return (turn for turn in self.turns if turn.by_shopper and turn.index > after)

    def agent(self, after: int = -1) -> Iterator[Turn]:
        """The agent's turns after that index."""
        return (turn for turn in self.turns if turn.line.who == AGENT and turn.index > after)

    def before(self, turn: Turn) -> Turn | None:
        """The turn before that one."""
        place = turn.index - self.turns[0].index
        return self.turns[place - 1] if place > 0 else None

    @property
    def last(self) -> Turn | None:
        """The newest turn."""
        return self.turns[-1] if self.turns else None


def open_dialogue(ear: Ear, lines: Sequence[Line], circumstances: Circumstances, sense: SenseRules) -> Dialogue:
    """What is still open of these lines: a person's line settles all before it, and so does an ended handoff."""
    spoken = [index for index, line in enumerate(lines) if line.who == PERSON]
    start = max([circumstances.settled, *(index + 1 for index in spoken)])
    turns = tuple(
        Turn(index, lines[index], _hear(ear, lines[index])) for index in range(min(start, len(lines)), len(lines))
    )
    return Dialogue(turns, _declined_at(turns, circumstances, sense))


def offers_person(turn: Turn | None) -> bool:
    """Whether that agent's line leaves the shopper only the offer of a person to say yes or no to."""
    if turn is None or turn.line.who != AGENT:
        return False
    offer = turn.heard.first(Signal.AGENT_OFFERS)
    if offer is None:
        return False
    mark = turn.line.text.find("?")
    return mark < 0 or mark >= offer.start or "?" in turn.line.text[offer.start :]


def rather_not(heard: Heard, sense: SenseRules) -> bool:
    """Whether the line as a whole turns a person down rather than asks for one."""
    margins = heard.margins
    return (
        sense.hears(Meaning.DECLINES_PERSON, heard)
        and margins[Meaning.DECLINES_PERSON] > margins[Meaning.HUMAN_REQUEST]
    )


def _hear(ear: Ear, line: Line) -> Heard:
    return ear.hear_shopper(line.text) if line.who == SHOPPER else ear.hear_agent(line.text)


def _declined_at(turns: Sequence[Turn], circumstances: Circumstances, sense: SenseRules) -> int:
    declined = -1
    for place, turn in enumerate(turns):
        if turn.by_shopper and _declines(turn, turns[place - 1] if place else None, sense):
            declined = turn.index
    if declined < 0 and circumstances.declined and turns:
        return turns[-1].index - 1
    return declined


def _declines(turn: Turn, before: Turn | None, sense: SenseRules) -> bool:
    if offers_person(before) and turn.heard.first(Signal.NO) and len(turn.heard.words) <= SHORT:
        return True
    said = turn.heard.all(Signal.DECLINES_PERSON)
    asked = turn.heard.all(Signal.HUMAN_REQUEST)
    if rather_not(turn.heard, sense):
        return True
    return bool(said) and not any(request.start > said[-1].start for request in asked)
