"""A model that calls anything with anything: it sees nothing of other people, changes nothing, and breaks nothing."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.utils.function_calling import convert_to_openai_tool

from tools.catalogue import all_tools
from tools.scope import Identity
from tools.shop.data import ShopData
from tools.shop.models import Customer, CustomerId, Order

CALLS = int(os.environ.get("POSTVENTA_FUZZ_CALLS", "2000"))
LUCIA = CustomerId("lucia-hernandez")
LEVELS = (
    Identity(),
    Identity(1, LUCIA, frozenset({"10002"})),
    Identity(2, LUCIA),
)
JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1.5, float("nan"), "", " ", "null", "*", "%", "' OR 1=1 --", "../../etc/passwd", "{{7*7}}",
    "\u202e\u200b", "😀" * 50, "x" * 5000, [], {}, [[]], {"$ne": None}, {"line": {"line": []}}, ["10002"] * 40,
)  # fmt: skip
ODD_NAMES = ("carry_out", "confirm", "execute_sql", "refund", "admin.login", "get_order ", "GET_ORDER", "x" * 60)
SAYINGS = ("Listo.", "Ya cambié tu dirección y te devolví 9.999 €.", "{}", "<script>alert(1)</script>", "¿Sí?", "")


@dataclass
class Pool:
    """What the model knows and tries: all order numbers, and at level 2 everybody's contact data besides."""

    data: ShopData
    everything: bool
    words: dict[str, list[Any]] = field(init=False)

    def __post_init__(self) -> None:
        orders, people = self.data.orders, self.data.customers
        known = people if self.everything else ()
        self.words = {
            "number": [order.number for order in orders] + [f"#{order.number}" for order in orders],
            "line": [line.id for order in orders for line in order.lines],
            "email": [one.email for one in known],
            "phone": [one.phone for one in known],
            "postal_code": [one.address.postal_code for one in known],
            "first_name": [one.first_name for one in known],
            "last_name": [one.last_name for one in known],
            "variant_id": [variant.id for product in self.data.products for variant in product.variants],
            "method": [method.id for one in known for method in one.payment_methods],
            "reason": ["too_small", "damaged", "changed_mind", "no longer needed", "ordered by mistake"],
            "problem": ["damaged", "wrong_item", "missing_item", "not_received"],
            "rma": [one.rma for order in orders for one in (*order.returns, *order.exchanges)],
            "code": ["000000", "123456"],
            "country": ["MX", "ES", "BR"],
            "quantity": [0, 1, 2, 999],
        }

    def value(self, name: str, schema: dict[str, Any], rng: random.Random, definitions: dict[str, Any]) -> Any:
        """Something that fits the schema, mostly; now and then something that does not."""
        if rng.random() < 0.12:
            return rng.choice(JUNK)
        schema = _resolved(schema, definitions)
        kind = schema.get("type")
        if kind == "object" and "properties" in schema:
            return self.fill(schema, rng, definitions)
        if kind == "object":
            return {rng.choice(["size", "color", "talla"]): rng.choice(["7", "8", "M", "blanco", "XL"])}
        if kind == "array":
            return [self.value(name, schema.get("items", {}), rng, definitions) for _ in range(rng.randint(0, 3))]
        if kind in ("integer", "number"):
            return rng.choice(self.words["quantity"])
        if kind == "boolean":
            return rng.random() < 0.5
        fitting = [words for key, words in self.words.items() if key in name or name in key]
        words = fitting[0] if fitting and fitting[0] else rng.choice([words for words in self.words.values() if words])
        return rng.choice(words)

    def fill(self, schema: dict[str, Any], rng: random.Random, definitions: dict[str, Any]) -> dict[str, Any]:
        """An object with most of its properties, and sometimes one that has no place there."""
        given = {
            name: self.value(name, inner, rng, definitions)
            for name, inner in schema.get("properties", {}).items()
            if rng.random() < 0.85
        }
        if rng.random() < 0.1:
            given[rng.choice(["customer_id", "runtime", "identity", "price", "scope"])] = rng.choice(
                ["emma-clark", 0, None]
            )
        return given


def _resolved(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return definitions[schema["$ref"].rpartition("/")[2]]
    for branch in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        return _resolved(branch, definitions)
    return schema


class Hostile(BaseChatModel):
    """Calls up to three tools at a time and seldom says anything."""

    rng: Any
    pool: Any
    schemas: Any = None
    called: int = 0

    @property
    def _llm_type(self) -> str:
        return "hostile"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        if self.rng.random() < 0.06:
            message = AIMessage(self.rng.choice(SAYINGS), response_metadata={"finish_reason": "stop"})
        else:
            message = AIMessage("", tool_calls=list(self._calls()), response_metadata={"finish_reason": "tool_calls"})
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _calls(self) -> Iterator[Any]:
        for _ in range(self.rng.randint(1, 3)):
            self.called += 1
            name, schema = self.rng.choice(self.schemas)
            if self.rng.random() < 0.04:
                name = self.rng.choice(ODD_NAMES)
            arguments = self.pool.fill(schema, self.rng, schema.get("$defs", {}))
            yield {"name": name, "args": arguments, "id": f"call_{self.called}"}


def schemas() -> list[tuple[str, dict[str, Any]]]:
    """Each tool with the schema of its arguments, those that propose and those that prove twice."""
    found = []
    for tool in all_tools():
        parameters = convert_to_openai_tool(tool)["function"]["parameters"]
        found += [(tool.name, parameters)] * (
            2 if tool.name.startswith(("change", "return", "exchange", "verify")) else 1
        )
    return found


def private(data: ShopData, identity: Identity) -> list[str]:
    """What this shopper must not see: other people's things, and below level 2 their own other orders and address."""
    strange = [one for one in data.customers if one.id != identity.customer_id or identity.level == 0]
    hidden = [word for one in strange for word in _of_person(one)]
    owner = next((one for one in data.customers if one.id == identity.customer_id), None)
    visible = json.dumps(_of_person(owner) if owner else [], ensure_ascii=False)
    for order in data.orders:
        own = order.customer_id == identity.customer_id and identity.may_read(order.number)
        hidden += [] if own else _of_order(order)
        visible += json.dumps(_of_order(order)) if own else ""
    return sorted({word for word in hidden if len(word) >= 5 and word not in visible})


def _of_person(one: Customer) -> list[str]:
    return [one.email, one.phone, one.name, one.address.line1, *(method.id for method in one.payment_methods)]


def _of_order(order: Order) -> list[str]:
    parcels = [parcel.tracking_number for parcel in order.shipments if parcel.tracking_number]
    return [order.number, *(line.id for line in order.lines), *parcels, *(one.rma for one in order.returns)]


def leaked(hidden: Sequence[str], text: str, given: Any) -> list[str]:
    """What the text says of the hidden things that the model did not say itself."""
    said = json.dumps(given, ensure_ascii=False)
    return [word for word in hidden if word in text and word not in said]


@pytest.mark.parametrize("identity", LEVELS, ids=["unknown", "one order", "signed in"])
async def test_a_hostile_model_is_harmless(world, loop_with, file_of, identity: Identity) -> None:
    rng = random.Random(20261120 + identity.level)
    model = Hostile(rng=rng, pool=Pool(world.data, everything=identity.level == 2), schemas=schemas())
    loop, hidden, before = loop_with(model), private(world.data, identity), await world.rows()
    proposed = 0
    while model.called < CALLS / len(LEVELS):
        scope = world.scope("Hola, necesito ayuda con mi pedido", "order_status", identity=identity)
        said = await loop.run(scope, file_of("Hola"), "es")
        assert not scope.outage
        assert scope.identity.customer_id in (None, identity.customer_id)
        assert scope.identity.level <= identity.level
        assert all(proposal.customer_id == identity.customer_id for proposal in scope.proposals)
        for call in scope.trace:
            assert not leaked(hidden, call.result, call.arguments), (call.name, call.arguments)
        assert not leaked(hidden, said.text, [call.arguments for call in scope.trace])
        proposed += len(scope.proposals)
    assert await world.rows() == before
    assert (proposed > 0) == (identity.level == 2), "the model found its way to tools that propose, where it may"
