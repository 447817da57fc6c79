"""Puts the page together: template, style, script, charts and data in one file that asks nothing of any network."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from string import Template
from typing import Any, Final

from evals.suite.agents import BASELINES
from evals.suite.baselines import Beside, read_baselines, share
from evals.suite.casefile.strict import LANGUAGES
from evals.suite.check import Check, Outcome
from evals.suite.decisions import purse_text
from evals.suite.diffing import Difference, compare
from evals.suite.grading import Result
from evals.suite.hostile.scoring import attacked, lines
from evals.suite.reliability import Estimate, reliability, wilson
from evals.suite.report import charts
from evals.suite.report.facts import row
from evals.suite.run_folder import RunFolder, RunRefused, read_lines
from evals.suite.worker import Played

HERE: Final = Path(__file__).parent
NAMES: Final = {"es": "Spanish", "en": "English", "pt": "Portuguese"}
MOST_FINDINGS: Final = 9
EDGES: Final = (25, 50, 100, 200, 400, 800, 1600, 5000)


def write_page(run: Path, out: Path, baseline: Path | None = None) -> None:
    """Write the report of a run, compared with an earlier one if there is one. Raises ``RunRefused``."""
    results, played = _read(run)
    difference, was = None, {}
    if baseline is not None:
        earlier, told = _read(baseline)
        difference = compare(told, played)
        was = {one.key: one.outcome.value for one in earlier}
    pairs = [one for one in read_lines(run / "pairs.jsonl", Check) if one.outcome is Outcome.FAIL]
    rows = [row(one, played[one.key], was) for one in results]
    text = Template((HERE / "page.html").read_text(encoding="utf-8")).substitute(
        style=(HERE / "page.css").read_text(encoding="utf-8"),
        script=(HERE / "page.js").read_text(encoding="utf-8"),
        data=_embedded({"rows": rows, "languages": NAMES}),
        head=_head(results, played, pairs),
        charts="".join(_charts(run, results, played)),
        compared=_compared(difference) if difference else "",
        pairs=_pairs(pairs),
    )
    out.write_text(text, encoding="utf-8")


def _read(run: Path) -> tuple[list[Result], dict[str, Played]]:
    results, played = read_lines(run / "results.jsonl", Result), RunFolder(run).played()
    missing = [one.key for one in results if one.key not in played]
    if not results or missing:
        raise RunRefused(f"{run}: {'no results' if not results else f'{missing[0]} has no trajectory'} in it")
    return results, played


def _embedded(data: Any) -> str:
    """JSON that no tag can end."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")


def _head(results: Sequence[Result], played: dict[str, Played], pairs: Sequence[Check]) -> str:
    count = {outcome: sum(one.outcome is outcome for one in results) for outcome in Outcome}
    known = count[Outcome.PASS] + count[Outcome.FAIL]
    sure = wilson(count[Outcome.PASS], known)
    good = count[Outcome.FAIL] == 0 and count[Outcome.PASS] > 0 and not pairs
    versions = next(iter(played.values()))[0].versions.model_dump()
    chips = "".join(f"<span><b>{escape(k)}</b> {escape(str(v))}</span>" for k, v in versions.items() if v)
    more = [f"{count[Outcome.FAIL]} fail"]
    more += [f"{count[Outcome.NOT_EVALUATED]} not evaluated"] if count[Outcome.NOT_EVALUATED] else []
    more += [f"{len(pairs)} pairs end differently"] if pairs else []
    return (
        f'<div class="verdict {"pass" if good else "fail"}">{"Passed" if good else "Failed"}</div>'
        f'<div class="score"><strong>{count[Outcome.PASS]}<small> of {len(results)} pass</small></strong>'
        f"<span>{', '.join(more)} · {sure.value:.1%}, 95 % between {sure.low:.1%} and {sure.high:.1%}</span></div>"
        f'<div class="chips">{chips}</div>'
    )


def _charts(run: Path, results: Sequence[Result], played: dict[str, Played]) -> Iterator[str]:
    """Those that have something to show."""
    trajectories = [one for one, _ in played.values()]
    beside, found = read_baselines(run), reliability(results)
    if beside:
        yield _card(
            "Beside agents that understand nothing", charts.bars(list(_beside(results, beside)), "Share passed")
        )
    yield _card("By area", charts.bars(_shares(results, lambda one: one.area), "Share passed by area"))
    yield _card("Language gap", charts.intervals(_languages(results), "Share passed by language"), _gap(results))
    if failed := _findings(results):
        yield _card("What failed", charts.bars(failed, "Failed runs by what failed"), "Runs in which that failed.")
    if any(one.opening for one in trajectories):
        openings = {one.key: one.opening for one in trajectories}
        rows = _shares(results, lambda one: "other words" if openings[one.key] else "the line itself")
        yield _card("How they begin", charts.bars(rows, "Share passed by opening"))
    if len(found) > 1:
        note = f"{found[max(found)]} pass all {max(found)} times; the band is the 95 % interval."
        yield _card("pass^k", charts.falling(found, "pass to the power of k"), note)
    yield _card("Escalation, expected and done", _confusion(trajectories))
    if attacks := attacked(results, trajectories):
        yield _card("Injection", "".join(f"<p>{escape(line)}.</p>" for line in lines(attacks)))
    if times := [ms for _, timing in played.values() for ms in timing.turns_ms]:
        yield _card(
            "Latency of a turn", charts.columns(_histogram(times), "Turns by milliseconds"), _percentiles(times)
        )


def _card(title: str, body: str, note: str = "") -> str:
    return f"<section class=card><h2>{escape(title)}</h2>{body}<p>{note}</p></section>"


def _beside(results: Sequence[Result], rows: Sequence[Beside]) -> Iterator[charts.Bar]:
    passed = sum(one.outcome is Outcome.PASS for one in results)
    yield charts.Bar("this run", passed / len(results), f"{passed}/{len(results)}")
    for agent in BASELINES:
        good, of = share(rows, agent)
        yield charts.Bar(agent.replace("_", " "), good / of if of else 0.0, f"{good}/{of}", kind="other")


def _shares(results: Sequence[Result], of: Callable[[Result], str]) -> list[charts.Bar]:
    told = []
    for value in sorted({of(one) for one in results}):
        mine = [one.outcome for one in results if of(one) == value]
        passed, failed = mine.count(Outcome.PASS), mine.count(Outcome.FAIL)
        told.append(charts.Bar(value, passed / len(mine), f"{passed}/{len(mine)}", failed / len(mine)))
    return told


def _findings(results: Sequence[Result]) -> list[charts.Bar]:
    """The commonest first, as shares of the runs that failed."""
    failed = [one for one in results if one.outcome is Outcome.FAIL]
    count = Counter(kind for one in failed for kind in {check.grader for check in one.failures})
    return [
        charts.Bar(kind.removeprefix("invariant:").replace("_", " "), 0.0, f"{n}/{len(failed)}", n / len(failed))
        for kind, n in count.most_common(MOST_FINDINGS)
    ]


def _languages(results: Sequence[Result]) -> list[tuple[str, Estimate]]:
    told = []
    for language in LANGUAGES:
        mine = [one.outcome for one in results if one.language == language and one.outcome is not Outcome.NOT_EVALUATED]
        if mine:
            told.append((NAMES[language], wilson(mine.count(Outcome.PASS), len(mine))))
    return told


def _gap(results: Sequence[Result]) -> str:
    values = [one.value for _, one in _languages(results)]
    return f"Largest gap {max(values) - min(values):.1%}; bars are 95 % intervals." if len(values) > 1 else ""


def _confusion(trajectories: Sequence[Any]) -> str:
    """Expected against done, where a case expects anything of it."""
    cells = {(wanted, done): 0 for wanted in (True, False) for done in (True, False)}
    for one in trajectories:
        expect = one.case.expect
        wanted = None if expect.handoffs is None else bool(expect.handoffs)
        if expect.escalation is not None:
            wanted = expect.escalation.decide == "escalate"
        if wanted is not None and one.ended == "done":
            cells[wanted, bool(one.handoffs)] += 1

    def cell(wanted: bool, done: bool) -> str:
        kind = ("right" if wanted is done else "wrong") if cells[wanted, done] else "none"
        return f'<td class="{kind}">{cells[wanted, done]}</td>'

    return (
        "<table class=confusion><tr><td></td><th>to a person</th><th>stays</th></tr>"
        f"<tr><th>person expected</th>{cell(True, True)}{cell(True, False)}</tr>"
        f"<tr><th>stay expected</th>{cell(False, True)}{cell(False, False)}</tr></table>"
    )


def _histogram(times: Sequence[int]) -> list[tuple[str, int]]:
    edges = [0, *EDGES]
    told = [(f"<{_span(high)}", sum(low <= ms < high for ms in times)) for low, high in pairwise(edges)]
    return [*told, (f"≥{_span(EDGES[-1])}", sum(ms >= EDGES[-1] for ms in times))]


def _span(ms: int) -> str:
    return f"{ms / 1000:g} s" if ms >= 1000 else str(ms)


def _percentiles(times: Sequence[int]) -> str:
    if len(times) < 2:
        return f"{times[0]} ms"
    cuts = quantiles(times, n=100, method="inclusive")
    return (
        f"Half under {cuts[49]:.0f} ms, 95 % under {cuts[94]:.0f} ms, slowest {max(times)} ms, of {len(times)} turns."
    )


def _pairs(pairs: Sequence[Check]) -> str:
    if not pairs:
        return ""
    rows = "".join(
        f"<tr><td>{escape(one.name)}</td>"
        + "".join(
            f"<td><pre>{escape(json.dumps((one.actual or {}).get(code), indent=1, ensure_ascii=False))}</pre></td>"
            for code in LANGUAGES
        )
        + "</tr>"
        for one in pairs
    )
    heads = "".join(f"<th>{NAMES[code]}</th>" for code in LANGUAGES)
    return f"<section class=wide><h2>Pairs that end differently</h2><table><tr><th></th>{heads}</tr>{rows}</table></section>"


def _compared(difference: Difference) -> str:
    """Flips and money against the earlier run."""
    flips = "".join(
        f'<tr><td>{escape(one.intent)}</td><td><a href="#{escape(one.key, quote=True)}">{escape(one.key)}</a></td>'
        f"<td>{escape(one.was)}</td><td>{escape(one.now)}</td>"
        f'<td class="{one.outcome_now}">{one.outcome_was} → {one.outcome_now}</td></tr>'
        for one in difference.flips
    )
    money = "".join(
        f"<tr><td>{escape(intent)}</td><td>{purse_text(was.given)} → {purse_text(now.given)}</td>"
        f"<td>{purse_text(was.denied)} → {purse_text(now.denied)}</td>"
        f"<td>{was.extra_handoffs} → {now.extra_handoffs}</td><td>{was.missed_handoffs} → {now.missed_handoffs}</td></tr>"
        for intent, (was, now) in difference.wrongs.items()
    )
    told = (
        f"<table><tr><th>Intent</th><th>Run</th><th>Was</th><th>Now</th><th>Outcome</th></tr>{flips}</table>"
        if flips
        else "<p>No decision flipped.</p>"
    )
    wrong = (
        "<table><tr><th>Intent</th><th>Refunds wrongly given</th><th>Wrongly denied</th><th>Extra handoffs</th>"
        f"<th>Missed handoffs</th></tr>{money}</table>"
        if money
        else "<p>None in what both runs played.</p>"
    )
    return (
        f"<section class=wide><h2>Against the earlier run: {len(difference.flips)} flips</h2>{told}"
        f"<h3>Wrong decisions, before → now</h3>{wrong}</section>"
    )
