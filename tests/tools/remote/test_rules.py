"""What a shop may say of its server, and what is refused when it is read."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tools.remote.rules import RemoteRules, plain_headers
from tools.remote.writing import arguments_of
from tools.shop.changes import ChangePickup, SetInstructions
from tools.shop.errors import NotPossible
from tools.shop.models import OrderNumber

URL = {"url": "http://127.0.0.1:9/mcp"}
NOTE = {"tool": "note", "arguments": {"order": "number"}}

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"write": {"delivery_instructions": NOTE}}, "booked"),
    ({"write": {"delivery_instructions": NOTE}, "booked": "b", "read": {"note": {}}}, "no model may call it"),
    ({"write": {"delivery_instructions": NOTE}, "booked": "b", "read": {"b": {}}}, "no model may call it"),
    ({"write": {"return_items": NOTE}, "booked": "b"}, "cancel_return is wanted"),
    ({"write": {"no_such_kind": NOTE}, "booked": "b"}, "no_such_kind"),
    ({"read": {"points": {"level": 0}}}, "level 0"),
    ({"read": {"points": {"level": 0, "customer": "", "order": "number"}}}, "order"),
    ({"read": {"points": {"all": True}}}, "all"),
    ({"name": "Our Shop"}, "name"),
]


@pytest.mark.parametrize(("rules", "reason"), REFUSED)
def test_rules_that_would_open_more_than_they_say_are_refused(rules: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        RemoteRules.model_validate({**URL, **rules})


def test_keys_of_a_server_are_not_shown() -> None:
    rules = RemoteRules.model_validate({**URL, "headers": {"Authorization": "Bearer hunter2"}})
    assert "hunter2" not in repr(rules)
    assert plain_headers(rules) == {"Authorization": "Bearer hunter2"}


def test_arguments_come_out_of_the_change_and_nowhere_else() -> None:
    change = SetInstructions(OrderNumber("10002"), "azul")
    assert arguments_of(change, {"order": "number", "note": "text", "from": "'web'"}) == {
        "order": "10002",
        "note": "azul",
        "from": "web",
    }
    with pytest.raises(NotPossible):
        arguments_of(ChangePickup(OrderNumber("10002"), None), {"x": "address.city"})
