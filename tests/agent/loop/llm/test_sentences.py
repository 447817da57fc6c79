"""An LLM's words reach the shopper sentence by sentence, each after the guard; what was sent stands, and one reply is kept."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from agent.conversation import Speaker
from agent.loop.sentences import Sentences, after
from evals.openai_answers import Asked, Completion, Failure, Trouble, in_turn

TRACK = Asked.of("track_order", number="10002")
QUESTION = "¿Dónde está mi pedido 10002?"
FIRST = "Tu pedido 10002 ya salió del almacén y va en camino a tu casa."
SECOND = "Con gusto te ayudo con lo que haga falta de ese envío."
FALSE = "El reembolso de $9,999.00 ya está en tu cuenta."
ES = frozenset({"es"})


async def hear(*pieces: str, sound: Any = lambda _: True, fit: Any = lambda _: True, languages: Any = ES) -> list[str]:
    sent: list[str] = []

    async def send(text: str) -> None:
        sent.append(text)

    sentences = Sentences(send, sound, languages)
    sentences.begin(fit)
    for piece in pieces:
        await sentences.hear(piece)
    assert "".join(sent) == sentences.sent
    return sent


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_a_sentence_goes_when_the_next_has_begun(size: int) -> None:
    text = f"{FIRST} {SECOND}"
    assert await hear(*(text[at : at + size] for at in range(0, len(text), size))) == [FIRST]


async def test_lines_and_blanks_between_are_kept() -> None:
    assert await hear(f"  {FIRST}\n\n{SECOND}  ¿Algo") == [FIRST, f"\n\n{SECOND}"]


async def test_after_one_that_is_not_sound_nothing_goes() -> None:
    sent = await hear(f"{FIRST} {FALSE} {SECOND} Sigo.", sound=lambda one: one != FALSE)
    assert sent == [FIRST]


async def test_nothing_goes_before_its_language_is_certain() -> None:
    assert await hear("Claro. ", "Ya mismo. ") == []
    assert await hear(f"Claro. {FIRST} Y") == ["Claro.", f" {FIRST}"]
    english = "Your order has left the warehouse and it is on the way to your home. And "
    assert await hear(english) == []
    assert await hear(english, languages=frozenset({"en", "es"})) == [english[:-5]]


async def test_what_gives_a_secret_away_stops_it() -> None:
    assert await hear(f"{FIRST} {SECOND} Y", fit=lambda so_far: SECOND not in so_far) == [FIRST]


async def test_a_second_completion_of_the_turn_is_a_paragraph_of_its_own() -> None:
    sent: list[str] = []

    async def send(text: str) -> None:
        sent.append(text)

    sentences = Sentences(send, lambda _: True, ES)
    for text in (f"{FIRST} Y", f"{SECOND} Y"):
        sentences.begin(lambda _: True)
        await sentences.hear(text)
    assert sent == [FIRST, f"\n\n{SECOND}"]


def test_the_reply_begins_with_what_was_sent() -> None:
    assert after("", "Hola.") == "Hola."
    assert after("Hola.", "Hola. Adiós.") == "Hola. Adiós."
    assert after("Hola.", "Otra cosa.") == "Hola.\n\nOtra cosa."
    assert after("Hola.", "") == "Hola."


async def told_during(service: Any, text: str) -> tuple[Any, list[str]]:
    """The answer, and the words heard, with what else happened between them."""
    talk = await service.world.open("lucia-hernandez")
    every: list[str] = []
    ready = asyncio.Event()

    async def listen() -> None:
        async with service.world.services.bus.listen(talk.opened.conversation.id) as events:
            ready.set()
            async for event in events:
                if event.type == "message.delta":
                    every.append(event.data["text"])
                elif event.type in ("tool.finished", "action.proposed", "message.completed"):
                    every.append(f"<{event.type}>")
                if event.type == "done":
                    return

    listening = asyncio.create_task(listen())
    await ready.wait()
    answer = await talk.say(text)
    with suppress(TimeoutError):
        await asyncio.wait_for(listening, 5)
    spoken = [one for one in (await talk.file()).messages if one.who is Speaker.AGENT]
    assert [one.text for one in spoken] == [answer["reply"]["text"]], "exactly one reply"
    words = "".join(one for one in every if not one.startswith("<"))
    assert words == answer["reply"]["text"], "what was told is what is kept"
    return answer, every


async def test_tools_and_sentences_are_told_in_the_order_they_happen(open_service) -> None:
    service = await open_service(in_turn(Completion(calls=(TRACK,)), Completion(f"{FIRST} {SECOND}")))
    answer, every = await told_during(service, QUESTION)
    assert answer["usage"]["model"] == "openai:local"
    assert every == ["<tool.finished>", FIRST, f" {SECOND}", "<message.completed>"]


async def test_a_false_sentence_is_never_told_and_the_rest_is_repaired(open_service) -> None:
    answers = (Completion(calls=(TRACK,)), Completion(f"{FIRST} {FALSE} {SECOND}"), Completion(SECOND))
    service = await open_service(in_turn(*answers))
    answer, every = await told_during(service, QUESTION)
    assert answer["reply"]["text"] == f"{FIRST}\n\n{SECOND}"
    note = service.server.requests[-1]["messages"][-1]["content"]
    assert FIRST in note
    assert "9,999" in note
    assert not [one for one in every if "9,999" in one]


@pytest.mark.parametrize(
    "trouble", [Trouble.RESET_MIDWAY, Trouble.TRUNCATED, Trouble.ERROR_MIDWAY, Trouble.STALL_MIDWAY], ids=str
)
async def test_a_failure_in_mid_stream_still_makes_one_reply(open_service, trouble: Trouble) -> None:
    text = f"{FIRST} {SECOND} {SECOND.replace('Con gusto', 'Y con calma')} Aquí sigo para ti, sin prisa, todo el día."
    answers = (Completion(calls=(TRACK,)), Completion(text, after=trouble))
    service = await open_service(in_turn(*answers), {"timeout_s": 1.5, "deadline_s": 5.0})
    answer, every = await told_during(service, QUESTION)
    assert every[1] == FIRST
    assert answer["usage"]["model"] == "embedded"
    sent, _, rest = answer["reply"]["text"].partition("\n\n")
    assert sent == f"{FIRST} {SECOND}"
    assert "10002" in rest
    assert len(service.server.requests) == 2, "once words are out nothing is tried again"


async def test_beside_a_proposal_nothing_is_told_before_its_terms_are_there(open_service) -> None:
    note = Asked.of("set_instructions", number="10002", text="toca el timbre azul")
    lead = "Claro que sí, dejo la nota tal como la escribiste para quien lo lleve. Listo."
    service = await open_service(in_turn(Completion(calls=(note,)), Completion(lead), Failure(500), Failure(500)))
    answer, every = await told_during(service, "deja una nota para el repartidor del pedido 10002: toca el timbre azul")
    assert every[:2] == ["<tool.finished>", "<action.proposed>"]
    assert answer["asks"] == ["confirmation"]
