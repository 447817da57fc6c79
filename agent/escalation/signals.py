"""What can be heard in one line, and where in its words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Signal(StrEnum):
    """A thing that one line says. Those under ``AGENT_SIGNALS`` are looked for in the agent's own lines only."""

    HUMAN_REQUEST = "human_request"
    ANYONE_THERE = "anyone_there"
    """Asks for "someone" without saying that it has to be a person: counts once the agent has had its turn."""
    DECLINES_PERSON = "declines_person"
    YES = "yes"
    NO = "no"
    SAFETY = "safety"
    HAZARD = "hazard"
    """Single words of danger, where the line is not a question about a product."""
    LEGAL = "legal"
    FRAUD = "fraud"
    SELF_HARM = "self_harm"
    VULNERABLE = "vulnerable"
    HARDSHIP = "hardship"
    """A circumstance that makes the shopper vulnerable once something is needed, wrong or refused."""
    INFANT = "infant"
    """A baby in the case: a hardship only together with ``NEED``."""
    NEED = "need"
    DATA_PRIVACY = "data_privacy"
    PAYMENT_DATA = "payment_data"
    EXCEPTION = "exception"
    PLEA = "plea"
    INSULT = "insult"
    ANGER = "anger"
    GRIEVANCE = "grievance"
    RESIGNATION = "resignation"
    RELIEF = "relief"
    FRIENDLY = "friendly"
    """Rude words meant well, or hyperbole: anger and insults in the line do not count."""
    ELSEWHERE = "elsewhere"
    """The subject of strong words is not the shop: an ex, the weather, a match."""
    SUPPOSED = "supposed"
    """Danger, law or fraud as a supposition, a general question, hearsay, the shopper's trade, or something that did no harm."""
    RETRACTED = "retracted"
    """The shopper takes back what the line began with: found it after all, it was only the subscription."""
    LOOP = "loop"
    EXCUSE = "excuse"
    """Says why the question comes again, without blaming anybody."""
    TANGLE = "tangle"
    PARTY = "party"
    """Somebody else who has a part in the case: a bank, a carrier, customs, a relative."""
    CONTRADICTION = "contradiction"
    REQUEST_TOPIC = "request_topic"
    REVERSAL = "reversal"
    OUTAGE = "outage"
    """The shopper's own view of a page, app or payment that does not work."""
    VALUE = "value"
    LOSS = "loss"
    """Something went wrong with the goods or the money: makes a high value matter."""

    AGENT_DENIES = "agent_denies"
    AGENT_STALLS = "agent_stalls"
    AGENT_OUTAGE = "agent_outage"
    AGENT_LOST = "agent_lost"
    AGENT_OFFERS = "agent_offers"
    AGENT_CLOSES = "agent_closes"
    AGENT_ASKS_ORDER = "agent_asks_order"
    AGENT_ASKS_CONTACT = "agent_asks_contact"
    AGENT_ASKS_PHOTO = "agent_asks_photo"
    AGENT_ASKS_ADDRESS = "agent_asks_address"


AGENT_SIGNALS = frozenset(signal for signal in Signal if signal.value.startswith("agent_"))


@dataclass(frozen=True, slots=True)
class Hit:
    """A signal and the words of the line that show it, verbatim, with their offset."""

    signal: Signal
    words: str
    start: int

    @property
    def end(self) -> int:
        """Offset behind the last word."""
        return self.start + len(self.words)
