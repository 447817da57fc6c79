from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tools.shop.csv_folder.cells import Habits, read_decimal, read_moment

MADRID = Habits(ZoneInfo("Europe/Madrid"))
NEW_YORK = Habits(ZoneInfo("America/New_York"), month_first=True)

AMOUNTS = [
    ("49.90", "49.90"),
    ("49,9", "49.9"),
    ("1.234,50", "1234.50"),
    ("1,234.50", "1234.50"),
    ("12.900", "12900"),
    ("1.234.567", "1234567"),
    ("1 234,50 €", "1234.50"),
    ("R$ 19,90", "19.90"),
    ("MXN 89", "89"),
    ("0,50", "0.50"),
]
NO_AMOUNTS = ["", "gratis", "0,500", "1,23,45", "12.3456", "1.23,456", ".5", "1-2"]


@pytest.mark.parametrize(("written", "meant"), AMOUNTS)
def test_amounts_are_read_as_people_write_them(written: str, meant: str) -> None:
    assert read_decimal(written) == Decimal(meant)


@pytest.mark.parametrize("written", NO_AMOUNTS)
def test_what_is_no_clear_amount_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        read_decimal(written)


MOMENTS = [
    ("2026-11-24", MADRID, datetime(2026, 11, 23, 23, tzinfo=UTC)),
    ("2026-07-24 14:30", MADRID, datetime(2026, 7, 24, 12, 30, tzinfo=UTC)),
    ("2026-11-24T14:30:00-03:00", MADRID, datetime(2026, 11, 24, 17, 30, tzinfo=UTC)),
    ("2026-11-24T14:30:00Z", MADRID, datetime(2026, 11, 24, 14, 30, tzinfo=UTC)),
    ("3/4/2026 8:05", MADRID, datetime(2026, 4, 3, 6, 5, tzinfo=UTC)),
    ("3/4/2026", NEW_YORK, datetime(2026, 3, 4, 5, tzinfo=UTC)),
]


@pytest.mark.parametrize(("written", "habits", "meant"), MOMENTS)
def test_times_are_read_in_the_shops_zone_and_order(written: str, habits: Habits, meant: datetime) -> None:
    assert read_moment(written, habits) == meant


@pytest.mark.parametrize("written", ["ayer", "31/02/2026", "2026-13-01", "24/11/26", "13/13/2026"])
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        read_moment(written, MADRID)
