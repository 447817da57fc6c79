"""Which pickup points are near an address, without a map."""

from __future__ import annotations

from collections.abc import Iterable

from tools.shop.matching import name_key, postal_key
from tools.shop.models import Address, PickupPoint

PREFIX = 3


def sort_by_nearness(points: Iterable[PickupPoint], address: Address) -> tuple[PickupPoint, ...]:
    """Those in the address's country: first the same postal prefix, then the city, the region, the rest.

    Among equals, the one whose postal code agrees with the address's for longer comes first, then the given order.
    """
    near = (point for point in points if point.address.country == address.country)
    return tuple(sorted(near, key=lambda point: _measure(point.address, address)))


def _measure(there: Address, here: Address) -> tuple[int, int]:
    agree = _count_agreeing(postal_key(there.postal_code), postal_key(here.postal_code))
    if agree >= PREFIX:
        ring = 0
    elif name_key(there.city) == name_key(here.city):
        ring = 1
    elif name_key(there.region) == name_key(here.region):
        ring = 2
    else:
        ring = 3
    return ring, -agree


def _count_agreeing(one: str, other: str) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length
