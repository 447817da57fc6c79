"""The same index on a Chroma server, shared by replicas."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from knowledge.ingest import ingest
from knowledge.vectors import ChromaVectors, IndexUnreachable


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    """A server of our own on a free port, ended by its process."""
    command = shutil.which("chroma", path=str(Path(sys.executable).parent))
    assert command, "the chroma command comes with chromadb"
    port = _free_port()
    folder = tmp_path_factory.mktemp("chroma-server")
    process = subprocess.Popen(
        [command, "run", "--host", "127.0.0.1", "--port", str(port), "--path", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/v2/heartbeat")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def test_replicas_see_one_index(server, write, articles, figures, embedder):
    one, other = ChromaVectors.on_server(server), ChromaVectors.on_server(server)
    write("returns", "{{return_days}} days.")
    write("returns", "{{return_days}} días.", language="es")
    done = ingest(articles, figures, one, embedder)
    assert done.added == 2
    assert other.served() == done.generation
    assert [entry.chunk.text for entry in other.read(done.generation)] == ["30 days.", "30 días."]
    embedder.embedded.clear()
    assert ingest(articles, figures, other, embedder).unchanged == 2
    write("returns", "Changed.")
    assert ingest(articles, figures, other, embedder).changed == 1
    assert len(embedder.embedded) == 1
    assert {entry.chunk.text for entry in one.read(str(one.served()))} == {"Changed.", "30 días."}
    one.close()
    other.close()


def test_a_server_that_does_not_answer_is_named():
    with pytest.raises(IndexUnreachable, match="no Chroma server"):
        ChromaVectors.on_server(f"http://127.0.0.1:{_free_port()}")


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@retry(
    stop=stop_after_delay(30), wait=wait_fixed(0.1), retry=retry_if_exception_type(httpx.TransportError), reraise=True
)
def _wait_for(url: str) -> None:
    httpx.get(url, timeout=2).raise_for_status()
