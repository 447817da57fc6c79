"""A small server that speaks OpenAI's chat completions on loopback: for tests, benchmarks and trying out without a key.

``python -m evals.openai_server --port 8901`` looks with a tool and then says in Spanish what it found (``evals/talk.py``), for ever.
Set ``OPENAI_BASE_URL=http://127.0.0.1:8901/v1``, any ``OPENAI_API_KEY`` and ``POSTVENTA_MODEL=openai:local``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from evals.openai_answers import (
    Answer,
    Completion,
    Failure,
    Policy,
    Trouble,
    completion_body,
    completion_chunks,
    embeddings_body,
    failure_body,
)
from evals.talk import look_and_tell

PAUSE_S = 0.05
LINGER_OFF = struct.pack("ii", 1, 0)


class OpenAIServer:
    """Answers each chat completion as ``policy`` says, on a port of its own, until the context is left.

    ``requests`` are the bodies received so far and ``heads`` their paths and headers, ``embedded`` the bodies of embeddings
    asked for, ``connections`` how many sockets were opened. ``embedding_failure`` is answered to those when it is set. An answer begins
    ``first_token_s`` after its request, as a model that reads does.
    """

    def __init__(self, policy: Policy, port: int = 0, *, keep: bool = True, first_token_s: float = 0.0) -> None:
        self.policy = policy
        self.requests: list[Mapping[str, Any]] = []
        self.heads: list[tuple[str, Mapping[str, str]]] = []
        self.embedded: list[Mapping[str, Any]] = []
        self.embedding_failure: Failure | None = None
        self.connections = 0
        self._served = 0
        self._port = port
        self._keep = keep
        self._first_token_s = first_token_s
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def base_url(self) -> str:
        """What ``OPENAI_BASE_URL`` has to be."""
        return f"http://127.0.0.1:{self._port}/v1"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def serve_forever(self) -> None:
        """Until cancelled."""
        if self._server is not None:
            await self._server.serve_forever()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._exchange(reader, writer):
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; false when the connection is over."""
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        raw = await reader.readexactly(int(headers.get("content-length", "0")))
        path = first.split(" ")[1]
        body = json.loads(raw) if raw else {}
        if path.partition("?")[0].endswith("/embeddings"):
            self.embedded.append(body)
            _write(writer, *self._embed(body))
            return True
        if not path.partition("?")[0].endswith("/chat/completions"):
            _write(writer, 404, failure_body(Failure(404, "not_found")))
            return True
        self._served += 1
        if self._keep:
            self.requests.append(body)
            self.heads.append((path, headers))
        if self._first_token_s:
            await asyncio.sleep(self._first_token_s)
        return await self._answer(self.policy(body), body, reader, writer)

    def _embed(self, body: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        if self.embedding_failure is not None:
            return self.embedding_failure.status, failure_body(self.embedding_failure)
        return 200, embeddings_body(body)

    async def _answer(
        self, answer: Answer, body: Mapping[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        if isinstance(answer, Failure):
            _write(writer, answer.status, failure_body(answer), answer.headers)
            return True
        if isinstance(answer, Trouble):
            return await _make_trouble(answer, reader, writer)
        if not body.get("stream") or answer.after is Trouble.NO_STREAM:
            _write(writer, 200, completion_body(answer, self._served))
            return True
        return await self._stream(answer, body, reader, writer)

    async def _stream(
        self, answer: Completion, body: Mapping[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        wants_usage = bool((body.get("stream_options") or {}).get("include_usage"))
        chunks = completion_chunks(answer, self._served, usage=wants_usage)
        writer.write(_head_lines(200, "text/event-stream", {"transfer-encoding": "chunked"}))
        if answer.after is not None:
            chunks = chunks[: max(2, len(chunks) // 2)]
        for chunk in chunks:
            _write_chunk(writer, f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode())
            await writer.drain()
        if answer.after is Trouble.ERROR_MIDWAY:
            _write_chunk(writer, f"data: {json.dumps(failure_body(Failure(500, 'server_error')))}\n\n".encode())
        elif answer.after in (Trouble.DRIP, Trouble.COMMENTS):
            return await _go_on_for_ever(answer.after, chunks[-1], writer)
        elif answer.after is not None and answer.after is not Trouble.TRUNCATED:
            return await _make_trouble(answer.after, reader, writer)
        elif answer.after is None:
            _write_chunk(writer, b"data: [DONE]\n\n")
        writer.write(b"0\r\n\r\n")
        return True


async def _make_trouble(trouble: Trouble, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    if trouble in (Trouble.STALL, Trouble.STALL_MIDWAY):
        await writer.drain()
        await reader.read(1)  # nothing more is sent; it ends when the client gives up
        return False
    if trouble is Trouble.GARBAGE:
        writer.write(_head_lines(200, "text/html", {"content-length": "15"}) + b"<html>oh</html>")
        return True
    await writer.drain()
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_OFF)
    writer.transport.abort()
    return False


async def _go_on_for_ever(trouble: Trouble, chunk: Mapping[str, Any], writer: asyncio.StreamWriter) -> bool:
    """Until the client hangs up."""
    line = f"data: {json.dumps(chunk)}\n\n" if trouble is Trouble.DRIP else ": still there\n\n"
    while not writer.is_closing():
        _write_chunk(writer, line.encode())
        await writer.drain()
        await asyncio.sleep(PAUSE_S)
    return False


def _write(
    writer: asyncio.StreamWriter, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> None:
    content = json.dumps(body, ensure_ascii=False).encode()
    more = {**(headers or {}), "content-length": str(len(content))}
    writer.write(_head_lines(status, "application/json", more) + content)


def _head_lines(status: int, content_type: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", f"content-type: {content_type}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _write_chunk(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


async def _serve_command(port: int, first_token_s: float) -> None:
    async with OpenAIServer(look_and_tell, port, keep=False, first_token_s=first_token_s) as server:
        print(f"OPENAI_BASE_URL={server.base_url}", flush=True)
        await server.serve_forever()


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m evals.openai_server", description=__doc__)
    parser.add_argument("--port", type=int, default=8901, help="0 takes any free port and prints it")
    parser.add_argument("--first-token-ms", type=int, default=0, help="how long the model reads")
    chosen = parser.parse_args()
    try:
        asyncio.run(_serve_command(chosen.port, chosen.first_token_ms / 1000))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
