"""Column types that make SQLite and PostgreSQL give back the same values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Utc(TypeDecorator[datetime]):
    """An instant, to the microsecond: aware in, aware UTC out. A naive time raises ``ValueError``."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base names it
        """SQLite keeps the fields as they stand, hence always UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone cannot be stored: {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the base names it
        """SQLite has lost the zone; PostgreSQL has it."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


class Words(TypeDecorator[str]):
    """Text from outside. U+0000, which PostgreSQL refuses, becomes U+FFFD in both databases."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the base names it
        """Applied to what is stored and to what is looked for."""
        return value.replace("\0", "\ufffd") if value and "\0" in value else value


Document = JSON(none_as_null=True)
"""JSON as text, key order kept: what was sent can be sent again byte for byte. None is SQL's NULL."""


def _open_mapping(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"not JSON-ready: {type(value).__name__}")


write_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_open_mapping).encode
"""JSON for the store; any ``Mapping`` counts as an object."""
