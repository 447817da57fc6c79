"""Remote tools that a model may call: those on the shop's list, with identity put in by code."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from langchain.tools import ToolRuntime
from langchain_core.tools import BaseTool, StructuredTool

from tools.catalogue import TOOLS
from tools.effects import Effect, ScopedTool
from tools.errors import AskAgain, Final
from tools.gate import require_customer, require_order
from tools.remote.port import Definition, RemoteTools
from tools.remote.rules import ReadRule, RemoteRules
from tools.retrying import Retry
from tools.scope import Scope
from tools.views import as_text

DESCRIPTION_CHARS = 600
OURS = frozenset(one.name for one in TOOLS)


class RemoteRead(ScopedTool):
    """A tool whose arguments are described by a JSON Schema that came from its server."""

    def _validated(self, arguments: dict[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in arguments.items() if name != "runtime"}
        fault = next(Draft202012Validator(dict(self.args_schema)).iter_errors(given), None)  # type: ignore[arg-type]
        if fault is not None:
            raise ValueError("arguments")
        return {"given": given, "runtime": arguments.get("runtime")}


def remote_reads(
    rules: RemoteRules, remote: RemoteTools, offered: Sequence[Definition], retry: Retry
) -> tuple[BaseTool, ...]:
    """The tools of the list that the server offers, in the list's order; every other one is left out.

    One that does not take the argument it is said to take, or whose schema is none, is left out too.
    """
    known = {one.name: one for one in offered}
    made = (_made(rules, known[name], rule, remote, retry) for name, rule in rules.read.items() if name in known)
    return tuple(one for one in made if one is not None)


def _made(
    rules: RemoteRules, offered: Definition, rule: ReadRule, remote: RemoteTools, retry: Retry
) -> BaseTool | None:
    schema = _without(offered.schema, rule.customer)
    wanted = {rule.customer, rule.order} - {""}
    if schema is None or not wanted <= set(offered.schema.get("properties", {})):
        return None
    name = f"{rules.name}_{offered.name}"
    if name in OURS:
        return None

    async def ask(given: dict[str, Any], runtime: ToolRuntime[Scope]) -> str:
        arguments = await _with_identity(given, rule, runtime.context)
        answer = await retry.ask(lambda: remote.call(offered.name, arguments))
        if not answer.ok:
            raise Final("remote_refused")
        value = {key: one for key, one in answer.value.items() if not rule.fields or key in rule.fields}
        return as_text(json.loads(json.dumps(value, default=str)))

    return RemoteRead(
        name=name,
        description=(rule.describe or offered.description)[:DESCRIPTION_CHARS] or offered.name,
        args_schema=schema,
        coroutine=ask,
        metadata={"effect": Effect.READ.value, "remote": rules.name},
    )


async def _with_identity(given: Mapping[str, Any], rule: ReadRule, scope: Scope) -> dict[str, Any]:
    """The arguments with the customer in them, whatever the model wrote there; an order is the customer's own.

    Raises what the gates of our own tools raise.
    """
    arguments = {name: value for name, value in given.items() if name != rule.customer}
    if rule.order:
        number = arguments.get(rule.order)
        if not isinstance(number, str) or not number:
            raise AskAgain("missing", field=rule.order)
        arguments[rule.order] = (await require_order(scope, number, rule.level)).number
    if rule.customer:
        arguments[rule.customer] = require_customer(scope, rule.level)
    return arguments


def _without(schema: Mapping[str, Any], hidden: str) -> dict[str, Any] | None:
    """The schema as a model sees it: closed, and without what code puts in; none when it is no schema of an object."""
    properties = schema.get("properties", {})
    if schema.get("type") != "object" or not isinstance(properties, Mapping):
        return None
    seen = {
        **schema,
        "properties": {name: one for name, one in properties.items() if name != hidden},
        "required": [name for name in schema.get("required", ()) if name != hidden],
        "additionalProperties": False,
    }
    try:
        Draft202012Validator.check_schema(seen)
    except SchemaError:
        return None
    return seen


def is_remote(subject: BaseTool) -> bool:
    """Whether a tool is somebody else's."""
    return isinstance(subject, StructuredTool) and "remote" in (subject.metadata or {})
