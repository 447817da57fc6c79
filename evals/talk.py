"""A long conversation for the local OpenAI-protocol server: what the shopper says, and a model that looks before it tells.

The model is deterministic and reads: it calls the tool that answers, then says in Spanish what stands in the tool's answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from evals.openai_answers import Asked, Body, Completion
from tools.catalogue import all_tools

FILE: Final = Path(__file__).with_suffix(".yaml")
SEARCH: Final = "search_knowledge"
ORDER: Final = "{order}"
SENTENCES: Final = 2
_NUMBER: Final = re.compile(r"\b\d{5}\b")
_STOP: Final = re.compile(r"(?<=[.!?])\s+")

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """What the shopper says, ``{order}`` in the place of an order's number, and the tool that answers it."""

    says: str
    tool: str = SEARCH

    def about(self, order: str) -> str:
        """The words for that order."""
        return self.says.replace(ORDER, order)


@cache
def read_talk() -> tuple[Line, ...]:
    """The conversation, in order."""
    return tuple(Line(**row) for row in yaml.safe_load(FILE.read_text(encoding="utf-8")))


def look_and_tell(body: Body) -> Completion:
    """A ``Policy``, two calls a turn: the tool of the shopper's line, a search for one that is not in the talk; then what it said."""
    last = body["messages"][-1]
    if last["role"] == "tool":
        return Completion(_told(json.loads("\n".join(last["content"].split("\n")[1:-1])), _called(body)))
    text = str(last["content"])
    number = _NUMBER.search(text)
    name = _tool_for(_NUMBER.sub(ORDER, text))
    order = number[0] if number else ""
    known = {"question": text, "number": order, "line": f"{order}-1"}
    return Completion(calls=(Asked.of(name, **{one: known[one] for one in _takes()[name]}),))


@cache
def _takes() -> Mapping[str, Sequence[str]]:
    """The arguments that each tool of the talk is given."""
    used = {line.tool for line in read_talk()} | {SEARCH}
    return {tool.name: tuple(tool.args) for tool in all_tools() if tool.name in used}


def _tool_for(says: str) -> str:
    return next((line.tool for line in read_talk() if line.says == says), SEARCH)


def _called(body: Body) -> str:
    """The tool that has just answered."""
    calls = next(one["tool_calls"] for one in reversed(body["messages"]) if one.get("tool_calls"))
    return str(calls[-1]["function"]["name"])


def _told(seen: View, name: str) -> str:
    if "error" in seen or name not in _SAYS:
        return "No lo encontré a la primera y no quiero decirte algo que no sea. ¿Me lo cuentas con otras palabras?"
    return _SAYS[name](seen)


def _passage(seen: View) -> str:
    found = next((one for one in seen["passages"] if one["supports"]), None)
    if found is None:
        return "Eso no lo puedo confirmar con lo que tengo a la vista. Si quieres, lo ve una persona del equipo."
    plain = " ".join(line.strip("- *") for line in found["text"].replace("*", "").splitlines() if line.strip())
    return " ".join(_STOP.split(plain)[:SENTENCES])


def _parcels(seen: View) -> str:
    parcels = [f"con {one['carrier']}, código {one['tracking_number']}" for one in seen["parcels"]]
    return f"Ya revisé el pedido {seen['number']} y esto es lo que veo ahora. Viaja {' y '.join(parcels)}."


def _contents(seen: View) -> str:
    titles = " y ".join(one["title"] for one in seen["lines"])
    return f"En el pedido {seen['number']} venía lo siguiente, según la tienda. Es {titles}."


def _orders(seen: View) -> str:
    return f"Estas son tus compras, de la más nueva a la más vieja: {', '.join(one['number'] for one in seen['orders'])}. ¿De cuál hablamos?"


def _invoice(seen: View) -> str:
    return f"Aquí tienes el enlace de la factura que pediste, la del {seen['number']}. Es {seen['invoice_url']}."


def _profile(seen: View) -> str:
    address = seen["address"]
    return f"La dirección guardada en tu cuenta es la de {address['city']}. La calle es {address['line1']}."


def _refunds(seen: View) -> str:
    return f"Miré los reembolsos que tiene el pedido {seen['number']} hasta ahora. Veo {len(seen['refunds']) or 'que no hay ninguno'}."


def _returnable(seen: View) -> str:
    titles = " y ".join(one["title"] for one in seen["lines"])
    return f"Revisé si lo del pedido {seen['number']} se puede devolver por ahora. Lo que miré fue {titles}."


def _points(seen: View) -> str:
    names = " y ".join(one["name"] for one in seen["pickup_points"][:2])
    return f"Para el pedido {seen['number']} encontré estos lugares donde recogerlo. Los primeros son {names}."


def _forms(seen: View) -> str:
    forms = {value for line in seen["lines"] for one in line["variants"] for value in one["options"].values()}
    return f"Miré en qué otras formas está lo que viene en el {seen['number']}. Hay {', '.join(sorted(forms)[:6])}."


_SAYS: Final[Mapping[str, Callable[[View], str]]] = {
    SEARCH: _passage,
    "track_order": _parcels,
    "get_order": _contents,
    "list_orders": _orders,
    "get_invoice": _invoice,
    "customer_profile": _profile,
    "refund_status": _refunds,
    "return_options": _returnable,
    "delivery_options": _points,
    "exchange_options": _forms,
}
