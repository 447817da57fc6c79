"""Nearness in meaning, by embeddings from elsewhere: an addition to the search by words, which goes on without it."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from zipfile import BadZipFile

import numpy as np

from knowledge.chunks import Chunk
from knowledge.features import Floats

BATCH: Final = 64
CURRENT: Final = "current.json"
REST_S: Final = 30.0
"""How long an endpoint that failed is left alone: until then the search is by words alone, at once."""

_log: Final = logging.getLogger(__name__)


class EmbeddingFailed(Exception):
    """The endpoint gave no vectors; ``cause`` is a stable name."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class RemoteEmbedder(Protocol):
    """Texts as vectors of one length, by a model that is asked over the network."""

    @property
    def name(self) -> str:
        """The model's; vectors of another name are of another space."""
        ...

    async def embed(self, texts: Sequence[str]) -> Floats:
        """One unit row a text. Raises ``EmbeddingFailed``, after a bounded time."""
        ...

    async def aclose(self) -> None:
        """Let connections go."""
        ...


class Meaning:
    """The vectors of the articles, in the space of one embedder."""

    def __init__(self, embedder: RemoteEmbedder, rows: Mapping[str, Floats], clock: Callable[[], float]) -> None:
        self._embedder = embedder
        self._rows = rows
        self._clock = clock
        self._rests_until = 0.0
        self.failures = 0

    @property
    def name(self) -> str:
        """The embedder's."""
        return self._embedder.name

    async def nearness(self, text: str, chunks: Sequence[Chunk]) -> Floats | None:
        """The cosine of each chunk with the text, 0 for one without a vector; none when the endpoint does not answer."""
        if self._clock() < self._rests_until:
            return None
        try:
            (asked,) = await self._embedder.embed([text])
        except EmbeddingFailed as failed:
            self.failures += 1
            self._rests_until = self._clock() + REST_S
            _log.warning("embedding of a question failed (%s): searched by words alone", failed.cause)
            return None
        nothing = np.zeros_like(asked)
        rows = np.stack([self._rows.get(chunk.id, nothing) for chunk in chunks])
        return np.asarray(np.clip(rows @ asked, 0, 1), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class MeaningFiles:
    """Vectors by embedder, a file each; ``current.json`` names the embedder whose file is served."""

    folder: Path

    def served(self) -> str:
        """The embedder whose vectors were served last; empty for none."""
        try:
            return str(json.loads((self.folder / CURRENT).read_text(encoding="utf-8"))["embedder"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def read(self, name: str) -> dict[str, Floats]:
        """The vectors of that embedder by chunk; none when its file is not there, or damaged."""
        try:
            with self._path(name).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                return dict(zip(json.loads(str(file["ids"])), file["vectors"], strict=True))
        except (OSError, EOFError, BadZipFile, KeyError, TypeError, ValueError):
            return {}

    def serve(self, name: str, rows: Mapping[str, Floats]) -> None:
        """Keep these and serve them from now on; each step is whole or not at all. Other embedders' files go."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._replace(self._path(name), lambda path: _write_rows(path, rows))
        self._replace(
            self.folder / CURRENT, lambda path: path.write_text(json.dumps({"embedder": name}), encoding="utf-8")
        )
        for other in self.folder.glob("*.npz"):
            if other != self._path(name):
                other.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{re.sub(r'[^a-z0-9.]+', '-', name.lower())}.npz"

    def _replace(self, path: Path, write: Callable[[Path], object]) -> None:
        partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
        write(partial)
        partial.replace(path)


async def embed_missing(
    embedder: RemoteEmbedder, chunks: Sequence[Chunk], known: Mapping[str, Floats]
) -> dict[str, Floats]:
    """The vectors of all chunks; only those not ``known`` are asked for. Raises ``EmbeddingFailed``."""
    rows = {chunk.id: known[chunk.id] for chunk in chunks if chunk.id in known}
    missing = [chunk for chunk in chunks if chunk.id not in rows]
    for start in range(0, len(missing), BATCH):
        batch = missing[start : start + BATCH]
        vectors = await embedder.embed([chunk.indexed for chunk in batch])
        rows |= {chunk.id: vector for chunk, vector in zip(batch, vectors, strict=True)}
    return rows


def _write_rows(path: Path, rows: Mapping[str, Floats]) -> None:
    with path.open("wb") as file:
        np.savez(file, ids=np.array(json.dumps(list(rows))), vectors=np.stack(list(rows.values())))
