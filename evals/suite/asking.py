"""An LLM to ask: it plays a shopper or judges a conversation, through the same client as the service's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.settings import Settings
from evals.suite.door import Unreachable


class Asking:
    """Implements ``Ask``. Its connections are let go by ``aclose``, in the loop in which they were opened."""

    def __init__(self, llm: Any) -> None:
        self._llm = llm

    async def __call__(self, prompt: str, lines: Sequence[tuple[str, str]]) -> str:
        """The model's words. Raises ``Unreachable``."""
        try:
            answer = await self._llm.ainvoke([("system", prompt), *lines])
        except Exception as error:  # whatever the model's client raises, nothing is known about the agent
            raise Unreachable(f"the model {self._llm.model_name}: {type(error).__name__}") from error
        return str(answer.text)

    async def aclose(self) -> None:
        """Let go."""
        await self._llm.aclose()


def ask_for(settings: Settings) -> Asking | None:
    """The LLM of the settings as something to ask; none without a key."""
    key = settings.openai_api_key.get_secret_value()
    if settings.model == "embedded" or not key:
        return None
    from agent.loop.llm import LlmSettings, open_llm  # noqa: PLC0415  seconds of imports that only a model needs

    name = settings.model.partition(":")[2]
    return Asking(open_llm(LlmSettings(name, key, settings.openai_base_url, settings.model_timeout_s, 60.0)))
