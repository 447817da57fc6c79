"""Each way an LLM can fail, over real sockets: the embedded model finishes the turn with what the tools said already."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass, field

import pytest

from agent.conversation import Request
from evals.openai_answers import Answer, Asked, Completion, Failure, Trouble, always
from tools.scope import Identity
from tools.shop.models import CustomerId

WORDS = "¿Dónde está mi pedido 10002?"
STATUS = Request("order_status", WORDS, {"order": "10002"})
TRACK = Asked.of("track_order", number="10002")
SECRETS = ("sk-secret", "boom", "Traceback", "Error", "Exception", "http://", "127.0.0.1", "rate limit", "{")
MOVE = Asked.of(
    "change_address",
    number="10021",
    address={"line1": "Av. Reforma 222", "city": "Ciudad de México", "postal_code": "06600"},
)
DIEGO = Identity(2, CustomerId("diego-ramirez"))
SPANISH = "Tu pedido ya salió del almacén y va en camino a tu casa, te aviso si algo cambia."
ENGLISH = "Your order has left the warehouse and it is on the way to your home, I will tell you if anything changes."
GERMAN = (
    "Ihre Bestellung hat das Lager verlassen und befindet sich auf dem Weg zu Ihnen nach Hause. Wir melden uns, sobald "
    "sich etwas ändert, und wünschen Ihnen bis dahin einen schönen Tag."
)


@dataclass(frozen=True)
class Case:
    """A failure, the cause it is counted under, and how often the server is asked for it."""

    name: str
    answer: Answer
    cause: str
    requests: int
    bounds: dict[str, float] = field(default_factory=dict)


SHORT = {"timeout_s": 0.25}
TEN_MB = 10_000_000
CASES = (
    Case("429", Failure(429, "rate_limit_exceeded"), "rate_limited", 2),
    Case("429 that asks for a second", Failure(429, headers={"retry-after": "1"}), "rate_limited", 2),
    Case("429 that asks for a minute and a half", Failure(429, headers={"retry-after": "90"}), "rate_limited", 1),
    Case("429 with a date", Failure(429, headers={"retry-after": "Fri, 20 Nov 2026 16:00:00 GMT"}), "rate_limited", 2),
    Case(
        "429 with a date that is far from its own",
        Failure(429, headers={"retry-after": "Fri, 20 Nov 2026 16:00:00 GMT", "date": "Fri, 20 Nov 2026 15:58:30 GMT"}),
        "rate_limited",
        1,
    ),
    Case("no quota left", Failure(429, "insufficient_quota", "insufficient_quota"), "quota", 1),
    Case("wrong key", Failure(401, "invalid_api_key"), "unauthorized", 1),
    Case("no permission", Failure(403), "unauthorized", 1),
    Case("no such model", Failure(404, "model_not_found"), "rejected", 1),
    Case("context too long", Failure(400, "context_length_exceeded"), "context_length", 1),
    Case("input filtered", Failure(400, "content_filter"), "rejected", 1),
    Case("500", Failure(500, kind="server_error"), "server_error", 2),
    Case("503", Failure(503, kind="server_error"), "server_error", 2),
    Case("reset", Trouble.RESET, "unreachable", 2),
    Case("stall before the first token", Trouble.STALL, "timeout", 1, SHORT),
    Case("stall in the middle", Completion(SPANISH, after=Trouble.STALL_MIDWAY), "timeout", 1, SHORT),
    Case("comments and no token", Completion(SPANISH, after=Trouble.COMMENTS), "timeout", 1, SHORT),
    Case("a word now and then, for ever", Completion(SPANISH, after=Trouble.DRIP), "timeout", 1, {"deadline_s": 0.5}),
    Case("one body in place of a stream", Completion(SPANISH, after=Trouble.NO_STREAM), "unreadable", 1),
    Case("reset in the middle", Completion(SPANISH, after=Trouble.RESET_MIDWAY), "unreachable", 2),
    Case("an error event in the middle", Completion(SPANISH, after=Trouble.ERROR_MIDWAY), "broken_stream", 1),
    Case("a stream cut short", Completion(SPANISH, after=Trouble.TRUNCATED), "truncated_stream", 2),
    Case("a call cut short", Completion(calls=(TRACK,), piece=3, after=Trouble.TRUNCATED), "invalid_tool_arguments", 2),
    Case("a web page", Trouble.GARBAGE, "unreadable", 1),
    Case(
        "malformed arguments", Completion(calls=(Asked("track_order", '{"number": 10'),)), "invalid_tool_arguments", 2
    ),
    Case("arguments null", Completion(calls=(Asked("track_order", "null"),)), "invalid_tool_arguments", 2),
    Case("arguments that are a list", Completion(calls=(Asked("track_order", "[1]"),)), "invalid_tool_arguments", 2),
    Case("half a surrogate", Completion(calls=(Asked("track_order", r'{"number": "\ud800"}'),)), "unprintable", 1),
    Case("a hundred calls", Completion(calls=(TRACK,) * 100), "too_many_tool_calls", 1),
    Case("two calls, one id", Completion(calls=(Asked("get_order", id="x"),) * 2), "invalid_tool_call_id", 1),
    Case("content filter", Completion("Tu", finish="content_filter"), "content_filter", 1),
    Case("cut at its length", Completion(SPANISH, finish="length"), "length", 1),
    Case("refusal", Completion(refusal="I can't help with that."), "refusal", 1),
    Case("refusal in the middle", Completion("Tu pedido", refusal="I can't help with that."), "refusal", 1),
    Case("nothing", Completion(), "empty", 2),
    Case("blanks", Completion(" \n "), "empty", 2),
    Case("English to a Spanish shopper", Completion(ENGLISH), "wrong_language", 1),
    Case("German to a Spanish shopper", Completion(GERMAN), "wrong_language", 1),
    Case("Japanese to a Spanish shopper", Completion("ご注文の商品は発送されました。"), "wrong_language", 1),
    Case("a megabyte", Completion("Va en camino a tu casa. " * 43_000, piece=16_000), "too_long", 1),
    Case("ten megabytes in one piece", Completion("x" * TEN_MB, piece=TEN_MB), "too_long", 1),
    Case(
        "ten megabytes of arguments", Completion(calls=(Asked("get_order", TEN_MB * "["),), piece=TEN_MB), "too_long", 1
    ),
    Case("ten megabytes of error", Failure(500, kind="server_error", message="x" * TEN_MB), "server_error", 2),
    Case("arguments without a bottom", Completion(calls=(Asked("get_order", "[" * 9_000),)), "unreadable", 1),
    Case("five thousand tokens", Completion("va " * 5_000, piece=3), "too_long", 1),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_the_embedded_model_answers_when_the_first_call_fails(bench, case: Case) -> None:
    here = await bench(policy=always(case.answer), **case.bounds)
    said, scope = await here.turn(WORDS, STATUS)
    assert scope.fallbacks == [case.cause]
    assert len(here.server.requests) == case.requests
    _is_sound(said, scope)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_what_the_tools_said_before_the_failure_is_used_and_not_asked_again(bench, case: Case) -> None:
    fails = always(case.answer)

    def first_look_then_fail(body):
        return Completion(calls=(TRACK,)) if body["messages"][-1]["role"] == "user" else fails(body)

    here = await bench(policy=first_look_then_fail, **case.bounds)
    said, scope = await here.turn(WORDS, STATUS)
    assert scope.fallbacks == [case.cause]
    assert [call.name for call in scope.trace].count("track_order") == 1
    assert len(here.server.requests) == 1 + case.requests
    _is_sound(said, scope)


def _is_sound(said, scope) -> None:
    assert said.model == "embedded"
    assert "10002" in said.text
    assert SPANISH[:20] not in said.text, "what came before the failure is not said"
    assert not [one for one in SECRETS if one in said.text]
    assert scope.proposals == []


async def test_a_dead_endpoint_is_an_answer_too(bench) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        here = await bench(base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        said, scope = await here.turn(WORDS, STATUS)
    assert scope.fallbacks == ["unreachable"]
    _is_sound(said, scope)


async def test_a_long_retry_after_is_not_slept_through(bench) -> None:
    here = await bench(policy=always(Failure(429, headers={"retry-after": "90"})))
    started = time.monotonic()
    await here.turn(WORDS, STATUS)
    assert here.ticks.slept == []
    assert time.monotonic() - started < 60


async def test_a_short_retry_after_is_waited_for_and_the_llm_answers(bench) -> None:
    here = await bench(Failure(429, headers={"retry-after": "1"}), Completion(SPANISH))
    said, scope = await here.turn(WORDS, STATUS)
    assert (said.text, said.model, scope.fallbacks) == (SPANISH, "openai:local", [])
    assert here.ticks.slept == [1.0]


@pytest.mark.parametrize(
    "first", [Failure(500), Trouble.RESET, Completion(SPANISH, after=Trouble.TRUNCATED), Completion()]
)
async def test_a_hiccup_is_not_noticed(bench, first: Answer) -> None:
    here = await bench(first, Completion(SPANISH))
    said, scope = await here.turn(WORDS, STATUS)
    assert (said.text, scope.fallbacks) == (SPANISH, [])
    assert len(here.server.requests) == 2


async def test_nothing_is_tried_again_when_the_time_of_the_turn_is_up(bench) -> None:
    here = await bench(Failure(500), Completion(SPANISH), deadline_s=10.0)
    scope = here.world.scope(WORDS, STATUS)
    scope.llm_until = here.ticks.now - 1
    said = await here.loop.run(scope, here.file(WORDS), "es")
    assert scope.fallbacks == ["timeout"]
    assert here.server.requests == []
    _is_sound(said, scope)


async def test_a_proposal_made_before_the_failure_is_shown_and_not_made_again(bench) -> None:
    here = await bench(Completion(calls=(MOVE,)), Failure(500), Failure(500))
    said, scope = await here.turn("Cambia la dirección del 10021", "change_address", identity=DIEGO)
    assert len(scope.proposals) == 1
    assert "Av. Reforma 222" in said.text
    assert (said.asks, said.model) == (("confirmation",), "embedded")
    assert [(one.intent, one.stage) for one in said.agenda] == [("change_address", "confirm")]


async def test_a_code_sent_before_the_failure_is_not_sent_again(bench) -> None:
    here = await bench(Completion(calls=(Asked("send_code"),)), Failure(500), Failure(500))
    words = "Cambia la dirección del 10021"
    wish = Request("change_address", words, {"order": "10021"})
    one_order = Identity(1, CustomerId("diego-ramirez"), frozenset({"10021"}))
    said, scope = await here.turn(words, wish, identity=one_order)
    assert here.world.codes.sent == ["diego-ramirez"]
    assert scope.code_sent_for == "diego-ramirez"
    assert said.asks == ("code",)


async def test_a_person_asked_for_before_the_failure_is_still_asked_for(bench) -> None:
    here = await bench(Completion(calls=(Asked.of("ask_for_person", reason="upset"),)), Failure(500), Failure(500))
    said, scope = await here.turn("Quiero hablar con alguien", "complaint")
    assert scope.person_wanted is not None
    assert said.text == ""


@pytest.mark.parametrize(
    "call",
    [
        Asked.of("drop_tables", number="10002"),
        Asked.of("track_order", number=None),
        Asked.of("track_order", number={"$ne": ""}),
        Asked.of("track_order"),
    ],
    ids=["unknown tool", "null argument", "object for a word", "argument missing"],
)
async def test_a_call_that_cannot_run_is_answered_and_the_llm_goes_on(bench, call: Asked) -> None:
    here = await bench(Completion(calls=(call,)), Completion(SPANISH))
    said, scope = await here.turn(WORDS, STATUS)
    assert (said.text, scope.fallbacks) == (SPANISH, [])
    assert [call.ok for call in scope.trace] == [False]
    assert here.server.requests[1]["messages"][-1]["role"] == "tool"


async def test_a_loop_of_calls_ends_at_the_limit(bench) -> None:
    here = await bench(policy=always(Completion(calls=(Asked.of("get_order", number="10002"),))))
    said, scope = await here.turn(WORDS, STATUS)
    assert scope.fallbacks == ["call_limit"]
    assert len(here.server.requests) == 8
    _is_sound(said, scope)


async def test_one_failure_leaves_the_rest_of_the_turn_to_the_embedded_model(bench) -> None:
    here = await bench(Failure(401), Completion(SPANISH), Completion(SPANISH))
    said, scope = await here.turn(WORDS, STATUS)
    assert scope.fallbacks == ["unauthorized"]
    assert len(scope.trace) >= 1
    assert len(here.server.requests) == 1
    _is_sound(said, scope)


async def test_a_shopper_who_changes_to_english_may_be_answered_in_english(bench) -> None:
    here = await bench(Completion(ENGLISH))
    said, scope = await here.turn("Where is my order? I have been waiting for it for two weeks now", STATUS)
    assert (said.text, scope.fallbacks) == (ENGLISH, [])


async def test_no_key_and_no_words_of_the_endpoint_reach_the_log(bench, capsys) -> None:
    here = await bench(policy=always(Failure(500)))
    await here.turn(WORDS, STATUS)
    logged = capsys.readouterr()
    assert "model_failed" in logged.out + logged.err
    assert not [one for one in ("sk-", "boom") if one in logged.out + logged.err]


class TestBreaker:
    async def test_after_three_failures_the_llm_is_left_alone(self, bench) -> None:
        here = await bench(policy=always(Failure(401)))
        causes = [(await here.turn(WORDS, STATUS))[1].fallbacks for _ in range(5)]
        assert causes == [["unauthorized"]] * 3 + [["circuit_open"]] * 2
        assert len(here.server.requests) == 3

    async def test_one_try_after_the_rest_and_all_is_well_when_it_succeeds(self, bench) -> None:
        here = await bench(
            Failure(401), Failure(401), Failure(401), Completion(SPANISH), Failure(401), Completion(SPANISH)
        )
        for _ in range(4):
            await here.turn(WORDS, STATUS)
        here.ticks.now += 31
        causes = [(await here.turn(WORDS, STATUS))[1].fallbacks for _ in range(3)]
        assert causes == [[], ["unauthorized"], []]

    async def test_it_says_that_another_speaks_for_the_llm_until_the_llm_answers_again(self, bench) -> None:
        here = await bench(Failure(401), Failure(401), Failure(401), Completion(SPANISH))
        seen = [here.loop.on_fallback]
        for _ in range(3):
            await here.turn(WORDS, STATUS)
            seen.append(here.loop.on_fallback)
        here.ticks.now += 31
        await here.turn(WORDS, STATUS)
        assert [*seen, here.loop.on_fallback] == [False, False, False, True, False]
        asked = len(here.server.requests)
        here.loop.prove()
        assert len(here.server.requests) == asked, "proving costs no request"

    async def test_a_failed_try_begins_another_rest(self, bench) -> None:
        here = await bench(policy=always(Failure(401)))
        for _ in range(3):
            await here.turn(WORDS, STATUS)
        here.ticks.now += 31
        causes = [(await here.turn(WORDS, STATUS))[1].fallbacks for _ in range(3)]
        assert causes == [["unauthorized"], ["circuit_open"], ["circuit_open"]]

    async def test_a_retry_after_is_kept_for_the_shoppers_who_come_next(self, bench) -> None:
        here = await bench(Failure(429, headers={"retry-after": "90"}), Completion(SPANISH))
        assert (await here.turn(WORDS, STATUS))[1].fallbacks == ["rate_limited"]
        here.ticks.now += 89
        assert (await here.turn(WORDS, STATUS))[1].fallbacks == ["circuit_open"]
        here.ticks.now += 2
        assert (await here.turn(WORDS, STATUS))[1].fallbacks == []

    async def test_a_short_retry_after_does_not_shorten_the_rest(self, bench) -> None:
        here = await bench(policy=always(Failure(429, headers={"retry-after": "3"})))
        for _ in range(3):
            await here.turn(WORDS, STATUS)
            here.ticks.now += 4
        assert (await here.turn(WORDS, STATUS))[1].fallbacks == ["circuit_open"]

    async def test_replies_that_are_merely_unfit_do_not_open_it(self, bench) -> None:
        here = await bench(policy=always(Completion(ENGLISH)))
        causes = [(await here.turn(WORDS, STATUS))[1].fallbacks for _ in range(5)]
        assert causes == [["wrong_language"]] * 5


def test_the_breaker_lets_one_caller_try_at_a_time(ticks) -> None:
    from agent.loop.breaker import Breaker

    breaker = Breaker(clock=ticks, failures=1, rest_s=10)
    breaker.failed()
    ticks.now += 10
    assert [breaker.allows() for _ in range(3)] == [True, False, False]
    ticks.now += 10
    assert breaker.allows(), "a try that never came back does not close it for good"
    breaker.succeeded()
    assert [breaker.allows() for _ in range(3)] == [True, True, True]


async def test_the_request_after_a_failed_call_is_one_an_endpoint_accepts(bench) -> None:
    here = await bench(Completion(calls=(Asked.of("no_such_tool"), TRACK)), Completion(SPANISH))
    await here.turn(WORDS, STATUS)
    sent = here.server.requests[1]["messages"]
    asked = [call["id"] for one in sent if one["role"] == "assistant" for call in one.get("tool_calls", ())]
    answered = [one["tool_call_id"] for one in sent if one["role"] == "tool"]
    assert sorted(asked) == sorted(answered)
    assert json.loads(sent[-1]["content"].split("\n")[1])["number"] == "10002"
