"""What models that think before they speak take instead of the usual parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_THINKS = re.compile(r"(?:^|/)(?:o[1-9]|gpt-[5-9])(?![^/]*chat)", re.IGNORECASE)
_SAMPLING = ("temperature", "top_p", "presence_penalty", "frequency_penalty", "logprobs", "top_logprobs", "logit_bias")


def thinks(name: str) -> bool:
    """Whether a model of that name is one of OpenAI's reasoning models, under a vendor's prefix too (``openai/o3``)."""
    return _THINKS.search(name) is not None


def fit_parameters(payload: Mapping[str, Any], *, thinking: bool, own_api: bool) -> dict[str, Any]:
    """The request with the parameters its model takes.

    One that thinks refuses sampling parameters and ``max_tokens``; compatible endpoints (``own_api`` false) know the
    older ``max_tokens`` everywhere and the newer name not always.
    """
    fitted = dict(payload)
    most = fitted.pop("max_completion_tokens", None) or fitted.pop("max_tokens", None)
    if most:
        fitted["max_completion_tokens" if thinking or own_api else "max_tokens"] = most
    if thinking:
        for name in _SAMPLING:
            fitted.pop(name, None)
    return fitted
