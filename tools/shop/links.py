"""Links to pages of the shop's own that only their owner can know: an invoice, a label, a parcel's way."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from tools.shop.models import CustomerId, OrderNumber

SEAL_CHARS = 22
"""132 bits of the seal: nobody guesses that over HTTP."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose page it is, and of which order."""

    customer_id: CustomerId
    number: OrderNumber


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Signs and reads the ``key`` of a page's address.

    A path belongs to one customer's order; its key says whose and is sealed with the shop's secret, so that a number
    tried out opens nothing. ``base`` is where shoppers reach the service (``https://help.shop.example``); without it
    links are paths. Without a secret nothing is signed and nothing opens.
    """

    shop_id: str
    secret: str
    base: str = ""

    def sign(self, path: str, holder: Holder) -> str:
        """The address a shopper may open. One that leads elsewhere (not a bare path) stays as it is."""
        if not self.secret or not path.startswith("/") or "?" in path:
            return path
        said = f"{holder.customer_id}\x00{holder.number}".encode()
        return f"{self.base}{path}?key={_text(said)}.{self._seal(path, said)}"

    def holder_of(self, path: str, key: str) -> Holder | None:
        """Whose page that is, when the key was made for this very path."""
        told, _, seal = key.partition(".")
        try:
            said = base64.b64decode(told + "=" * (-len(told) % 4), altchars=b"-_", validate=True)
            customer, number = said.decode().split("\x00")
        except (binascii.Error, ValueError):
            return None
        if not self.secret or not hmac.compare_digest(seal.encode(), self._seal(path, said).encode()):
            return None
        return Holder(CustomerId(customer), OrderNumber(number))

    def _seal(self, path: str, said: bytes) -> str:
        material = b"\x00".join((b"page", self.shop_id.encode(), path.encode(), said))
        return _text(hmac.new(self.secret.encode(), material, hashlib.sha256).digest())[:SEAL_CHARS]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
