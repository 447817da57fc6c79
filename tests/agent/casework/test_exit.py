"""The exit, proven: a request for a person, however put, wherever it comes, whoever speaks and whatever is down."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from agent.app.thinking import Thinking
from agent.casework.desk.move import Person
from agent.conversation import HandoffStatus, Json, Status
from agent.loop.agent import Loop
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.failover import Failover
from agent.loop.system_prompt import SystemPrompt
from agent.loop.wording import Wording
from evals.exits import ANONYMOUS, CLAIM, LANGUAGES, PERSON, RETURN, SHOPPERS, Exits, phrase, read_exits, spoil
from evals.invariants import find_broken
from evals.world import Clock, Library, Talk, World, open_world
from tests.agent.stand_ins import WithoutLlm
from tools.catalogue import all_tools

EXAMPLES = int(os.environ.get("POSTVENTA_TEST_EXIT", "60"))
"""How many requests, the same ones in every run; with ``POSTVENTA_TEST_EXIT`` that many others."""

ALMA = Person("demo", "Alma")
NOBODY_LISTENS = {
    "chatwoot_url": "http://127.0.0.1:9",
    "chatwoot_account": 1,
    "chatwoot_inbox": 2,
    "chatwoot_token": "cw_token",
    "chatwoot_webhook_secrets": ["cw_secret"],
    "target_timeout_s": 0.2,
}
LIES = {
    "es": ("Ya te transferí con una persona.", "No puedo pasarte con nadie.", "¿Estás seguro de que quieres hablar con una persona?", "Antes dime por qué.", "Ya cancelé tu pedido."),
    "en": ("I've transferred you to an agent.", "I can't put you through to anybody.", "Are you sure you want a person?", "First tell me why.", "I've cancelled your order."),
    "pt": ("Já transferi você para um atendente.", "Não posso passar você para ninguém.", "Tem certeza de que quer falar com uma pessoa?", "Antes me diga por quê.", "Cancelei o seu pedido."),
}  # fmt: skip
BECAUSE = "handoff.because_"
ALREADY = "handoff.already"


class Down(BaseChatModel):
    """Answers nobody."""

    @property
    def _llm_type(self) -> str:
        return "down"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        raise ConnectionError("nobody answers")

    async def _agenerate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        raise ConnectionError("nobody answers")


class Mean(Down):
    """Claims a transfer that nobody made, refuses one, argues, and calls a tool without end."""

    rng: Any = None

    @property
    def _llm_type(self) -> str:
        return "mean"

    async def _agenerate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        if self.rng.random() < 0.3:
            call = {"name": "search_knowledge", "args": {"query": "devolver"}, "id": f"call_{self.rng.random()}"}
            said = AIMessage("", tool_calls=[call], response_metadata={"finish_reason": "tool_calls"})
        else:
            lie = self.rng.choice(LIES[self.rng.choice(LANGUAGES)])
            said = AIMessage(lie, response_metadata={"finish_reason": "stop"})
        return ChatResult(generations=[ChatGeneration(message=said)])


class Broken(WithoutLlm):
    """A loop in which everything is broken: the LLM, and what stands behind it."""

    async def run(self, *_: Any) -> None:
        raise RuntimeError("broken")

    async def close(self) -> None:
        """Nothing is open."""


MODELS = ("embedded", "down", "mean", "broken")


class Ward:
    """Worlds for every kind of model, with a help desk outside that is away or with none, and one event loop for all."""

    def __init__(self, runner: asyncio.Runner, worlds: dict[tuple[str, bool], World], chance: random.Random) -> None:
        self.runner, self.worlds, self.chance = runner, worlds, chance

    def run(self, work: Any) -> Any:
        return self.runner.run(work)


@pytest.fixture(scope="module")
def ward(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    chance, worlds, stack = random.Random(1), {}, AsyncExitStack()

    async def open_all() -> None:
        for model in MODELS:
            for away in (False, True):
                folder = tmp_path_factory.mktemp(f"{model}-{away}")
                thinking = _thinking(library, model, chance)
                outside = NOBODY_LISTENS if away else None
                opened = open_world(library, folder, Clock(), thinking=thinking, outside=outside)
                worlds[model, away] = await stack.enter_async_context(opened)

    with asyncio.Runner() as runner:
        runner.run(open_all())
        yield Ward(runner, worlds, chance)
        runner.run(stack.aclose())


def _thinking(library: Library, model: str, chance: random.Random) -> Thinking:
    thinking = library.thinking
    if model == "embedded":
        return thinking
    if model == "broken":
        return replace(thinking, loop=Broken())  # type: ignore[arg-type]
    sentences = thinking.sentences
    embedded = EmbeddedChat(sentences=sentences, wording=Wording(sentences))
    return replace(
        thinking,
        loop=Loop(
            embedded=embedded,
            tools=all_tools(),
            prompt=SystemPrompt(),
            model=Mean(rng=chance) if model == "mean" else Down(),
            model_name=model,
            failover=Failover(embedded, attempts=1),
        ),
    )


@st.composite
def requests(draw: st.DrawFn) -> tuple[str, str, str]:
    """A language, a flow's name, and a request in that language."""
    exits = read_exits(draw(st.sampled_from(LANGUAGES)))
    register = draw(st.sampled_from(sorted(exits.asks)))
    said = phrase(
        draw(st.sampled_from(exits.asks[register])),
        draw(st.sampled_from(exits.who)),
        draw(st.sampled_from(exits.before)),
        draw(st.sampled_from(exits.after)),
        draw(st.sampled_from(exits.around)),
    )
    kind = draw(st.sampled_from(("", "", "plain", "lower", "upper", "swap", "drop", "double")))
    said = spoil(said, kind, draw(st.integers(0, 30)))
    return exits.language, draw(st.sampled_from(sorted(exits.flows))), said


@settings(
    max_examples=EXAMPLES,
    derandomize="POSTVENTA_TEST_EXIT" not in os.environ,
    phases=(Phase.generate,),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(asked=requests(), model=st.sampled_from(MODELS), away=st.booleans(), seed=st.integers(0, 10**6))
def test_whoever_asks_for_a_person_has_one_coming_in_that_turn(
    ward: Ward, asked: tuple[str, str, str], model: str, away: bool, seed: int
) -> None:
    language, flow, said = asked
    exits = read_exits(language)
    event(f"{exits.language} {flow}")
    ward.chance.seed(seed)
    wrong = ward.run(_ask(ward.worlds[model, away], exits, flow, said))
    assert not wrong, f"{exits.language}, {flow}, {model}, help desk away: {away}: {said!r}: {wrong}"


async def _ask(world: World, exits: Exits, flow: str, said: str) -> list[str]:
    """What was wrong with how the request was taken."""
    shopper = "" if flow in ANONYMOUS else SHOPPERS[exits.language]
    talk = await world.open(shopper, locale=exits.language)
    for step in exits.flows[flow]:
        await _take(talk, exits, step)
    answer = await talk.say(said)
    await world.parts.outside.courier.deliver_due()
    return [*_not_taken(world, answer, exits.language), *find_broken(await talk.file(), await talk.events())]


async def _take(talk: Talk, exits: Exits, step: str) -> None:
    desk, case = talk.world.parts.desk, (await talk.file()).open_handoff
    if step == PERSON:
        await talk.say(exits.person)
    elif step == CLAIM and case:
        await desk.claim(ALMA, case.id)
    elif step == RETURN and case:
        await desk.give_back(ALMA, case.id)
    elif step not in (CLAIM, RETURN):
        await talk.say(step)


def _not_taken(world: World, answer: Json, language: str) -> Iterator[str]:
    text, handoff = str((answer["reply"] or {}).get("text", "")), answer["handoff"]
    if answer["status"] != Status.QUEUED or handoff is None or handoff["status"] != HandoffStatus.QUEUED:
        yield f"no case waits for a person: {answer['status']}, {text!r}"
        return
    sentences = world.services.sentences
    told = [key for key in sentences.keys if key.startswith(BECAUSE)]
    if not any(sentences.say(key, language) in text for key in (*told, ALREADY)):
        yield f"the reply does not say so: {text!r}"
    if "?" in text or answer["asks"]:
        yield f"something is asked first: {text!r}"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_no_request_for_a_person_calls_nobody(library: Library, tmp_path: Path, language: str) -> None:
    """The test above is worth something only where its flows alone call nobody."""
    exits = read_exits(language)
    async with open_world(library, tmp_path) as world:
        for name, steps in exits.flows.items():
            if PERSON in steps:
                continue
            talk = await world.open("" if name in ANONYMOUS else SHOPPERS[language], locale=language)
            for step in steps:
                assert (await talk.say(step))["handoff"] is None, (name, step)
