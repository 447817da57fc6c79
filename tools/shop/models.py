"""What an order system knows, in the trade's terms: frozen values, no I/O.

Times are aware. Quantities are whole units. ``Order.version`` grows by one with every write to the order, and a
write names the version it was decided on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from tools.shop.money import Money

ShopId = NewType("ShopId", str)
CustomerId = NewType("CustomerId", str)
OrderNumber = NewType("OrderNumber", str)
LineId = NewType("LineId", str)
ProductId = NewType("ProductId", str)
VariantId = NewType("VariantId", str)
PaymentMethodId = NewType("PaymentMethodId", str)


class OrderStatus(StrEnum):
    """Where an order stands as a whole; each parcel's own state is on its shipment."""

    UNPAID = "unpaid"
    PROCESSING = "processing"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class ShipmentStatus(StrEnum):
    """The carrier's word on a parcel, in the list most carriers map into."""

    PRE_TRANSIT = "pre_transit"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    LOST = "lost"
    RETURN_TO_SENDER = "return_to_sender"
    CANCELLED = "cancelled"


class PaymentKind(StrEnum):
    """How a shopper pays."""

    CARD = "card"
    PAYPAL = "paypal"
    GIFT_CARD = "gift_card"
    TRANSFER = "transfer"
    CASH = "cash"
    PIX = "pix"


class ReturnStatus(StrEnum):
    """The life of an RMA."""

    REQUESTED = "requested"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class RefundStatus(StrEnum):
    """The life of a refund."""

    PENDING = "pending"
    ISSUED = "issued"
    SETTLED = "settled"


class ClaimKind(StrEnum):
    """What went wrong with the goods."""

    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    NOT_RECEIVED = "not_received"


class ClaimStatus(StrEnum):
    """The life of a claim."""

    OPEN = "open"
    RESOLVED = "resolved"
    REJECTED = "rejected"


class ReturnReason(StrEnum):
    """Why goods come back; the shop's RMA form has the same list."""

    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_AS_DESCRIBED = "not_as_described"
    CHANGED_MIND = "changed_mind"
    DAMAGED = "damaged"
    DEFECTIVE = "defective"
    WRONG_ITEM = "wrong_item"
    ARRIVED_LATE = "arrived_late"
    GIFT = "gift"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address. ``country`` is ISO 3166-1 alpha-2, ``region`` the state or province as written there."""

    line1: str
    city: str
    region: str
    postal_code: str
    country: str
    line2: str = ""
    recipient: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A way to pay that the customer has on file. ``balance`` is set on gift cards only."""

    id: PaymentMethodId
    kind: PaymentKind
    brand: str = ""
    last4: str = ""
    balance: Money | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """A person with an account. ``language`` is one of es, en, pt."""

    id: CustomerId
    first_name: str
    last_name: str
    email: str
    phone: str
    language: str
    address: Address
    payment_methods: tuple[PaymentMethod, ...] = ()
    version: int = 1

    @property
    def name(self) -> str:
        """First and last name, as one writes them."""
        return f"{self.first_name} {self.last_name}".strip()

    def method(self, method_id: str) -> PaymentMethod | None:
        """The payment method on file with that id."""
        return next((method for method in self.payment_methods if method.id == method_id), None)


@dataclass(frozen=True, slots=True)
class Variant:
    """One sellable form of a product: options such as ``{"size": "8", "color": "white"}``, its price and stock."""

    id: VariantId
    product_id: ProductId
    options: Mapping[str, str]
    price: Money
    stock: int

    @property
    def available(self) -> bool:
        """Whether one can be had now."""
        return self.stock > 0


@dataclass(frozen=True, slots=True)
class Product:
    """What the shop sells. ``titles`` holds the title in other languages (``{"en": ...}``) where there is one."""

    id: ProductId
    title: str
    category: str
    variants: tuple[Variant, ...]
    final_sale: bool = False
    hygiene: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)

    def variant(self, variant_id: str) -> Variant | None:
        """The variant of this product with that id."""
        return next((variant for variant in self.variants if variant.id == variant_id), None)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line item: ``quantity`` units of a variant at ``unit_price``, as sold.

    ``cancelled`` counts units that were taken out of the order before shipping.
    """

    id: LineId
    product_id: ProductId
    variant_id: VariantId
    title: str
    options: Mapping[str, str]
    quantity: int
    unit_price: Money
    category: str = ""
    final_sale: bool = False
    hygiene: bool = False
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that moved, or was promised, between customer and shop: ``kind`` is ``payment`` or ``refund``."""

    kind: str
    method_id: PaymentMethodId
    amount: Money
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrackingEvent:
    """One scan of a parcel; ``detail`` refines an exception (delayed, attempt_failed, held, damaged, address_problem)."""

    at: datetime
    status: ShipmentStatus
    detail: str = ""
    message: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class PickupPoint:
    """A place where parcels wait for their owner."""

    id: str
    name: str
    address: Address
    hours: str = ""
    keeps_days: int = 0


@dataclass(frozen=True, slots=True)
class Slot:
    """A delivery window the carrier offers."""

    id: str
    starts_at: datetime
    ends_at: datetime
    fee: Money


@dataclass(frozen=True, slots=True)
class Shipment:
    """A parcel: which units of which lines it carries, and where it is."""

    id: str
    contents: Mapping[LineId, int]
    carrier: str
    tracking_number: str
    status: ShipmentStatus
    tracking_url: str = ""
    shipped_at: datetime | None = None
    eta: datetime | None = None
    promised_by: datetime | None = None
    delivered_at: datetime | None = None
    pickup_point: PickupPoint | None = None
    pickup_until: datetime | None = None
    attempts: int = 0
    events: tuple[TrackingEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveryChoice:
    """How the customer wants it brought: what was chosen at checkout and changed since."""

    service: str = "standard"
    slot: Slot | None = None
    pickup_point: PickupPoint | None = None
    hold_until: date | None = None
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A prepaid return label."""

    url: str
    carrier: str
    tracking_number: str


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """Units of a line that come back, and why."""

    line_id: LineId
    quantity: int
    reason: ReturnReason


@dataclass(frozen=True, slots=True)
class Return:
    """An RMA. ``refund`` is what the customer gets once the goods are accepted, ``fee`` what the return costs."""

    rma: str
    lines: tuple[ReturnLine, ...]
    status: ReturnStatus
    refund_method_id: PaymentMethodId
    refund: Money
    fee: Money
    requested_at: datetime | None = None
    ship_by: datetime | None = None
    received_at: datetime | None = None
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Swap:
    """Units of a line replaced by another variant of the same product."""

    line_id: LineId
    quantity: int
    new_variant_id: VariantId


@dataclass(frozen=True, slots=True)
class Exchange:
    """Goods sent back for other variants. ``difference`` > 0 is paid by the customer, < 0 goes back to them."""

    rma: str
    swaps: tuple[Swap, ...]
    status: ReturnStatus
    method_id: PaymentMethodId
    difference: Money
    requested_at: datetime | None = None
    ship_by: datetime | None = None
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back. ``expected_by`` is the day by which it should be seen."""

    id: str
    amount: Money
    method_id: PaymentMethodId
    status: RefundStatus
    reason: str
    issued_at: datetime | None = None
    expected_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A problem with the goods that the shop has to make good. ``wish``: refund, replacement or repair."""

    id: str
    kind: ClaimKind
    lines: Mapping[LineId, int]
    description: str
    status: ClaimStatus
    wish: str = ""
    opened_at: datetime | None = None
    resolution: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A customer's order and all that happened to it.

    ``country`` and ``currency`` are those it was sold in. ``items_changed`` is true once its lines were replaced
    (some shops allow that once). ``total`` is what was charged: lines + shipping - discount, tax included.
    """

    number: OrderNumber
    customer_id: CustomerId
    status: OrderStatus
    currency: str
    country: str
    lines: tuple[OrderLine, ...]
    address: Address
    total: Money
    shipping_cost: Money
    discount: Money
    placed_at: datetime | None = None
    payments: tuple[Payment, ...] = ()
    delivery: DeliveryChoice = field(default_factory=DeliveryChoice)
    shipments: tuple[Shipment, ...] = ()
    returns: tuple[Return, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    refunds: tuple[Refund, ...] = ()
    claims: tuple[Claim, ...] = ()
    cancel_reason: str = ""
    items_changed: bool = False
    invoice_url: str = ""
    gift_note: str = ""
    version: int = 1

    def line(self, line_id: str) -> OrderLine | None:
        """The line of this order with that id."""
        return next((line for line in self.lines if line.id == line_id), None)

    @property
    def rmas(self) -> tuple[Return | Exchange, ...]:
        """Everything that goes or went back: returns, then exchanges."""
        return (*self.returns, *self.exchanges)

    @property
    def paid_with(self) -> PaymentMethodId | None:
        """The method of the last payment, or none when it is unpaid."""
        return next((payment.method_id for payment in reversed(self.payments) if payment.kind == "payment"), None)
