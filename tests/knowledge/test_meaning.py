"""Embeddings from elsewhere: an addition that may fail, change its model, or be half made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agent.app.meaning import bring_up_to_date
from agent.loop.embeddings import OpenAIMeaning, open_embedder
from evals.openai_answers import Completion, Failure, always
from evals.openai_server import OpenAIServer
from knowledge.build import build_knowledge
from knowledge.meaning import REST_S, EmbeddingFailed, Meaning, MeaningFiles, embed_missing
from knowledge.search import KnowledgeSearch

ASKED = "when does the parcel come to my door"


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer(always(Completion("Hola."))) as server:
        yield server


@pytest.fixture
def search(write: Callable[..., Path], tmp_path: Path, clock: Any, figures: Any) -> KnowledgeSearch:
    write("returns", "You may send back what you do not like within {{return_days}} days.", title="Returns")
    write("parcels", "The parcel comes to your door within two days.", title="Parcels")
    folder = tmp_path / "phrasings"
    folder.mkdir()
    (folder / "en.yaml").write_text("returns: [how to return, return it, send it back]\nnone: [will it rain, a joke]\n")
    (folder / "es.yaml").write_text("none: [va a llover, un chiste]\n")
    (folder / "pt.yaml").write_text("none: [vai chover, uma piada]\n")
    (folder / "concepts.yaml").write_text("return: [return*]\n")
    return build_knowledge(tmp_path / "data", tmp_path / "articles", figures, clock, phrasings_dir=folder)


OPEN: list[OpenAIMeaning] = []


@pytest.fixture(autouse=True)
async def closed() -> AsyncIterator[None]:
    yield
    while OPEN:
        await OPEN.pop().aclose()


def small(server: OpenAIServer | None, model: str = "text-embedding-3-small") -> OpenAIMeaning:
    url = server.base_url if server else "http://127.0.0.1:9/v1"
    OPEN.append(OpenAIMeaning(f"openai:{model}", model, "sk-x", url))
    return OPEN[-1]


async def test_texts_go_out_as_texts_and_come_back_as_unit_rows(server: OpenAIServer) -> None:
    rows = await small(server).embed(["hola", "adiós, amigo"])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)
    assert (server.embedded[0]["input"], server.embedded[0]["model"]) == (
        ["hola", "adiós, amigo"],
        "text-embedding-3-small",
    )


async def test_every_article_is_embedded_once_and_kept(
    server: OpenAIServer, search: KnowledgeSearch, tmp_path: Path
) -> None:
    files = MeaningFiles(tmp_path / "meaning")
    assert await bring_up_to_date(search, files, small(server))
    assert search.meaning is not None
    asked = len(server.embedded)
    assert await bring_up_to_date(search, files, small(server))
    assert len(server.embedded) == asked, "nothing changed: nothing is sent"
    near = await search.meaning.nearness(ASKED, search.chunks)
    assert near is not None
    assert search.chunks[int(near.argmax())].article == "parcels"
    assert next(one.article for one in await search.search(ASKED, "en")) == "parcels"


async def test_another_model_is_another_index_and_the_old_one_serves_until_it_is_whole(
    server: OpenAIServer, search: KnowledgeSearch, tmp_path: Path
) -> None:
    files = MeaningFiles(tmp_path / "meaning")
    await bring_up_to_date(search, files, small(server))
    server.embedding_failure = Failure(500, kind="server_error")
    large = small(server, "text-embedding-3-large")
    assert not await bring_up_to_date(search, files, large)
    assert search.meaning is not None
    assert (search.meaning.name, files.served()) == ("openai:text-embedding-3-small",) * 2
    assert files.read(files.served()).keys() == {chunk.id for chunk in search.chunks}
    server.embedding_failure = None
    assert await bring_up_to_date(search, files, large)
    assert (search.meaning.name, files.served()) == ("openai:text-embedding-3-large",) * 2
    assert files.read("openai:text-embedding-3-small") == {}


async def test_a_question_that_cannot_be_embedded_is_searched_by_words(
    server: OpenAIServer, search: KnowledgeSearch
) -> None:
    plain = await search.search(ASKED, "en")
    now = [0.0]
    rows = await embed_missing(small(server), search.chunks, {})
    search.meaning = Meaning(small(server), rows, lambda: now[0])
    server.embedding_failure = Failure(429, "insufficient_quota")
    asked = len(server.embedded)
    assert await search.search(ASKED, "en") == plain
    assert await search.search(ASKED, "en") == plain
    assert (len(server.embedded) - asked, search.meaning.failures) == (1, 1), "an endpoint that failed is left alone"
    server.embedding_failure, now[0] = None, REST_S + 1
    await search.search(ASKED, "en")
    assert len(server.embedded) - asked == 2


async def test_what_supports_an_answer_is_decided_without_it(server: OpenAIServer, search: KnowledgeSearch) -> None:
    plain = {one.article: one.supports for one in await search.search(ASKED, "en")}
    search.meaning = Meaning(small(server), await embed_missing(small(server), search.chunks, {}), lambda: 0.0)
    found = {one.article: one.supports for one in await search.search(ASKED, "en")}
    assert {name: found[name] for name in plain} == plain


@pytest.mark.parametrize(
    ("failure", "cause", "asked"),
    [
        (Failure(401), "unauthorized", 1),
        (Failure(500, kind="server_error"), "server_error", 2),
        (Failure(429, "insufficient_quota"), "quota", 1),
    ],
)
async def test_each_failure_has_its_name_and_its_tries(
    server: OpenAIServer, failure: Failure, cause: str, asked: int
) -> None:
    server.embedding_failure = failure
    with pytest.raises(EmbeddingFailed, match=cause):
        await small(server).embed(["hola"])
    assert len(server.embedded) == asked


async def test_a_dead_endpoint_is_a_failure_in_bounded_time() -> None:
    async with asyncio.timeout(20):
        with pytest.raises(EmbeddingFailed):
            await small(None).embed(["hola"])


def test_a_damaged_file_is_none(tmp_path: Path) -> None:
    files = MeaningFiles(tmp_path)
    files.serve("openai:x", {"a": np.ones(3, dtype=np.float32)})
    next(tmp_path.glob("*.npz")).write_bytes(b"PK")
    assert files.read("openai:x") == {}
    (tmp_path / "current.json").write_text("[]")
    assert files.served() == ""


def test_only_what_speaks_the_protocol_is_taken() -> None:
    with pytest.raises(LookupError):
        open_embedder("cohere:embed", "sk-x", "")
