"""Shows what an LLM is told, part by part, with the tokens each takes and may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

from langchain_core.utils.function_calling import convert_to_openai_tool

from agent.conversation import Fact, Request
from agent.loop.brief import Brief
from agent.loop.history import TOKENS
from agent.loop.system_prompt import SystemPrompt
from agent.loop.tokens import estimate_tokens, estimate_tools
from agent.understanding.reading import Emotion, Reading
from prompts.versions import changed_without_a_version, prompts_in, read_versions
from tools.catalogue import all_tools
from tools.scope import Identity
from tools.shop.models import CustomerId, OrderNumber

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
RULES, CASE, TOOLS = 1400, 700, 6000
TOLD = {
    "order_number": "10002",
    "email": "lucia.hernandez@example.mx",
    "size": "8",
    "reason": "size_too_small",
    "address": "Calle Orizaba 121, Roma Norte, 06700 Ciudad de México",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of every request: what it takes, and the most it may."""

    name: str
    tokens: int
    most: int


def example_prompts(prompt: SystemPrompt) -> list[str]:
    """The prompt of every combination of language, identity level and stage of a conversation."""
    return [
        prompt.render(_brief(language, full=full), _identity(level))
        for language, level, full in product(("es", "en", "pt"), (0, 1, 2), (False, True))
    ]


def repair_notes(prompt: SystemPrompt) -> list[str]:
    """With and without words that were sent already."""
    return [prompt.repair_note(("day 12-03", "amount 9,999"), sent) for sent in ("", "Tu pedido va en camino.")]


def parts_of(prompt: SystemPrompt) -> list[Part]:
    """What a request is made of; the case is the longest of all combinations."""
    cases = [text.removeprefix(prompt.fixed) for text in example_prompts(prompt)]
    return [
        Part("rules, the same for all", estimate_tokens(prompt.fixed), RULES),
        Part("the case, longest example", max(map(estimate_tokens, cases)), CASE),
        Part("tools, the same for all", estimate_tools([convert_to_openai_tool(one) for one in all_tools()]), TOOLS),
        Part("history, at most", TOKENS, TOKENS),
    ]


def print_budget(*, show: bool) -> int:
    """Print it; 1 when a part takes more than it may."""
    prompt = SystemPrompt()
    if show:
        print(example_prompts(prompt)[-1])
    parts: Sequence[Part] = parts_of(prompt)
    for part in parts:
        print(f"{part.tokens:6} of {part.most:6} tokens  {part.name}")
    print(f"{sum(part.tokens for part in parts):6} tokens in all, by estimate")
    files, versions = prompts_in(), read_versions()
    for name in versions:
        tokens = estimate_tokens(files[name].read_text(encoding="utf-8")) if name in files else 0
        print(f"{tokens:6} tokens  {name}, version {versions[name].number}")
    changed = changed_without_a_version()
    for name, digest in changed.items():
        print(f"{name} has changed: it needs the next version in versions.yaml, with digest {digest}")
    return int(any(part.tokens > part.most for part in parts) or bool(changed))


def _identity(level: int) -> Identity:
    return Identity(level, CustomerId("c") if level else None, frozenset({OrderNumber("10002")} if level == 1 else ()))


def _brief(language: str, *, full: bool) -> Brief:
    brief = Brief("Tienda Andén", NOW, language, "web", Reading("hola", language, True, (), (), Emotion()))
    if not full:
        return brief
    facts = tuple(Fact(kind, value, "msg_1", NOW) for kind, value in TOLD.items())
    wishes = tuple(Request(one, "compré unos tenis talla 7 y necesito una más") for one in ("exchange_item", "invoice"))
    return Brief(
        "Tienda Andén",
        NOW,
        language,
        "web",
        brief.reading,
        facts,
        wishes,
        customer_name="Lucía",
        notes="Llamar no.",
        resumed=True,
        summary="Quería cambiar la talla de unos tenis y preguntó por la factura.",
    )
