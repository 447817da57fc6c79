"""``postventa eval hybrid``: the scripted conversations with an LLM for every turn, and again with it for the unsure ones.

Without a key the LLM is the local OpenAI-protocol server, and behind it the embedded model answers for it: every turn crosses the
wire with its whole prompt, so that turns and tokens are real and only the model's own wit is not. A difference between the two
runs is then one that the way through an LLM makes. With ``--model openai:...`` the same is held with a real one.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from agent.app.models import llm_settings
from agent.loop.agent import Loop
from agent.loop.brief import Brief, Usage
from agent.loop.confidence import Confidence
from agent.loop.embedded.model import EmbeddedChat
from agent.loop.failover import Failover
from agent.loop.llm import LlmSettings, open_llm, open_pool
from agent.loop.prices import PriceList
from agent.loop.system_prompt import SystemPrompt
from agent.loop.tokens import estimate_tokens
from agent.loop.wording import Wording
from agent.settings import Settings
from evals.conversation_files import Scenario, read_scenarios
from evals.conversations import Held, Template, hold, make_template
from evals.openai_answers import Answer, Asked, Body, Completion
from evals.openai_server import OpenAIServer
from evals.world import Library, open_library
from prompts.loader import Sentences
from tools.catalogue import all_tools
from tools.scope import Identity

LOCAL = "local"
PRICED_AS = "gpt-4.1-mini"


class WatchedPrompt(SystemPrompt):
    """Remembers the case that was rendered last: scenarios are held one at a time."""

    seen: tuple[Brief, Identity] | None = None

    def render(self, brief: Brief, identity: Identity) -> str:
        """See ``SystemPrompt.render``."""
        self.seen = brief, identity
        return super().render(brief, identity)


@dataclass
class StandIn:
    """The embedded model at the other end of the wire."""

    embedded: EmbeddedChat
    prompt: WatchedPrompt

    def __call__(self, body: Body) -> Answer:
        """What it would do next; the tokens are those of the request as it came."""
        if self.prompt.seen is None:
            raise LookupError("nothing was rendered")
        told = [one for one in map(_message, body["messages"]) if one is not None]
        said = self.embedded.answer(told, *self.prompt.seen)
        calls = tuple(Asked(one["name"], json.dumps(one["args"], ensure_ascii=False)) for one in said.tool_calls)
        given = estimate_tokens(json.dumps(body, ensure_ascii=False))
        made = estimate_tokens(said.text + "".join(one.arguments for one in calls))
        return Completion(said.text or ("" if calls else "…"), calls, usage=(given, made))


@dataclass
class Tally:
    """What one run took. ``results`` are the faults of each scenario."""

    turns: int = 0
    by_llm: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)
    ends: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, held: Held, prices: PriceList, model: str) -> None:
        """Count a conversation."""
        self.ends[held.scenario.id] = held.faults
        for line in held.lines:
            usage = line.answer["usage"]
            self.turns += 1
            self.by_llm += usage["input_tokens"] > 0
            self.input_tokens += usage["input_tokens"]
            self.output_tokens += usage["output_tokens"]
            spent = Usage(model, usage["input_tokens"], usage["output_tokens"], usage["cached_tokens"])
            self.cost += prices.cost(spent) or Decimal(0)


async def compare(
    scenarios: Sequence[Scenario], library: Library, folder: Path, model: str, settings: Settings
) -> tuple[Tally, Tally]:
    """The same scenarios with the LLM for every turn, and with it for those that the embedded model is not sure of."""
    template = await make_template(library, folder / "template")
    prices = PriceList.load(settings.prices_file)
    priced = model or PRICED_AS
    tallies = []
    for name, confidence in (("llm", None), ("hybrid", Confidence.load(settings.hybrid_confidence))):
        tally = Tally()
        for scenario in scenarios:
            async with AsyncExitStack() as stack:  # a service closes its loop when it ends
                loop = await _loop(library.thinking.sentences, model, settings, confidence, stack)
                there = replace(library, thinking=replace(library.thinking, loop=loop))
                tally.add(await _held(scenario, there, template, folder / name / scenario.id), prices, priced)
        tallies.append(tally)
    return tallies[0], tallies[1]


async def _held(scenario: Scenario, library: Library, template: Template, folder: Path) -> Held:
    folder.mkdir(parents=True, exist_ok=True)
    return await hold(scenario, library, template, folder)


async def _loop(
    sentences: Sentences, model: str, settings: Settings, confidence: Confidence | None, stack: AsyncExitStack
) -> Loop:
    embedded, prompt = EmbeddedChat(sentences=sentences, wording=Wording(sentences)), WatchedPrompt()
    if model:
        told = llm_settings(settings, model)
    else:
        server = await stack.enter_async_context(OpenAIServer(StandIn(embedded, prompt), keep=False))
        told = LlmSettings(LOCAL, "sk-local", server.base_url)
    pool = open_pool(told)
    stack.push_async_callback(pool.aclose)
    return Loop(
        embedded=embedded,
        tools=all_tools(),
        prompt=prompt,
        model=open_llm(told, pool),
        model_name=model or f"openai:{LOCAL}",
        failover=Failover(embedded, deadline_s=told.deadline_s),
        confidence=confidence,
    )


def _message(row: Mapping[str, Any]) -> BaseMessage | None:
    """As LangChain has it, the fence around tools' answers taken off; none for the system prompt."""
    if row["role"] == "user":
        return HumanMessage(row["content"])
    if row["role"] == "tool":
        return ToolMessage("\n".join(row["content"].split("\n")[1:-1]), tool_call_id=row["tool_call_id"])
    if row["role"] != "assistant":
        return None
    calls = [
        {"name": one["function"]["name"], "args": json.loads(one["function"]["arguments"]), "id": one["id"]}
        for one in row.get("tool_calls") or ()
    ]
    return AIMessage(row.get("content") or "", tool_calls=calls)


def run_hybrid(model: str, wanted: Sequence[str]) -> int:
    """Print what it saves; 1 when a result differs for the worse."""
    settings = Settings()

    async def run() -> tuple[Tally, Tally]:
        library = await open_library(settings.data_dir)
        scenarios = [one for one in read_scenarios() if not wanted or one.id.startswith(tuple(wanted))]
        with tempfile.TemporaryDirectory() as folder:
            return await compare(scenarios, library, Path(folder), model, settings)

    full, hybrid = asyncio.run(run())
    print(
        f"{len(full.ends)} conversations; LLM: {model or 'the embedded model over the wire'}; priced as {model or PRICED_AS}"
    )
    for name, tally in (("every turn", full), ("hybrid", hybrid)):
        print(
            f"{name:11} {tally.by_llm:4} of {tally.turns} turns by the LLM, {tally.input_tokens:9,} + {tally.output_tokens:7,} tokens, "
            f"{100 * tally.cost:.2f} cents, {sum(not faults for faults in tally.ends.values())} conversations as they should be"
        )
    share = 1 - hybrid.input_tokens / max(1, full.input_tokens)
    print(
        f"saved       {full.by_llm - hybrid.by_llm} turns, {share:.0%} of the input tokens, {100 * (full.cost - hybrid.cost):.2f} cents"
    )
    differ = [one for one in full.ends if full.ends[one] != hybrid.ends[one]]
    worse = [one for one in differ if hybrid.ends[one] and not full.ends[one]]
    print(f"results     {len(differ)} differ, {len(worse)} for the worse")
    for one in differ:
        print(
            f"  {one}\n    every turn: {'; '.join(full.ends[one]) or 'as it should be'}\n    hybrid:     {'; '.join(hybrid.ends[one]) or 'as it should be'}"
        )
    return int(bool(worse))
