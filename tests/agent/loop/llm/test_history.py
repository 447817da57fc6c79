"""What an LLM is told of the conversation so far: a sequence that endpoints accept, whatever was stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_openai.chat_models.base import _convert_message_to_dict

from agent.conversation import (
    CaseFile,
    Conversation,
    ConversationId,
    Message,
    MessageId,
    Speaker,
    Status,
    ToolCall,
    TurnId,
)
from agent.loop.history import MESSAGES, NO_RESULT, TURNS_WITH_TOOLS, history_of
from agent.loop.tokens import estimate_messages

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
HEAD = Conversation(ConversationId("cnv_1"), "demo", Status.BOT, "es", "web", NOW, NOW)


def said(n: int, who: Speaker, text: str, turn: str) -> Message:
    return Message(MessageId(f"m{n}"), n, who, text, NOW, "es", TurnId(turn))


def called(
    turn: str, position: int = 0, id: str = "call_1", name: str = "get_order", result: str = '{"a":1}'
) -> ToolCall:
    return ToolCall(id, TurnId(turn), position, name, {"number": "10002"}, result, True, 3)


def talk(turns: int, calls: int = 1) -> CaseFile:
    """``turns`` answered turns with calls, and a message that waits for its answer."""
    messages, tools = [], []
    for n in range(turns):
        messages += [said(2 * n, Speaker.SHOPPER, f"p{n}", f"t{n}"), said(2 * n + 1, Speaker.AGENT, f"r{n}", f"t{n}")]
        tools += [called(f"t{n}", position, f"c{n}_{position}") for position in range(calls)]
    messages.append(said(2 * turns, Speaker.SHOPPER, "¿y ahora?", f"t{turns}"))
    return CaseFile(HEAD, tuple(messages), tuple(tools))


def kinds(history: list[AnyMessage]) -> str:
    return " ".join(one.type + ("+" if getattr(one, "tool_calls", None) else "") for one in history)


def is_accepted(history: list[AnyMessage]) -> bool:
    """What an endpoint checks: the shopper first, each call answered right after it, no answer without its call."""
    sent = [_convert_message_to_dict(one) for one in history]
    waiting: list[str] = []
    seen: set[str] = set()
    for one in sent:
        if one["role"] == "tool":
            if one["tool_call_id"] not in waiting:
                return False
            waiting.remove(one["tool_call_id"])
            continue
        ids = [call["id"] for call in one.get("tool_calls", ())]
        if waiting or seen & set(ids) or not all(0 < len(one) <= 40 for one in ids):
            return False
        seen |= set(ids)
        waiting = ids
    return not waiting and sent[0]["role"] == "user"


def test_calls_stand_between_the_question_and_the_reply() -> None:
    history = history_of(talk(2), "-")
    assert kinds(history) == "human ai+ tool ai human ai+ tool ai human"
    assert history[-1].text == "¿y ahora?"
    assert is_accepted(history)


def test_calls_of_this_very_turn_come_after_the_question() -> None:
    history = history_of(talk(1), "-", [called("", 0, "now")])
    assert kinds(history) == "human ai+ tool ai human ai+ tool"
    assert is_accepted(history)


def test_a_call_without_a_result_gets_one_that_says_so() -> None:
    file = replace(talk(1), tool_calls=(called("t0", result=""),))
    history = history_of(file, "-")
    assert [one.text for one in history if isinstance(one, ToolMessage)] == [NO_RESULT]
    assert is_accepted(history)


@pytest.mark.parametrize("odd", ["", "x" * 41, "with space", "same"])
def test_ids_that_are_empty_odd_or_taken_are_replaced(odd: str) -> None:
    calls = (called("t0", 0, odd), called("t0", 1, odd), called("t1", 0, odd))
    history = history_of(replace(talk(2), tool_calls=calls), "-")
    ids = [one.tool_call_id for one in history if isinstance(one, ToolMessage)]
    assert len(set(ids)) == 3
    assert is_accepted(history)


@pytest.mark.parametrize("name", ["", "drop tables", "año", "x" * 65])
def test_a_call_by_a_name_that_endpoints_refuse_is_left_out(name: str) -> None:
    history = history_of(replace(talk(1), tool_calls=(called("t0", name=name),)), "-")
    assert kinds(history) == "human ai human"


def test_only_the_last_turns_keep_their_calls_and_only_the_last_messages_are_told() -> None:
    history = history_of(talk(40), "-")
    assert len([one for one in history if isinstance(one, HumanMessage)]) <= MESSAGES
    assert len([one for one in history if isinstance(one, ToolMessage)]) == TURNS_WITH_TOOLS
    assert is_accepted(history)


def test_after_a_button_the_note_stands_in_the_shopper_s_place() -> None:
    file = talk(1)
    history = history_of(replace(file, messages=file.messages[:-1]), "(pressed a button)")
    assert history[-1] == HumanMessage("(pressed a button)")


def test_an_empty_conversation_still_has_something_to_answer() -> None:
    assert history_of(CaseFile(HEAD), "(pressed a button)") == [HumanMessage("(pressed a button)")]


def test_a_person_s_words_are_the_shop_s_words() -> None:
    messages = (
        said(0, Speaker.SHOPPER, "hola", "t0"),
        said(1, Speaker.PERSON, "Soy Alma", ""),
        said(2, Speaker.SHOPPER, "ok", "t1"),
    )
    assert history_of(CaseFile(HEAD, messages), "-")[1] == AIMessage("Soy Alma")


def test_old_tool_answers_go_before_any_word_and_the_newest_go_last() -> None:
    file = talk(4, calls=2)
    full = estimate_messages(history_of(file, "-"))
    less = history_of(file, "-", tokens=full - 40)
    assert [one.text for one in less if isinstance(one, HumanMessage)] == ["p0", "p1", "p2", "p3", "¿y ahora?"]
    turns = [one.tool_call_id[:2] for one in less if isinstance(one, ToolMessage)]
    assert turns == ["c1", "c1", "c2", "c2", "c3", "c3"]
    assert is_accepted(less)


def test_then_the_oldest_words_go_and_the_last_question_always_stays() -> None:
    file = talk(8, calls=2)
    for tokens in (120, 60, 10, 0):
        history = history_of(file, "-", tokens=tokens)
        assert history[-1].text == "¿y ahora?"
        assert is_accepted(history)
        assert len(history) == 1 or estimate_messages(history) <= tokens


def test_a_huge_answer_of_an_earlier_turn_does_not_crowd_out_the_conversation() -> None:
    file = replace(talk(2), tool_calls=(called("t0", result="x" * 100_000), called("t1", id="c2")))
    history = history_of(file, "-")
    assert "x" * 100 not in "".join(one.text for one in history)
    assert [one.text for one in history if isinstance(one, HumanMessage)] == ["p0", "p1", "¿y ahora?"]


CALLS = st.lists(
    st.builds(
        called,
        st.sampled_from(["t0", "t1", "t2", "lost"]),
        st.integers(0, 3),
        st.sampled_from(["a", "b", "", "ñ", "c" * 50]),
        st.sampled_from(["get_order", "", "no such tool"]),
        st.sampled_from(["{}", ""]),
    )
)
SPOKEN = st.lists(
    st.tuples(st.sampled_from(list(Speaker)), st.text(max_size=5), st.sampled_from(["t0", "t1", "t2"])), max_size=40
)


@given(SPOKEN, CALLS, CALLS)
def test_whatever_was_stored_the_sequence_is_accepted(
    spoken: list[tuple[Speaker, str, str]], calls: list[ToolCall], now: list[ToolCall]
) -> None:
    messages = tuple(said(n, *one) for n, one in enumerate(spoken))
    assert is_accepted(history_of(CaseFile(HEAD, messages, tuple(calls)), "…", now))
