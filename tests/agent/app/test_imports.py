"""What a start with the embedded parts does without: each of these would cost a tenth of it or more."""

from __future__ import annotations

import subprocess
import sys

SPARED = ("alembic", "asyncpg", "chromadb", "markdown_it", "openai", "redis", "sklearn", "sqlalchemy.ext.asyncio")
SERVE = "import sys, agent.app.serving; print(*sys.modules)"


def test_serving_imports_nothing_that_only_another_setting_needs() -> None:
    run = subprocess.run([sys.executable, "-c", SERVE], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "agent.loop.agent" in loaded
    assert loaded & set(SPARED) == set()
