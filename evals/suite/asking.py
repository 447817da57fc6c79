"""An LLM to ask: it plays a shopper or judges a conversation, through the same client as the service's."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.language_models import BaseChatModel

from agent.app.models import Role, model_for, open_model
from agent.errors import Misconfigured
from agent.settings import Settings
from evals.suite.door import Unreachable


class Asking:
    """Implements ``Ask``. Its connections are let go by ``aclose``, in the loop in which they were opened."""

    def __init__(self, llm: BaseChatModel, name: str) -> None:
        self._llm = llm
        self._name = name

    async def __call__(self, prompt: str, lines: Sequence[tuple[str, str]]) -> str:
        """The model's words. Raises ``Unreachable``."""
        try:
            answer = await self._llm.ainvoke([("system", prompt), *lines])
        except Exception as error:  # whatever the model's client raises, nothing is known about the agent
            raise Unreachable(f"the model {self._name}: {type(error).__name__}") from error
        return str(answer.text)

    async def aclose(self) -> None:
        """Let go."""
        close = getattr(self._llm, "aclose", None)
        if close is not None:
            await close()


def ask_for(settings: Settings, role: Role = "judge") -> Asking | None:
    """The LLM that has that role as something to ask; none where there is none, or without its key."""
    try:
        llm = open_model(settings, role)
    except Misconfigured:
        return None
    return Asking(llm, model_for(settings, role)) if llm is not None else None
