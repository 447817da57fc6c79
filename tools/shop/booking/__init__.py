"""What a change does to an order, its stock and its money: pure bookkeeping, the same for every store of orders.

``book`` takes a change, the figures to book and what is known, and answers with the order as it will be and what has
to move in stock and on gift cards. It computes no amount, reads no clock and does no I/O.
"""

from tools.shop.booking.book import book
from tools.shop.booking.draft import Booking, Facts

__all__ = ["Booking", "Facts", "book"]
