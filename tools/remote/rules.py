"""What of a remote server is used, and how: the shop says it, nothing is taken because a server offers it."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, model_validator

from tools.shop.changes import ChangeKind

WITHDRAWN = {ChangeKind.RETURN: ChangeKind.CANCEL_RETURN, ChangeKind.EXCHANGE: ChangeKind.CANCEL_EXCHANGE}
TOOL = r"^[A-Za-z0-9_.-]{1,64}$"


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadRule(_Rule):
    """A remote tool that a model may call. It changes nothing, says the shop.

    ``customer`` is the argument in which code puts the verified customer (empty: it takes none, and ``level`` may be 0);
    the model never sees it. ``order`` is the argument that names an order: it has to be the customer's own, and is asked of
    our order system first. ``fields`` are the top-level fields of the answer that reach the model, all when empty.
    """

    level: int = Field(default=2, ge=0, le=2)
    customer: str = Field(default="customer_id", max_length=64)
    order: str = Field(default="", max_length=64)
    fields: frozenset[str] = frozenset()
    describe: str = Field(default="", max_length=600)

    @model_validator(mode="after")
    def _anonymous_takes_nobody(self) -> Self:
        if self.level == 0 and self.customer:
            raise ValueError('level 0: nobody is known, so that customer has to be ""')
        if self.order and not self.customer:
            raise ValueError("order: an order is somebody's, so that customer is wanted")
        return self


class WriteRule(_Rule):
    """The remote tool that carries out one of our kinds of change.

    ``arguments`` names what goes where: the argument of the remote tool by a field of the change (``number``,
    ``address.city``), or a text to be sent as it is, in quotes (``"'web'"``). ``customer`` and ``key`` are put by code;
    with the same ``key`` the server does it once, and answers alike.
    """

    tool: str = Field(pattern=TOOL)
    arguments: dict[str, str] = Field(default_factory=dict)
    customer: str = Field(default="customer_id", min_length=1, max_length=64)
    key: str = Field(default="idempotency_key", min_length=1, max_length=64)


class RemoteRules(_Rule):
    """One server. ``booked`` is its tool that tells whether something was done under a key; wanted where there are writes."""

    name: str = Field(default="shop", pattern="^[a-z][a-z0-9_]{0,19}$")
    url: HttpUrl
    headers: dict[str, SecretStr] = Field(default_factory=dict)
    read: dict[str, ReadRule] = Field(default_factory=dict, max_length=20)
    write: dict[ChangeKind, WriteRule] = Field(default_factory=dict)
    booked: str = Field(default="", max_length=64)
    timeout_s: float = Field(default=5.0, gt=0, le=30)

    @model_validator(mode="after")
    def _writes_can_be_asked_about(self) -> Self:
        if self.write and not self.booked:
            raise ValueError("booked: the tool that tells whether a write was done is wanted with write")
        for opens, withdraws in WITHDRAWN.items():
            if opens in self.write and withdraws not in self.write:
                raise ValueError(f"write: with {opens.value}, {withdraws.value} is wanted, which takes it back")
        writes = {rule.tool for rule in self.write.values()} | ({self.booked} if self.booked else set())
        if both := writes & set(self.read):
            raise ValueError(f"read: {', '.join(sorted(both))} is for writes, and no model may call it")
        return self


def plain_headers(rules: RemoteRules) -> dict[str, Any]:
    """The headers as they are sent."""
    return {name: value.get_secret_value() for name, value in rules.headers.items()}
