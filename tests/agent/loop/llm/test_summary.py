"""A long conversation: old words become a summary, once, and no fact is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.conversation import (
    CaseFile,
    Conversation,
    ConversationId,
    Fact,
    Message,
    MessageId,
    Speaker,
    Status,
    ToolCall,
    TurnId,
)  # fmt: skip
from agent.loop.brief import Brief
from agent.loop.history import KEPT, MESSAGES, TOKENS, history_of
from agent.loop.summary import KEY, LONGEST, Summary, cut_off, summary_from_state
from agent.loop.system_prompt import SystemPrompt
from agent.understanding.reading import Emotion, Reading
from evals.openai_answers import Asked, Completion, Failure, always
from tools.scope import Identity

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
HEAD = Conversation(ConversationId("cnv_1"), "demo", Status.BOT, "es", "web", NOW, NOW)
PROMPT = SystemPrompt()


def messages(count: int, words: int = 3) -> tuple[Message, ...]:
    return tuple(
        Message(
            MessageId(f"m{n}"), n + 1, Speaker.AGENT if n % 2 else Speaker.SHOPPER, f"mensaje {n} " + "palabra " * words, NOW,
            "es", TurnId(f"t{n // 2}"),
        )
        for n in range(count)
    )  # fmt: skip


def test_nothing_is_cut_while_it_fits() -> None:
    assert cut_off(messages(MESSAGES), most=MESSAGES, keep=KEPT, tokens=TOKENS) == ()


def test_one_too_many_leaves_the_last_ones_from_a_message_of_the_shopper_s() -> None:
    all_ = messages(MESSAGES + 1)
    gone = cut_off(all_, most=MESSAGES, keep=KEPT, tokens=TOKENS)
    left = all_[len(gone) :]
    assert (len(left), left[0].who) == (KEPT - 1, Speaker.SHOPPER)


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(1, 400), st.integers(50, 3000))
def test_what_is_left_fits_or_is_the_last_message(count: int, words: int, tokens: int) -> None:
    all_ = messages(count, words)
    gone = cut_off(all_, most=MESSAGES, keep=KEPT, tokens=tokens)
    left = all_[len(gone) :]
    assert left
    assert [*gone, *left] == list(all_)
    assert cut_off(left, most=MESSAGES, keep=KEPT, tokens=tokens) == () or len(left) == 1


def test_without_a_model_it_says_what_was_looked_at_and_asked() -> None:
    call = ToolCall("c", TurnId("t0"), 0, "get_order", {"number": "10002"}, "{}", True, 1)
    text = summary_from_state(CaseFile(HEAD, messages(4), (call,)), Summary(text="Shopper: antes"), messages(3))
    assert text.splitlines()[:2] == ["Shopper: antes", "Looked at: 10002"]
    assert "mensaje 2" in text
    assert "mensaje 1" not in text, "the agent's own words are not needed"


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=400), max_size=40))
def test_it_never_grows_beyond_its_bound(said: list[str]) -> None:
    summary = Summary()
    for n, text in enumerate(said):
        one = replace(messages(1)[0], text=text, seq=n + 1)
        summary = Summary(one.seq, summary_from_state(CaseFile(HEAD, (one,)), summary, (one,)), "state")
    assert len(summary.text) <= LONGEST
    assert Summary.kept({KEY: json.loads(json.dumps(summary.as_json()))}) == summary


@pytest.mark.parametrize("odd", [None, "x", {}, {"upto": "7"}, {"text": "x"}])
def test_whatever_stands_in_its_place_is_no_summary(odd: Any) -> None:
    assert Summary.kept({KEY: odd}) == Summary()


FACTS = st.lists(
    st.tuples(
        st.sampled_from(["order_number", "email", "size", "address"]), st.text("abcñç 0123", min_size=1, max_size=12)
    ),
    max_size=30,
)


@settings(deadline=None)
@given(FACTS, st.integers(1, 60), st.integers(10, 4000))
def test_no_fact_is_lost_however_much_is_cut(told: list[tuple[str, str]], count: int, tokens: int) -> None:
    facts = tuple(Fact(kind, value, "m1", NOW) for kind, value in told)
    file = CaseFile(replace(HEAD, facts=facts), messages(count))
    gone = cut_off(file.messages, most=MESSAGES, keep=KEPT, tokens=tokens)
    upto = gone[-1].seq if gone else -1
    summary = summary_from_state(file, Summary(), gone) if gone else ""
    brief = Brief(
        "Tienda", NOW, "es", "web", Reading("hola", "es", True, (), (), Emotion()), facts=facts, summary=summary
    )
    shown = PROMPT.render(brief, Identity()) + "".join(
        one.text for one in history_of(file, "-", tokens=tokens, after=upto)
    )
    assert all(json.dumps(value, ensure_ascii=False) in shown for _, value in told)
    assert file.messages[-1].text in shown or file.messages[-1].who is not Speaker.SHOPPER


LOOK = Asked.of("list_orders")
REPLY = "Con gusto te cuento lo que quieras de tus compras, dime de cuál de ellas."
LINES = ("hola, quisiera saber de mi compra", "¿y cómo viene empacado?", "¿me avisan cuando llegue?", "¿y si no estoy en casa?",
         "¿qué compré en total este mes?", "¿cuál llegó primero?", "¿tienen mi teléfono?", "gracias, ¿y qué tallas pedí?")  # fmt: skip


def with_summaries(answer: Any) -> Any:
    """Whoever asks for a summary gets that answer; conversations go on."""

    def policy(body: Any) -> Any:
        if "Sum it up" in str(body["messages"][0]["content"]):
            return answer
        return Completion(REPLY)

    return policy


async def long_talk(open_service: Any, answer: Any, turns: int = 20) -> tuple[Any, Any, list[Any]]:
    service = await open_service(always(Completion(REPLY)), plain=True, small="small")
    service.server.policy = with_summaries(answer)
    talk = await service.world.open("lucia-hernandez")
    answers = [await talk.say(f"{LINES[n % len(LINES)]} ({n})") for n in range(turns)]
    return service, talk, answers


async def test_a_summary_is_asked_for_once_and_kept_with_the_conversation(open_service) -> None:
    told = "La persona preguntó por sus compras y quiere saber cómo vienen empacadas."
    service, talk, answers = await long_talk(open_service, Completion(told, usage=(700, 30)))
    asked = [body for body in service.server.requests if "Sum it up" in str(body["messages"][0]["content"])]
    assert len(asked) == 1, "twenty turns are forty messages: one cut"
    kept = Summary.kept((await talk.file()).conversation.metadata)
    assert (kept.text, kept.by) == (told, "openai:small")
    assert told in service.server.requests[-1]["messages"][0]["content"]
    assert len(service.server.requests[-1]["messages"]) <= MESSAGES + 2
    assert [one["usage"]["model"] for one in answers] == ["openai:local"] * 20


@pytest.mark.parametrize("answer", [Failure(500), Completion(""), Completion("x" * 9000)], ids=["500", "empty", "long"])
async def test_when_the_small_model_fails_it_is_made_from_what_is_stored(open_service, answer: Any) -> None:
    _, talk, _ = await long_talk(open_service, answer, turns=14)
    kept = Summary.kept((await talk.file()).conversation.metadata)
    assert kept.by == "state"
    assert "quisiera saber de mi compra" in kept.text
