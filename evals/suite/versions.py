"""What is measured: digests of the files that shape a reply."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from agent.app.demo import POLICY
from agent.understanding.digest import MODEL
from evals.suite.trajectory import Versions

ROOT: Final = Path(__file__).parents[2]


def versions_here(model: str, agent: str = "") -> Versions:
    """Of this checkout."""
    return Versions(
        postventa=version("postventa"),
        model=model,
        target="in-process",
        prompt=_digest(ROOT / "prompts", "*"),
        policy=_digest(POLICY, "*.yaml"),
        articles=_digest(ROOT / "knowledge" / "articles", "*.md"),
        reader=_digest(MODEL.parent, MODEL.name),
        agent=agent,
    )


def versions_at(url: str) -> Versions:
    """Of a target that says nothing about itself."""
    return Versions(postventa="unknown", model="unknown", target=url)


def code_digest() -> str:
    """Of the service and of the suite: what a score of a stand-in hangs on beside data."""
    return sha256("".join(_digest(ROOT / name, "*.py") for name in ("agent", "tools", "evals")).encode()).hexdigest()


def _digest(folder: Path, pattern: str) -> str:
    digest = sha256()
    for path in sorted(folder.rglob(pattern)):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
