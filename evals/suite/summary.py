"""The run in Markdown: how many passed, by area and language, and why each of the others did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from evals.suite.check import Check, Outcome
from evals.suite.grading import Result
from evals.suite.trajectory import Versions


def summary(
    results: Sequence[Result], pairs: Sequence[Check], versions: Versions | None, flips: Mapping[str, tuple[str, str]]
) -> str:
    """The whole document."""
    return "\n".join([*_head(results, versions), *_tables(results), *_failures(results, pairs), *_flips(flips)]) + "\n"


def tally(results: Sequence[Result]) -> str:
    """``9 of 9 pass``, and what else there is."""
    count = Counter(one.outcome for one in results)
    more = [f"{count[Outcome.FAIL]} fail" if count[Outcome.FAIL] else ""]
    more += [f"{count[Outcome.NOT_EVALUATED]} not evaluated" if count[Outcome.NOT_EVALUATED] else ""]
    return ", ".join([f"{count[Outcome.PASS]} of {len(results)} pass", *filter(None, more)])


def _head(results: Sequence[Result], versions: Versions | None) -> Iterator[str]:
    yield from ("# Evaluation", "", f"**{tally(results)}**", "")
    if versions is not None:
        yield ", ".join(f"{name} `{value}`" for name, value in versions.model_dump().items() if value)
        yield ""


def _tables(results: Sequence[Result]) -> Iterator[str]:
    for name, of in (("Area", lambda one: one.area), ("Language", lambda one: one.language)):
        yield from _table(name, results, of)


def _table(name: str, results: Sequence[Result], of: Callable[[Result], str]) -> Iterator[str]:
    yield from (f"| {name} | pass | fail | not evaluated |", "| --- | ---: | ---: | ---: |")
    for value in sorted({of(one) for one in results}):
        count = Counter(one.outcome for one in results if of(one) == value)
        yield f"| {value} | {count[Outcome.PASS]} | {count[Outcome.FAIL]} | {count[Outcome.NOT_EVALUATED]} |"
    yield ""


def _failures(results: Sequence[Result], pairs: Sequence[Check]) -> Iterator[str]:
    for outcome, title in ((Outcome.FAIL, "Failed"), (Outcome.NOT_EVALUATED, "Not evaluated")):
        found = [one for one in results if one.outcome is outcome]
        if found:
            yield from (f"## {title}", "")
        for one in found:
            yield f"- **{one.key}** {one.title}"
            yield from (
                f"  - {check.grader}, {check.name}{f', turn {check.turn}' if check.turn else ''}: {check.detail}"
                for check in one.checks
                if check.outcome is outcome
            )
            yield ""
    apart = [one for one in pairs if one.outcome is Outcome.FAIL]
    if apart:
        yield from ("## Pairs that end differently", "", *(f"- **{one.name}** {one.actual}" for one in apart), "")


def _flips(flips: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    if flips:
        yield from (
            "## Against the baseline",
            "",
            *(f"- {key}: {was} → {now}" for key, (was, now) in flips.items()),
            "",
        )
