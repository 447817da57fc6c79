"""Gives the article search its embeddings: what was kept serves at once, what is missing is made beside it."""

from __future__ import annotations

import asyncio
import importlib
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import structlog

from agent.errors import Misconfigured
from agent.settings import Settings
from knowledge.meaning import EmbeddingFailed, Meaning, MeaningFiles, RemoteEmbedder, embed_missing

if TYPE_CHECKING:
    from knowledge.search import KnowledgeSearch

log = structlog.get_logger("postventa.knowledge")

AGAIN_S = 300.0


async def add_meaning(search: KnowledgeSearch, settings: Settings, stack: AsyncExitStack) -> None:
    """Serve the embeddings kept before, and bring them up to date in the background. Raises ``Misconfigured``."""
    if not settings.embeddings:
        return
    files = MeaningFiles(settings.data_dir / "meaning")
    wanted, served = open_embedder(settings, settings.embeddings), files.served()
    stack.push_async_callback(wanted.aclose)
    if served and (rows := files.read(served)):
        old = wanted if served == wanted.name else open_embedder(settings, served)
        stack.push_async_callback(old.aclose)
        search.meaning = Meaning(old, rows, time.monotonic)
    if served == wanted.name and {chunk.id for chunk in search.chunks} <= files.read(served).keys():
        return
    task = asyncio.create_task(keep_trying(search, files, wanted))
    stack.callback(task.cancel)


async def keep_trying(search: KnowledgeSearch, files: MeaningFiles, embedder: RemoteEmbedder) -> None:
    """Until every article has its vector; what was served before goes on being served meanwhile."""
    while True:
        if await bring_up_to_date(search, files, embedder):
            return
        await asyncio.sleep(AGAIN_S)


async def bring_up_to_date(search: KnowledgeSearch, files: MeaningFiles, embedder: RemoteEmbedder) -> bool:
    """Embed what has no vector of this embedder yet, keep it, and serve it; false when the endpoint fails."""
    try:
        rows = await embed_missing(embedder, search.chunks, files.read(embedder.name))
    except EmbeddingFailed as failed:
        log.warning("articles_not_embedded", embedder=embedder.name, cause=failed.cause)
        return False
    await asyncio.to_thread(files.serve, embedder.name, rows)
    search.meaning = Meaning(embedder, rows, time.monotonic)
    log.info("articles_embedded", embedder=embedder.name, chunks=len(rows))
    return True


def open_embedder(settings: Settings, name: str) -> RemoteEmbedder:
    """The client for a setting such as ``openai:text-embedding-3-small``. Raises ``Misconfigured``."""
    key = settings.openai_api_key if not name.startswith("openrouter:") else settings.openrouter_api_key
    secret = key.get_secret_value()
    if not secret and name.startswith(("openai:", "openrouter:")):
        raise Misconfigured(f"POSTVENTA_EMBEDDINGS={name}: a key is needed")
    url = "" if name.startswith("openrouter:") else settings.openai_base_url
    try:
        found: RemoteEmbedder = importlib.import_module("agent.loop.embeddings").open_embedder(name, secret, url)
    except LookupError:
        raise Misconfigured("POSTVENTA_EMBEDDINGS: 'openai:<model>' is wanted, or openrouter, ollama, vllm") from None
    return found
