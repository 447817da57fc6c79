"""What was read in one message: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """What a shopper wants, as labelled in the evaluation sets."""

    ORDER_STATUS = "order_status"
    DELIVERY_PROBLEM = "delivery_problem"
    CHANGE_ADDRESS = "change_address"
    CHANGE_DELIVERY_SLOT = "change_delivery_slot"
    CHANGE_PICKUP = "change_pickup"
    DELIVERY_INSTRUCTIONS = "delivery_instructions"
    CANCEL_ORDER = "cancel_order"
    CHANGE_ITEMS = "change_items"
    RETURN_ITEM = "return_item"
    EXCHANGE_ITEM = "exchange_item"
    ITEM_PROBLEM = "item_problem"
    REFUND_STATUS = "refund_status"
    INVOICE = "invoice"
    PAYMENT_PROBLEM = "payment_problem"
    POLICY_QUESTION = "policy_question"
    PRODUCT_HELP = "product_help"
    ACCOUNT_HELP = "account_help"
    COMPLAINT = "complaint"
    HUMAN_AGENT = "human_agent"
    FEEDBACK = "feedback"
    GREETING = "greeting"
    THANKS_BYE = "thanks_bye"
    AFFIRM = "affirm"
    DENY = "deny"
    INFORM = "inform"
    OUT_OF_SCOPE = "out_of_scope"


class EntityKind(StrEnum):
    """What can be picked out of a message."""

    ORDER_NUMBER = "order_number"
    EMAIL = "email"
    PHONE = "phone"
    POSTAL_CODE = "postal_code"
    ADDRESS = "address"
    PRODUCT = "product"
    SIZE = "size"
    COLOR = "color"
    QUANTITY = "quantity"
    DATE = "date"
    TIME_WINDOW = "time_window"
    REASON = "reason"
    PAYMENT_REFERENCE = "payment_reference"
    CODE = "code"
    NAME = "name"
    PAYMENT_METHOD = "payment_method"


@dataclass(frozen=True, slots=True)
class Entity:
    """A span of the message and what it means.

    ``text`` is verbatim ``message[start:end]``. ``value`` is normalised: an order number without ``#`` and in upper
    case, a phone in E.164, a date as ISO (relative to the clock, in the shop's zone), a time window as
    ``HH:MM-HH:MM``, a reason as one of ``tools.shop.models.ReturnReason``, a quantity as digits, a size or colour in
    lower case (colours in the language they were said in; a size up or down from the one at hand is ``+1`` or
    ``-1``), a payment method as card/paypal/gift_card/transfer/pix,
    an address as JSON of its parts (line1, line2, city, region, postal_code, country; only those found), a name as
    written.
    """

    kind: EntityKind
    text: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ScoredIntent:
    """An intent with the reader's confidence, 0..1."""

    name: Intent
    score: float


class Answer(StrEnum):
    """What a message says to a pending proposal."""

    YES = "yes"
    NO = "no"
    CHANGE = "change"
    """"yes, but ...": not a yes; the proposal has to be made anew."""


@dataclass(frozen=True, slots=True)
class Emotion:
    """How upset the shopper is: ``frustration`` 0..1 and the words that show it."""

    frustration: float = 0.0
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read in one message.

    ``language`` is es, en or pt; ``language_sure`` is false when the message is too short to tell and the
    conversation's language was kept. ``answer`` reads the message as a reply to a yes/no question.
    ``intents`` are in the order said, at most three, never empty for a message with words in it.
    """

    text: str
    language: str
    language_sure: bool
    intents: tuple[ScoredIntent, ...]
    entities: tuple[Entity, ...]
    emotion: Emotion
    answer: Answer | None = None

    def has(self, *wanted: Intent) -> bool:
        """Whether one of these intents was read."""
        return any(intent.name in wanted for intent in self.intents)

    def first(self, kind: EntityKind) -> Entity | None:
        """The first entity of that kind."""
        return next((entity for entity in self.entities if entity.kind is kind), None)

    def all(self, kind: EntityKind) -> tuple[Entity, ...]:
        """Every entity of that kind, in the order said."""
        return tuple(entity for entity in self.entities if entity.kind is kind)
