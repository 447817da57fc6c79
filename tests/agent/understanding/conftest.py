from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.understanding.digest import MODEL
from agent.understanding.reader import Reader
from agent.understanding.reading import Reading

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/Mexico_City")


@pytest.fixture(scope="session")
def model_path() -> Path:
    return MODEL


@pytest.fixture(scope="session")
def read(model_path: Path) -> Callable[..., Reading]:
    reader = Reader.load(model_path)

    def read_now(text: str, **context: object) -> Reading:
        return reader.read(text, **{"now": NOW, "zone": ZONE, **context})

    return read_now
