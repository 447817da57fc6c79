"""``RemoteTools`` over MCP's streamable HTTP, by the official client. Importing this module takes a second: only who needs it does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import mcp_types as types
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, METHOD_NOT_FOUND

from tools.remote.port import Answer, Definition
from tools.shop.errors import NotPossible, ShopUnavailable

MOST_BYTES = 64_000
MOST_TOOLS = 200
REFUSALS = frozenset({INVALID_PARAMS, METHOD_NOT_FOUND})


class McpTools:
    """A session a call on one pool of connections: nothing stands open that could break, and any server version will do.

    What the server needs to be asked first (its version) is asked in the first call and remembered until one fails.
    """

    def __init__(self, url: str, headers: Mapping[str, str], timeout_s: float) -> None:
        self._url = url
        self._timeout_s = timeout_s
        self._http = httpx2.AsyncClient(headers=dict(headers), timeout=timeout_s, follow_redirects=False)
        self._known: types.DiscoverResult | None = None
        self._mode = "auto"

    async def definitions(self) -> Sequence[Definition]:
        """See ``RemoteTools``."""
        found: list[types.Tool] = []
        cursor: str | None = None
        async with self._session() as client:
            while len(found) < MOST_TOOLS:
                page = await client.list_tools(cursor=cursor)
                found += page.tools
                if (cursor := page.next_cursor) is None:
                    break
        return tuple(Definition(one.name, one.description or "", one.input_schema) for one in found)

    async def call(self, name: str, arguments: Mapping[str, Any]) -> Answer:
        """See ``RemoteTools``. Raises ``NotPossible`` when the server has no such tool or takes no such arguments."""
        async with self._session() as client:
            result = await client.session.call_tool(name, dict(arguments))
        return Answer(not result.is_error, _value_of(result))

    async def close(self) -> None:
        """See ``RemoteTools``."""
        await self._http.aclose()

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[Client]:
        """A session within the time; whatever breaks it is one kind of failure, and its text goes nowhere."""
        try:
            async with asyncio.timeout(self._timeout_s):
                transport = streamable_http_client(self._url, http_client=self._http, max_sse_event_size=MOST_BYTES)
                async with Client(
                    transport,
                    mode=self._mode,
                    prior_discover=self._known,
                    cache=None,
                    read_timeout_seconds=self._timeout_s,
                ) as client:
                    yield client
                    self._remember(client)
        except Exception as broken:
            self._known, self._mode = None, "auto"
            if isinstance(refused := _root(broken), MCPError) and refused.error.code in REFUSALS:
                raise NotPossible("remote_refused") from broken
            raise ShopUnavailable("remote", type(_root(broken)).__name__) from broken

    def _remember(self, client: Client) -> None:
        found = client.session.discover_result
        if found is not None:
            self._known, self._mode = found, client.protocol_version


def _value_of(result: types.CallToolResult) -> Mapping[str, Any]:
    text = "\n".join(one.text for one in result.content if isinstance(one, types.TextContent))
    found = result.structured_content if result.structured_content is not None else _read(text)
    value: Mapping[str, Any] = found if isinstance(found, Mapping) else {"text": text or json.dumps(found)}
    if len(json.dumps(value, default=str)) > MOST_BYTES:
        raise ShopUnavailable("remote", "too large")
    return value


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _root(error: BaseException) -> BaseException:
    """The one that matters in a group of one in a group of one."""
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    return error
