"""An order system whose changes of some kinds are carried out by the shop's own MCP server.

The change was proposed, judged by policy and confirmed like any other. It is sent under the proposal's id as key; once the
server has booked it, the same change is booked here under the same key, so that what is read afterwards is true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tools.remote.port import RemoteTools
from tools.remote.rules import RemoteRules, WriteRule
from tools.shop.changes import Applied, Change, Terms
from tools.shop.errors import NotPossible, Refused, ShopUnavailable, StaleVersion
from tools.shop.models import CustomerId
from tools.shop.passing import PassingShop
from tools.shop.port import Shop
from tools.shop.wire import change_to_json

MOST_IN_DOUBT = 1000


@dataclass(frozen=True, slots=True)
class _Sent:
    """A write that went out and has not come back."""

    change: Change
    terms: Terms
    version: int
    now: datetime


class RemoteShop(PassingShop):
    """Another order system; implements ``Shop``. Reads, and kinds of change that no rule names, are the inner one's.

    A lost answer leaves the write in doubt: ``applied`` then asks the server by its ``booked`` tool, and says nothing
    (``ShopUnavailable``) while that does not answer. Another process, after a crash, sends it again under the same key.
    """

    def __init__(self, shop: Shop, rules: RemoteRules, remote: RemoteTools) -> None:
        super().__init__(shop)
        self._rules = rules
        self._remote = remote
        self._in_doubt: dict[tuple[CustomerId, str], _Sent] = {}

    async def apply(
        self, customer_id: CustomerId, change: Change, terms: Terms, *, key: str, expected_version: int, now: datetime
    ) -> Applied:
        """See ``Shop``. A server's no is ``NotPossible("remote_refused")``."""
        rule = self._rules.write.get(change.kind)
        if rule is None or await self._shop.applied(customer_id, key) is not None:
            return await super().apply(customer_id, change, terms, key=key, expected_version=expected_version, now=now)
        await self._require_current(customer_id, change, expected_version)
        sent = _Sent(change, terms, expected_version, now)
        await self._send(customer_id, sent, rule, key)
        return await self._book_here(customer_id, sent, key)

    async def applied(self, customer_id: CustomerId, key: str) -> Applied | None:
        """See ``Shop``."""
        done = await self._shop.applied(customer_id, key)
        sent = self._in_doubt.get((customer_id, key))
        if done is not None or sent is None:
            return done
        answer = await self._remote.call(self._rules.booked, {"customer_id": customer_id, "key": key})
        if not answer.ok or not isinstance(answer.value.get("booked"), bool):
            raise ShopUnavailable("remote", "booked")
        if not answer.value["booked"]:
            del self._in_doubt[customer_id, key]
            return None
        return await self._book_here(customer_id, sent, key)

    async def _book_here(self, customer_id: CustomerId, sent: _Sent, key: str) -> Applied:
        """What the server has done is done: a no of the inner shop is not "nothing changed", and somebody has to look."""
        try:
            done = await self._shop.apply(
                customer_id, sent.change, sent.terms, key=key, expected_version=sent.version, now=sent.now
            )
        except Refused as refused:
            raise ShopUnavailable("remote", f"booked there, not here: {refused.code}") from refused
        self._in_doubt.pop((customer_id, key), None)
        return done

    async def _require_current(self, customer_id: CustomerId, change: Change, version: int) -> None:
        """The server knows no versions of ours: what moved since the yes is found before it is asked."""
        number = getattr(change, "number", None)
        read = self._shop.customer(customer_id) if number is None else self._shop.order_of(customer_id, number)
        found = await read
        if found is None:
            raise NotPossible("unknown_order")
        if found.version != version:
            raise StaleVersion("version")

    async def _send(self, customer_id: CustomerId, sent: _Sent, rule: WriteRule, key: str) -> None:
        arguments = {**arguments_of(sent.change, rule.arguments), rule.customer: customer_id, rule.key: key}
        if len(self._in_doubt) >= MOST_IN_DOUBT:
            raise ShopUnavailable("remote", "too much in doubt")
        self._in_doubt[customer_id, key] = sent
        try:
            answer = await self._remote.call(rule.tool, arguments)
            if not answer.ok:
                raise NotPossible("remote_refused")
        except NotPossible:
            del self._in_doubt[customer_id, key]
            raise


def arguments_of(change: Change, wanted: Mapping[str, str]) -> dict[str, Any]:
    """The remote tool's arguments out of the change. Raises ``NotPossible`` for a field that the change has not."""
    fields = change_to_json(change)
    return {name: _picked(fields, path) for name, path in wanted.items()}


def _picked(fields: Mapping[str, Any], path: str) -> Any:
    if len(path) > 1 and path[0] == path[-1] == "'":
        return path[1:-1]
    found: Any = fields
    for part in path.split("."):
        if not isinstance(found, Mapping) or part not in found:
            raise NotPossible("unmapped", path)
        found = found[part]
    return found
