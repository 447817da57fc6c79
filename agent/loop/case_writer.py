"""Sums a case up for the person who takes it over: a model writes, code looks at each line, and whatever fails leaves it unwritten.

What it writes stands between two lines of code's own, who the shopper is and what to do first: it can neither say who somebody is nor
tell the desk what to do.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import structlog
import yaml
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.loop.bad_completion import BadCompletion
from agent.loop.breaker import Breaker
from agent.loop.brief import Usage
from agent.loop.briefing import usage_of
from agent.loop.completion import check_completion
from agent.loop.fence import disarm
from agent.loop.guard.check import ReplyGuard
from agent.loop.guard.evidence import Evidence
from agent.loop.reply_language import language_of
from agent.loop.secrecy import Secrecy
from prompts.loader import FOLDER, LANGUAGES
from prompts.prompt import Prompt

log = structlog.get_logger("postventa.model")

RULES = Path(__file__).with_name("case_writer.yaml")
TIMEOUT_S = 4.0
"""The shopper waits for it: their case is not passed on before."""

MOST_LINES = 6
LONGEST = 160
GROUNDED = 0.5
STEM = 5
_WORD = re.compile(r"[^\W\d_]+")
_JSON = re.compile(r"\{.*\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Case:
    """What the model is shown: ``sources`` by the id a line cites; ``executed`` kinds of action; ``language`` of the shopper."""

    sources: Mapping[str, Any]
    language: str
    executed: frozenset[str]
    today: date

    def cited(self, ids: Sequence[str]) -> str:
        """What stands under these ids."""
        return json.dumps([self.sources[one] for one in ids], ensure_ascii=False, default=str)


class _Line(BaseModel):
    """A line as it is written."""

    model_config = ConfigDict(extra="ignore")

    from_: list[str] = Field(alias="from", min_length=1, max_length=20)
    es: str
    en: str
    pt: str


class _Written(BaseModel):
    model_config = ConfigDict(extra="ignore")

    lines: list[Any] = Field(max_length=40)


class CaseWriter:
    """Has ``model`` write it, within ``timeout_s``; after failures in a row it is left alone for a while.

    ``secrets`` are what no line may hold.
    """

    def __init__(
        self,
        model: BaseChatModel,
        model_name: str,
        *,
        secrets: Sequence[str] = (),
        breaker: Breaker | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._model = model
        self._name = model_name
        self._breaker = breaker or Breaker(clock=time.monotonic)
        self._timeout_s = timeout_s
        self._prompt = Prompt(FOLDER / "handoff" / "summary.md", ["case", "most"])
        self._secrecy = Secrecy(self._prompt.render(case="", most=MOST_LINES), secrets)
        self._guard = ReplyGuard()
        rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
        self._tells = re.compile("|".join(rules["tells"]), re.IGNORECASE)
        self._plain = frozenset(word[:STEM] for row in rules["plain"] for word in row.split())

    async def write(self, case: Case) -> tuple[Mapping[str, Sequence[str]], Usage | None]:
        """At most six lines in each language, each of them borne out by the case, and what it took; none when it fails."""
        if not self._breaker.allows():
            return {}, None
        usage = None
        try:
            answer = await self._ask(case)
            usage = usage_of(answer, self._name)
            check_completion(answer, frozenset((*LANGUAGES, "other")))
            lines = list(self._sound(answer.text, case))
        except Exception as failure:  # noqa: BLE001  whatever a provider raises: code's own summary says enough
            self._breaker.failed()
            cause = failure.cause if isinstance(failure, BadCompletion) else "failed"
            log.warning("case_summary_failed", cause=cause, kind=type(failure).__name__)
            return {}, usage
        self._breaker.succeeded()
        return {language: [line[language] for line in lines] for language in LANGUAGES} if lines else {}, usage

    async def aclose(self) -> None:
        """Let the model's connections go."""
        close = getattr(self._model, "aclose", None)
        if close is not None:
            await close()

    async def _ask(self, case: Case) -> AIMessage:
        shown = disarm(json.dumps(case.sources, ensure_ascii=False, default=str))
        async with asyncio.timeout(self._timeout_s):
            answer = await self._model.ainvoke([HumanMessage(self._prompt.render(case=shown, most=MOST_LINES))])
        if not isinstance(answer, AIMessage):
            raise BadCompletion("unreadable")
        return answer

    def _sound(self, text: str, case: Case) -> Iterator[Mapping[str, str]]:
        """The lines that may stand, the first six."""
        made = 0
        for read in _lines_in(text):
            told = {language: " ".join(getattr(read, language).split()) for language in LANGUAGES}
            fault = self._fault(read.from_, told, case)
            if fault:
                log.warning("case_summary_line_dropped", why=fault)
            elif made < MOST_LINES:
                made += 1
                yield told

    def _fault(self, ids: Sequence[str], told: Mapping[str, str], case: Case) -> str:
        if not set(ids) <= case.sources.keys():
            return "source"
        cited = case.cited(ids)
        evidence = Evidence.of([cited], handoff=True, executed=case.executed, today=case.today)
        for language, line in told.items():
            if not line or len(line) > LONGEST or language_of(line) not in (language, None):
                return "form"
            if self._secrecy.is_broken_by(line):
                return "secret"
            if self._tells.search(line):
                return "tells"
            if self._guard.unsupported(line, evidence):
                return "unsupported"
        return "" if self._is_grounded(told[case.language], cited) else "invented"

    def _is_grounded(self, line: str, cited: str) -> bool:
        """Whether half of its own words stand in what it cites, in the shopper's language; a report's usual words aside."""
        known = _stems(cited)
        own = _stems(line) - self._plain
        return len(own & known) >= GROUNDED * len(own)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:STEM] for word in _WORD.findall(text.casefold()) if len(word) >= STEM)


def _lines_in(text: str) -> list[_Line]:
    """Raises ``BadCompletion`` for what is not the form that was asked for."""
    found = _JSON.search(text)
    try:
        return [_Line.model_validate(one) for one in _Written.model_validate_json(found[0] if found else "").lines]
    except (ValidationError, RecursionError):
        raise BadCompletion("invalid_form") from None
