"""The shop's own MCP servers, as the settings name them. A server that does not answer costs its tools, never the service."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace

import structlog
from langchain_core.tools import BaseTool

from agent.casework.front import Storefront
from agent.errors import Misconfigured
from agent.loop.agent import Loop
from agent.settings import Settings
from tools.remote.port import RemoteTools
from tools.remote.rules import RemoteRules, plain_headers
from tools.remote.writing import RemoteShop
from tools.retrying import Retry
from tools.shop.errors import ShopError

log = structlog.get_logger("postventa.remote")


@dataclass(slots=True)
class Remotes:
    """``servers`` with their rules. ``known`` are the tools of those that have answered, by server."""

    servers: Sequence[tuple[RemoteRules, RemoteTools]] = ()
    retry: Retry = field(default_factory=Retry)
    known: dict[str, tuple[BaseTool, ...]] = field(default_factory=dict)

    def around(self, storefronts: Mapping[str, Storefront]) -> Mapping[str, Storefront]:
        """The storefronts, with changes of the kinds that a server carries out sent there."""
        for rules, remote in self.servers:
            if rules.write:
                storefronts = {
                    name: replace(front, shop=RemoteShop(front.shop, rules, remote))
                    for name, front in storefronts.items()
                }
        return storefronts

    async def offer_to(self, loop: Loop) -> None:
        """Let the LLM read with the tools of every server that answers; ask those again later that do not."""
        missing = [one for one in self.servers if one[0].read and one[0].name not in self.known]
        if not missing or not loop.takes_more_tools:
            return
        before = len(self.known)
        for rules, remote in missing:
            try:
                offered = await remote.definitions()
            except ShopError as silent:
                log.warning("remote_tools_not_reached", server=rules.name, cause=str(silent))
                continue
            reading = importlib.import_module("tools.remote.reading")  # which only a shop with a server needs
            made: tuple[BaseTool, ...] = reading.remote_reads(rules, remote, offered, self.retry)
            self.known[rules.name] = made
            left_out = sorted(set(rules.read) - {one.name.removeprefix(f"{rules.name}_") for one in made})
            log.info("remote_tools_offered", server=rules.name, tools=[one.name for one in made], left_out=left_out)
        if len(self.known) > before:
            loop.offer([one for made in self.known.values() for one in made])


def open_remotes(settings: Settings, stack: AsyncExitStack, retry: Retry) -> Remotes:
    """Nothing is connected yet. Raises ``Misconfigured`` for two servers of one name, or two that carry out one change."""
    rules = settings.mcp_servers
    kinds = [kind for one in rules for kind in one.write]
    if len({one.name for one in rules}) < len(rules) or len(set(kinds)) < len(kinds):
        raise Misconfigured("POSTVENTA_MCP_SERVERS: each has a name of its own, and each change one server")
    servers = []
    for one in rules:
        module = importlib.import_module("tools.remote.mcp_client")
        remote: RemoteTools = module.McpTools(str(one.url), plain_headers(one), one.timeout_s)
        stack.push_async_callback(remote.close)
        servers.append((one, remote))
    return Remotes(servers, replace(retry, attempts=2, timeout=min(retry.timeout, 12.0)))
