"""What a model may hand over beside plain words: small forms, bounded and without prices, customers or refunds."""

from __future__ import annotations

from pydantic import BaseModel, Field

from tools.errors import AskAgain
from tools.shop.models import Address

ADDRESS_CHARS = 120


class NewAddress(BaseModel):
    """A postal address as the shopper gave it; leave out what they did not say."""

    line1: str = Field(description="street and number")
    city: str = Field(description="city or town")
    postal_code: str = Field(description="postal code")
    region: str = Field(default="", description="state or province")
    line2: str = Field(default="", description="flat, floor, building")
    country: str = Field(default="", description="two letters (ES, MX); empty: the country of the present address")
    recipient: str = Field(default="", description="who receives it; empty: as before")

    def over(self, present: Address) -> Address:
        """The address meant, with country, recipient and phone kept from the present one where none was given.

        Raises ``AskAgain`` (address_incomplete, too_long).
        """
        parts = {name: tidy(value, name, ADDRESS_CHARS) for name, value in self.model_dump().items()}
        missing = [name for name in ("line1", "city", "postal_code") if not parts[name]]
        if missing:
            raise AskAgain("address_incomplete", missing=missing)
        same_city = parts["city"].casefold() == present.city.casefold()
        return Address(
            line1=parts["line1"],
            line2=parts["line2"],
            city=parts["city"],
            region=parts["region"] or (present.region if same_city else ""),
            postal_code=parts["postal_code"],
            country=parts["country"].upper() or present.country,
            recipient=parts["recipient"] or present.recipient,
            phone=present.phone,
        )


class Units(BaseModel):
    """Some units of a line of the order."""

    line: str = Field(description="line id, or words of its title")
    quantity: int = Field(default=0, ge=0, le=999, description="how many; 0: all that is left of the line")


class UnitsBack(Units):
    """Units that come back, and why."""

    reason: str = Field(
        description="too_small, too_large, not_as_described, changed_mind, damaged, defective, wrong_item, "
        "arrived_late, gift or other"
    )


class Replacement(BaseModel):
    """Units of a line, and the variant of the same product that should come instead."""

    line: str = Field(description="line id, or words of its title")
    variant_id: str = Field(default="", description="the new variant's id")
    options: dict[str, str] = Field(
        default_factory=dict, description='instead of variant_id: only the options that change ({"size": "8"})'
    )
    quantity: int = Field(default=0, ge=0, le=999, description="how many; 0: all that is left of the line")


def tidy(text: str, field: str, limit: int) -> str:
    """The text on one line without control characters. Raises ``AskAgain("too_long")`` past ``limit`` characters."""
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if len(plain) > limit:
        raise AskAgain("too_long", field=field, limit=limit)
    return plain
