"""What an order system may answer instead of a result.

ShopError
|- ShopUnavailable     it did not answer, or not in time: the outcome of a write is unknown
`- Refused             it answered no; nothing changed
   |- StaleVersion     the order changed since it was read
   |- NotOffered       this shop cannot do that at all
   `- NotPossible      not for this order now (no stock, not enough balance, unknown line)
"""

from __future__ import annotations


class ShopError(Exception):
    """Anything the order system may raise. ``code`` is stable, the text is for logs and never for shoppers."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(text or code)
        self.code = code


class ShopUnavailable(ShopError):
    """No answer in time. A write may or may not have happened: read ``applied`` back before saying anything."""


class Refused(ShopError):
    """The shop said no and changed nothing."""


class StaleVersion(Refused):
    """The order is no longer the one the change was decided on."""


class NotOffered(Refused):
    """The shop has no such capability."""


class NotPossible(Refused):
    """The shop cannot do this to this order now."""
