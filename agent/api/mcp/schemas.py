"""The views that tools answer with, as JSON Schema."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def schema_of(view: Any) -> dict[str, Any]:
    """What a value of that type looks like. Raises ``TypeError`` for a type that no view is made of."""
    if view is Any:
        return {}
    if view in PLAIN:
        return {"type": PLAIN[view]}
    if is_typeddict(view):
        fields = get_type_hints(view, include_extras=True)
        properties = {name: schema_of(kind) for name, kind in fields.items()}
        required = sorted(name for name, kind in fields.items() if get_origin(kind) is not NotRequired)
        return {"type": "object", "properties": properties, "required": required}
    origin, inner = get_origin(view), get_args(view)
    if origin is NotRequired:
        return schema_of(inner[0])
    if origin is list:
        return {"type": "array", "items": schema_of(inner[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(inner[1])}
    if origin in (Union, UnionType):
        return {"anyOf": [schema_of(one) for one in inner]}
    raise TypeError(f"no schema for {view!r}")
