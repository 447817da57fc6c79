"""Chunks and their vectors in Chroma: on disk or on a server, a collection for each language and generation.

The vectors are always ours (no embedding function), nothing is reported to anybody, and the collection ``postventa``
holds no vectors at all: its metadata names the generation being served, so that one write switches all languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api.client import AdminClient, Client
from chromadb.api.fastapi import FastAPI
from chromadb.config import Settings
from chromadb.errors import NotFoundError

from knowledge.chunks import Chunk, Entry
from knowledge.words import LANGUAGES

_POINTER: Final = "postventa"


class IndexUnreachable(ConnectionError):
    """No Chroma server answers at that address."""


class ChromaVectors:
    """Generations of entries, one of them served. Blocking: call it at start, not in the event loop."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @classmethod
    def on_disk(cls, folder: Path) -> ChromaVectors:
        """Chroma in this process, its files in that folder."""
        folder.mkdir(parents=True, exist_ok=True)
        client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
        return cls(cast(Client, client))

    @classmethod
    def on_server(cls, url: str) -> ChromaVectors:
        """Chroma at ``http(s)://host:port``, shared by replicas. Raises IndexUnreachable."""
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        try:
            client = chromadb.HttpClient(
                host=parts.hostname or "localhost",
                port=parts.port or (443 if secure else 8000),
                ssl=secure,
                settings=Settings(anonymized_telemetry=False),
            )
        except ValueError as fault:
            raise IndexUnreachable(f"no Chroma server at {parts.hostname}:{parts.port}") from fault
        return cls(cast(Client, client))

    def served(self) -> str | None:
        """The generation being served; none before the first ingest, or when a part of it is gone."""
        pointer = self._pointer()
        generation = pointer.get("generation")
        if generation is None or pointer.get("entries") != self._count(generation):
            return None
        return str(generation)

    def read(self, generation: str) -> tuple[Entry, ...]:
        """All entries of a generation, by language, article and number; empty when it does not exist."""
        entries = [entry for language in LANGUAGES for entry in self._read(language, generation)]
        return tuple(sorted(entries, key=lambda entry: (entry.chunk.language, entry.chunk.article, entry.chunk.number)))

    def write(self, generation: str, entries: Sequence[Entry]) -> None:
        """Store a generation beside those that exist. Writing it again, or finishing half of one, does no harm."""
        size = self._client.get_max_batch_size()
        for language in LANGUAGES:
            collection = self._client.get_or_create_collection(
                _name(language, generation), embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
            ours = [entry for entry in entries if entry.chunk.language == language]
            for batch in (ours[at : at + size] for at in range(0, len(ours), size)):
                collection.upsert(
                    ids=[entry.chunk.id for entry in batch],
                    embeddings=np.stack([entry.vector for entry in batch]),
                    documents=[entry.chunk.text for entry in batch],
                    metadatas=[_metadata(entry.chunk) for entry in batch],
                )

    def serve(self, generation: str) -> None:
        """Switch to a generation, at once for all languages; the one before is kept, older ones are dropped."""
        before = self._pointer().get("generation", generation)
        pointer = self._client.get_or_create_collection(_POINTER, embedding_function=None)
        pointer.modify(metadata={"generation": generation, "entries": self._count(generation)})
        kept = {_POINTER, *(_name(language, kept) for language in LANGUAGES for kept in (generation, before))}
        for collection in self._client.list_collections():
            if collection.name.startswith(_POINTER) and collection.name not in kept:
                self._client.delete_collection(collection.name)

    def close(self) -> None:
        """Let go of files and connections."""
        servers = (self._client._server, cast(AdminClient, self._client._admin_client)._server)
        self._client.close()
        for server in servers:
            if isinstance(server, FastAPI):
                server._session.close()  # chromadb closes its files, but not its connections

    def _pointer(self) -> dict[str, Any]:
        try:
            return dict(self._client.get_collection(_POINTER, embedding_function=None).metadata or {})
        except NotFoundError:
            return {}

    def _count(self, generation: str) -> int:
        try:
            return sum(
                self._client.get_collection(_name(language, generation), embedding_function=None).count()
                for language in LANGUAGES
            )
        except NotFoundError:
            return -1

    def _read(self, language: str, generation: str) -> list[Entry]:
        try:
            collection = self._client.get_collection(_name(language, generation), embedding_function=None)
        except NotFoundError:
            return []
        rows: Any = collection.get(include=["embeddings", "documents", "metadatas"])
        return [
            Entry(_chunk(metadata, text), np.asarray(vector, dtype=np.float32))
            for metadata, text, vector in zip(rows["metadatas"], rows["documents"], rows["embeddings"], strict=True)
        ]


def _name(language: str, generation: str) -> str:
    return f"{_POINTER}-{language}-{generation}"


def _metadata(chunk: Chunk) -> dict[str, str | int]:
    fields = asdict(chunk)
    del fields["text"]
    return {
        **fields,
        "path": "\n".join(chunk.path),
        "asked": "\n".join(chunk.asked),
        "effective_from": chunk.effective_from.isoformat(),
        "effective_to": chunk.effective_to.isoformat() if chunk.effective_to else "",
    }


def _chunk(metadata: dict[str, Any], text: str) -> Chunk:
    return Chunk(
        **{
            **metadata,
            "path": tuple(metadata["path"].splitlines()),
            "asked": tuple(metadata["asked"].splitlines()),
            "effective_from": date.fromisoformat(metadata["effective_from"]),
            "effective_to": date.fromisoformat(metadata["effective_to"]) if metadata["effective_to"] else None,
            "text": text,
        }
    )
