"""What can go wrong with an LLM: a name for each failure, and whether another try may mend it."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx2
import openai

from agent.loop.bad_completion import BadCompletion
from agent.loop.stream_reading import BrokenStream

FINAL_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
WORTH_ANOTHER_TRY = frozenset({"truncated_stream", "empty", "invalid_tool_arguments"})
SHORT_WAIT_S = 2.0


def name_cause(failure: BaseException) -> str:
    """A stable name for logs and metrics; it never holds the failure's own words."""
    if isinstance(failure, BadCompletion):
        return failure.cause
    if isinstance(failure, openai.RateLimitError):
        return "quota" if failure.code in FINAL_CODES else "rate_limited"
    if isinstance(failure, openai.APITimeoutError | TimeoutError | httpx2.TimeoutException):
        return "timeout"
    if isinstance(failure, openai.AuthenticationError | openai.PermissionDeniedError):
        return "unauthorized"
    if isinstance(failure, openai.APIConnectionError | OSError | httpx2.TransportError):
        return "unreachable"
    if isinstance(failure, openai.BadRequestError):
        return "context_length" if failure.code == "context_length_exceeded" else "rejected"
    if isinstance(failure, openai.APIStatusError):
        return "server_error" if failure.status_code >= 500 else "rejected"
    if isinstance(failure, openai.APIError | BrokenStream):
        return "broken_stream"
    return _cause_elsewhere(failure)


def _cause_elsewhere(failure: BaseException) -> str:
    """Of a provider that is not known here: by the status it names, else by the name of the exception's type."""
    status = getattr(failure, "status_code", None)
    if isinstance(status, int) and status >= 400:
        known = {401: "unauthorized", 403: "unauthorized", 408: "timeout", 429: "rate_limited"}
        return known.get(status, "server_error" if status >= 500 else "rejected")
    kind = type(failure).__name__
    for word, cause in (("Timeout", "timeout"), ("Connect", "unreachable"), ("RateLimit", "rate_limited")):
        if word in kind:
            return cause
    return "unreadable"


def is_outage(failure: BaseException) -> bool:
    """Whether the next turn would fail alike: the endpoint is away or refuses us, whatever is asked."""
    return name_cause(failure) in (
        "quota", "rate_limited", "timeout", "unauthorized", "unreachable", "server_error", "broken_stream", "unreadable",
        "truncated_stream",
    )  # fmt: skip


def may_pass(failure: BaseException) -> bool:
    """Whether to try once more. Never after a timeout: the shopper has waited long enough."""
    if isinstance(failure, BadCompletion):
        return failure.cause in WORTH_ANOTHER_TRY
    if isinstance(failure, openai.RateLimitError):
        return failure.code not in FINAL_CODES and (wanted_rest(failure) or 0.0) <= SHORT_WAIT_S
    if isinstance(failure, openai.APITimeoutError | httpx2.TimeoutException):
        return False
    return isinstance(failure, openai.APIConnectionError | openai.InternalServerError | httpx2.TransportError)


def wanted_rest(failure: BaseException) -> float | None:
    """The seconds of a ``Retry-After``, which may be a date: then they are counted from the answer's own; else none."""
    if not isinstance(failure, openai.APIStatusError):
        return None
    headers = failure.response.headers
    asked = headers.get("retry-after", "")
    try:
        seconds = float(asked)
    except ValueError:
        until, said = _date(asked), _date(headers.get("date", ""))
        if until is None or said is None:
            return None
        seconds = max((until - said).total_seconds(), 0.0)
    return seconds if 0 <= seconds < float("inf") else None


def _date(header: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(header)
    except ValueError:
        return None
    return found if found.tzinfo else None
