"""The run in Markdown: how many passed, by area and language, and why each of the others did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from evals.suite.agents import BASELINES
from evals.suite.baselines import Beside, share
from evals.suite.check import Check, Outcome
from evals.suite.grading import Result
from evals.suite.hostile.scoring import Attacked, lines
from evals.suite.reliability import reliability, wilson
from evals.suite.trajectory import Versions


def summary(
    results: Sequence[Result],
    pairs: Sequence[Check],
    versions: Versions | None,
    flips: Mapping[str, tuple[str, str]],
    beside: Sequence[Beside] = (),
    attacks: Attacked | None = None,
) -> str:
    """The whole document."""
    parts = [*_head(results, versions, beside), *_tables(results, beside), *_reliability(results), *_attacks(attacks)]
    parts += _findings(results)
    return "\n".join([*parts, *_failures(results, pairs), *_flips(flips)]) + "\n"


def tally(results: Sequence[Result]) -> str:
    """``9 of 9 pass``, and what else there is."""
    count = Counter(one.outcome for one in results)
    more = [f"{count[Outcome.FAIL]} fail" if count[Outcome.FAIL] else ""]
    more += [f"{count[Outcome.NOT_EVALUATED]} not evaluated" if count[Outcome.NOT_EVALUATED] else ""]
    return ", ".join([f"{count[Outcome.PASS]} of {len(results)} pass", *filter(None, more)])


def beside_it(beside: Sequence[Beside]) -> str:
    """``does nothing 0 of 9, ...``: what agents pass that understand nothing; empty when none was played."""
    counts = ((agent, *share(beside, agent)) for agent in BASELINES if beside)
    return ", ".join(f"{agent.replace('_', ' ')} {passed} of {of}" for agent, passed, of in counts)


def _head(results: Sequence[Result], versions: Versions | None, beside: Sequence[Beside]) -> Iterator[str]:
    known = [one for one in results if one.outcome is not Outcome.NOT_EVALUATED]
    sure = wilson(sum(one.outcome is Outcome.PASS for one in known), len(known))
    yield from ("# Evaluation", "", f"**{tally(results)}**", "")
    if known:
        yield from (f"{sure} of what was evaluated, 95 % interval.", "")
    yield from (f"Beside it: {beside_it(beside)}.", "") if beside else ("Beside it: no baselines were played.", "")
    if versions is not None:
        yield ", ".join(f"{name} `{value}`" for name, value in versions.model_dump().items() if value)
        yield ""


def _tables(results: Sequence[Result], beside: Sequence[Beside]) -> Iterator[str]:
    yield from _table(
        "Area", results, lambda one: one.area, lambda agent, value: share(beside, agent, area=value), beside
    )
    yield from _table(
        "Language", results, lambda one: one.language, lambda agent, value: share(beside, agent, language=value), beside
    )


def _table(
    name: str, results: Sequence[Result], of: Callable[[Result], str], others: Callable[[str, str], tuple[int, int]],
    beside: Sequence[Beside],
) -> Iterator[str]:  # fmt: skip
    agents = BASELINES if beside else ()
    more = "".join(f" {agent.replace('_', ' ')} |" for agent in agents)
    yield from (
        f"| {name} | pass | fail | not evaluated |{more}",
        f"| --- | ---: | ---: | ---: |{' ---: |' * len(agents)}",
    )
    for value in sorted({of(one) for one in results}):
        count = Counter(one.outcome for one in results if of(one) == value)
        theirs = "".join(" {} of {} |".format(*others(agent, value)) for agent in agents)
        yield f"| {value} | {count[Outcome.PASS]} | {count[Outcome.FAIL]} | {count[Outcome.NOT_EVALUATED]} |{theirs}"
    yield ""


def _reliability(results: Sequence[Result]) -> Iterator[str]:
    """Only where something was played more than once."""
    found = reliability(results)
    if len(found) > 1:
        yield from ("| k | pass^k | 95 % interval |", "| ---: | ---: | --- |")
        yield from (f"| {k} | {one.value:.1%} | {one.low:.1%} to {one.high:.1%} |" for k, one in found.items())
        yield ""


def _findings(results: Sequence[Result]) -> Iterator[str]:
    """What failed, by kind; a run may fail in several."""
    count = Counter(kind for one in results for kind in {check.grader for check in one.failures})
    if count:
        yield from ("| What failed | runs |", "| --- | ---: |")
        yield from (f"| {kind} | {n} |" for kind, n in count.most_common())
        yield ""


def _attacks(found: Attacked | None) -> Iterator[str]:
    if found is not None:
        yield from ("## Injection", "", *(f"- {line}" for line in lines(found)))
        yield from (f"- refused although harmless: {key}" for key in found.refused)
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
