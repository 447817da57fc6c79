"""Money: an exact decimal amount with its ISO 4217 currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO_DECIMAL = frozenset({"CLP", "JPY", "KRW", "PYG", "VND"})


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in major units (``Decimal("49.90")`` is 49 euros and 90 cents) and its currency.

    Arithmetic between two currencies raises ``ValueError``: a shop never mixes them silently.
    """

    amount: Decimal
    currency: str

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """Read an amount and round it half-up to the currency's minor unit."""
        step = Decimal(1) if currency in ZERO_DECIMAL else Decimal("0.01")
        return cls(Decimal(amount).quantize(step, rounding=ROUND_HALF_UP), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in that currency."""
        return cls.of(0, currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other).amount, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.amount * times, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other).amount

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other).amount

    def __bool__(self) -> bool:
        return self.amount != 0

    def as_json(self) -> dict[str, str]:
        """The wire form: ``{"amount": "49.90", "currency": "EUR"}``."""
        return {"amount": str(self.amount), "currency": self.currency}

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} with {other.currency}")
        return other
