"""Structured logs on standard error: JSON lines, identifiers and codes only, never what somebody wrote."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

import structlog

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def where_it_broke(exc_info: ExcInfo) -> str:
    """The exception's types and places, innermost last. Not its message: that may quote a shopper, or a whole row."""
    lines = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        places = [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(error.__traceback__)]
        lines.append(" > ".join([type(error).__qualname__, *places]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


PROCESSORS: tuple[structlog.typing.Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(where_it_broke),
    structlog.processors.JSONRenderer(),
)
"""From an event to its line."""


def configure_logging(level: str) -> None:
    """One JSON object a line for our own loggers; warnings and errors of the libraries beside them.

    The handler has the level too: a library that sets its own logger to DEBUG would pass by the root's.
    """
    structlog.configure(
        processors=[*PROCESSORS],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(DiscreetFormatter("%(levelname)s %(name)s %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class DiscreetFormatter(logging.Formatter):
    """Standard records, their exceptions without messages."""

    def formatException(self, ei: object) -> str:  # noqa: N802  the standard library's name
        """See ``where_it_broke``."""
        return where_it_broke(ei)  # type: ignore[arg-type]
