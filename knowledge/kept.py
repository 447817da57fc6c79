"""The index as it was last read, in one file, so that a start with the same articles needs no Chroma."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np

from knowledge.chunks import Chunk, Entry
from knowledge.features import Floats

_FORMAT: Final = 1
"""Raised when what the file holds changes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a generation holds, and the ``rarity`` that its embedder had counted."""

    entries: tuple[Entry, ...]
    rarity: Floats


def read_kept(folder: Path, generation: str) -> Kept | None:
    """The generation, if it was kept; none too when the file is damaged."""
    try:
        with _path(folder, generation).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            chunks = [_chunk(fields) for fields in json.loads(str(file["chunks"]))]
            entries = tuple(Entry(chunk, vector) for chunk, vector in zip(chunks, file["vectors"], strict=True))
            return Kept(entries, file["rarity"])
    except (OSError, EOFError, BadZipFile, KeyError, TypeError, ValueError):
        return None


def keep(folder: Path, generation: str, entries: Sequence[Entry], rarity: Floats) -> None:
    """Write it in one step; generations kept before are dropped."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _path(folder, generation)
    partial = path.with_name(f"{path.stem}.{os.getpid()}.partial")
    chunks = json.dumps([asdict(entry.chunk) for entry in entries], default=date.isoformat)
    with partial.open("wb") as file:
        np.savez(file, chunks=np.array(chunks), vectors=np.stack([entry.vector for entry in entries]), rarity=rarity)
    partial.replace(path)
    for other in folder.glob("index-*.npz"):
        if other != path:
            other.unlink(missing_ok=True)


def _path(folder: Path, generation: str) -> Path:
    return folder / f"index-{_FORMAT}-{generation}.npz"


def _chunk(fields: dict[str, Any]) -> Chunk:
    until = fields["effective_to"]
    return Chunk(
        **{
            **fields,
            "path": tuple(fields["path"]),
            "asked": tuple(fields["asked"]),
            "effective_from": date.fromisoformat(fields["effective_from"]),
            "effective_to": date.fromisoformat(until) if until else None,
        }
    )
