from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from agent.conversation import CaseFile, Conversation, ConversationId, Message, MessageId, Speaker, ToolCall, TurnId
from evals.groundedness import find_unfounded
from evals.world import FRIDAY_AFTERNOON

TURN = TurnId("trn_1")


@dataclass(frozen=True)
class Reply:
    text: str
    handoff: bool
    faults: int


REPLIES = (
    Reply("Tu pedido 10002 llega el martes 24 de noviembre.", False, 0),
    Reply("Tu pedido 10002 llega el miércoles 25 de noviembre.", False, 1),
    Reply("Tu pedido 10003 llega el martes 24 de noviembre.", False, 1),
    Reply("Te devolvemos $49.00 MXN.", False, 0),
    Reply("Te devolvemos $94.00 MXN.", False, 1),
    Reply("Te paso con una persona.", False, 1),
    Reply("Te paso con una persona.", True, 0),
    Reply("Ya cancelé tu pedido.", False, 1),
    Reply("¿Te paso con una persona?", False, 0),
)


def _file() -> CaseFile:
    head = Conversation(
        ConversationId("cnv_1"), "demo", "bot", "es", "web", FRIDAY_AFTERNOON, FRIDAY_AFTERNOON  # type: ignore[arg-type]
    )  # fmt: skip
    result = '{"number":"10002","eta":"2026-11-24T20:00:00-06:00","cost":{"amount":"49.00","currency":"MXN"}}'
    call = ToolCall("call_1", TURN, 1, "track_order", {}, result, True, 1)
    said = Message(MessageId("msg_1"), 1, Speaker.SHOPPER, "¿y mi pedido?", FRIDAY_AFTERNOON, "es", TURN)
    return CaseFile(head, (said,), (call,), (), ())


@pytest.mark.parametrize("reply", REPLIES, ids=lambda one: f"{one.text} {one.handoff}")
def test_a_reply_is_held_against_what_was_known(reply: Reply) -> None:
    answer: dict[str, Any] = {
        "id": TURN,
        "reply": {"text": reply.text},
        "handoff": {"id": "hnd_1"} if reply.handoff else None,
        "actions": [],
    }
    assert len(find_unfounded(_file(), [answer], FRIDAY_AFTERNOON)) == reply.faults
