"""OpenAI's embeddings, and those of every endpoint that speaks its protocol, for the search over articles.

Importing this module imports langchain-openai (seconds): only a service with embeddings set does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np
from langchain_openai import OpenAIEmbeddings
from openai import DefaultAsyncHttpxClient
from pydantic import SecretStr

from agent.loop.failures import may_pass, name_cause
from agent.loop.llm import ENDPOINTS, OPENAI, POOL
from knowledge.features import Floats
from knowledge.meaning import EmbeddingFailed

ATTEMPTS = 2
PAUSE_S = 0.3


class OpenAIMeaning:
    """``knowledge.meaning.RemoteEmbedder``. At most two tries, ``timeout_s`` in all; texts go out as texts, not as tokens.

    ``spent`` counts the characters sent: endpoints do not tell through LangChain what an embedding took.
    """

    def __init__(self, name: str, model: str, api_key: str, base_url: str = "", timeout_s: float = 4.0) -> None:
        self.name = name
        self.spent = 0
        self._timeout_s = timeout_s
        self._http = DefaultAsyncHttpxClient(timeout=timeout_s, limits=POOL)
        self._client = OpenAIEmbeddings(
            model=model,
            api_key=SecretStr(api_key or "none"),
            base_url=base_url or OPENAI,
            check_embedding_ctx_length=False,  # counting tokens would download a table
            max_retries=0,
            timeout=timeout_s,
            http_async_client=self._http,
        )

    async def aclose(self) -> None:
        """Let its connections go."""
        await self._http.aclose()

    async def embed(self, texts: Sequence[str]) -> Floats:
        """See the port."""
        self.spent += sum(map(len, texts))
        try:
            async with asyncio.timeout(self._timeout_s):
                rows = np.asarray(await self._ask(list(texts)), dtype=np.float32)
        except Exception as failure:  # whatever an endpoint brings about: the search goes on by words
            raise EmbeddingFailed(name_cause(failure)) from failure
        if rows.ndim != 2 or len(rows) != len(texts) or not np.isfinite(rows).all():
            raise EmbeddingFailed("unreadable")
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(lengths == 0, 1, lengths), dtype=np.float32)

    async def _ask(self, texts: list[str]) -> list[list[float]]:
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._client.aembed_documents(texts)
            except Exception as failure:
                if not may_pass(failure):
                    raise
            await asyncio.sleep(PAUSE_S)
        return await self._client.aembed_documents(texts)


def open_embedder(setting: str, api_key: str, base_url: str) -> OpenAIMeaning:
    """``openai:text-embedding-3-small``, or another provider of the protocol. Raises ``LookupError`` for any other."""
    provider, _, model = setting.partition(":")
    if not model or provider not in ENDPOINTS:
        raise LookupError(setting)
    return OpenAIMeaning(setting, model, api_key, base_url or ENDPOINTS[provider])
