"""Structured logs on standard error: JSON lines, identifiers and codes only, never what somebody wrote."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog


def configure_logging(level: str) -> None:
    """One JSON object a line, for our own loggers and for those of the libraries alike."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(where_it_broke),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(DiscreetFormatter("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def where_it_broke(info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """The exception's types and places, innermost last. Not its message: that may quote a shopper, or a whole row."""
    lines = []
    error: BaseException | None = info[1]
    while error is not None:
        places = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        lines.append(" > ".join([type(error).__qualname__, *places]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


class DiscreetFormatter(logging.Formatter):
    """Standard records, their exceptions without messages."""

    def formatException(self, info: Any) -> str:  # noqa: N802  the standard library's name
        """See ``where_it_broke``."""
        return where_it_broke(info)
