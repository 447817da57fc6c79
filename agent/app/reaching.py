"""What a start says when something that a setting names is not there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from agent.errors import Misconfigured
from tools.shop.errors import ShopUnavailable


@contextmanager
def reaching(setting: str) -> Iterator[None]:
    """Raises ``Misconfigured`` naming the setting when what it leads to cannot be opened; never its value: it may hold a password."""
    try:
        yield
    except (OSError, SQLAlchemyError, ShopUnavailable) as away:
        raise Misconfigured(f"{setting}: cannot be reached or opened ({type(away).__name__})") from away
    except ValueError as wrong:
        raise Misconfigured(f"{setting}: not an address that is known here") from wrong
