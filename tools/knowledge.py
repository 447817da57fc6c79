"""The tool that reads the help centre."""

from __future__ import annotations

from langchain.tools import ToolRuntime
from langchain_core.tools import tool

from knowledge.port import Passage
from tools.arguments import tidy
from tools.effects import Effect, effect
from tools.scope import Scope
from tools.views import PassageView, as_text

QUESTION_CHARS = 500


@effect(Effect.READ)
@tool(parse_docstring=True)
async def search_knowledge(question: str, runtime: ToolRuntime[Scope]) -> str:
    """Search the help articles. Answer questions about rules, prices or times only from a passage that supports it.

    Args:
        question: what the shopper wants to know
    """
    scope = runtime.context
    passages = await scope.knowledge.search(tidy(question, "question", QUESTION_CHARS), scope.language)
    scope.citations.extend(passage for passage in passages if passage not in scope.citations)
    return as_text({"passages": [render_passage(passage) for passage in passages]})


def render_passage(passage: Passage) -> PassageView:
    """A passage without its score."""
    return PassageView(
        article=passage.article,
        topic=passage.topic,
        title=passage.title,
        path=list(passage.path),
        text=passage.text,
        url=passage.url,
        supports=passage.supports,
    )
