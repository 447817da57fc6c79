"""The port through which a turn tells what it is doing, in the terms of OpenTelemetry's conventions for generative AI.

Without a listener it is ``NO_SPANS``: one shared object that does nothing, and nothing is imported for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol, Self

AGENT = "postventa"
INVOKE_AGENT, CHAT, EXECUTE_TOOL, RETRIEVAL, HANDOFF = "invoke_agent", "chat", "execute_tool", "retrieval", "handoff"

Attributes = Mapping[str, Any]


class Span(Protocol):
    """One thing that is being done."""

    def note(self, attributes: Attributes) -> None:
        """Add what has become known. None stands for what is not known."""
        ...

    def fail(self, kind: str) -> None:
        """It failed; ``kind`` is a code or an exception's class, never its text."""
        ...


class Spans(Protocol):
    """Who listens. ``content`` is whether what people and models wrote may be told; by default it may not."""

    @property
    def content(self) -> bool:
        """See the class."""
        ...

    def span(
        self, operation: str, subject: str = "", attributes: Attributes | None = None
    ) -> AbstractContextManager[Span]:
        """A span named ``operation subject``; an exception that leaves it marks it as failed by its class."""
        ...


class _Nothing:
    """A span of which nobody hears, and the context around it."""

    def note(self, attributes: Attributes) -> None:
        """See ``Span``."""

    def fail(self, kind: str) -> None:
        """See ``Span``."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


class _NoSpans:
    """Nobody listens."""

    content = False
    _nothing = _Nothing()

    def span(
        self,
        operation: str,  # noqa: ARG002
        subject: str = "",  # noqa: ARG002
        attributes: Attributes | None = None,  # noqa: ARG002
    ) -> AbstractContextManager[Span]:
        """See ``Spans``."""
        return self._nothing


NO_SPANS: Spans = _NoSpans()
