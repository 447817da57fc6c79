"""Keeps LangSmith's bookkeeping off other threads while nobody traces."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from typing import Any

from langsmith import set_runtime_overrides
from langsmith.utils import tracing_is_enabled


def trace_inline_when_off() -> None:
    """Run the bookkeeping in place unless tracing is on.

    LangChain wraps each middleware hook in ``traceable``, which goes to a thread and back twice a call even when
    tracing is off: a third of the agent's own time (measured with langchain 1.4 and langsmith in November 2026).
    """
    if not is_traced():
        set_runtime_overrides(aio_to_thread=_in_place)


def is_traced() -> bool:
    """Whether LangSmith's settings ask for traces."""
    return bool(tracing_is_enabled())


async def _in_place(_default: Any, context: Context, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    return context.run(work, *args, **kwargs)
