"""Grading again, comparing two runs, and the page: on one exchange, played soundly and by agents that act wrongly."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evals.suite.casefile import Case
from evals.suite.decisions import decision_of, intent_of, judge, refund_of
from evals.suite.diffing import compare, markdown
from evals.suite.play import Run
from evals.suite.report.page import write_page
from evals.suite.rescoring import rescore
from evals.suite.run_folder import RunFolder, RunRefused
from evals.suite.running import write_report
from evals.suite.suites import Job
from evals.suite.trajectory import Timing, Trajectory
from evals.suite.twin.stage import Stage
from evals.suite.versions import versions_here
from evals.suite.worker import Played, Setup, Worker
from evals.world import Library
from tests.evals.suite.conftest import Playing, a_case

REFUND = {"amount": "-899.00", "currency": "MXN"}


def returned(trajectory: Trajectory, status: str = "executed") -> Trajectory:
    """The same run with a return in it, which gives money back."""
    action = {**trajectory.actions[0], "kind": "return_items", "status": status, "cost": REFUND, "after": {}}
    return trajectory.model_copy(update={"actions": (action,)})


def expecting(trajectory: Trajectory, **expect: Any) -> Trajectory:
    case = a_case(expect={"orders": {"10001": {}}, **expect})
    return trajectory.model_copy(update={"case": case})


def timed(trajectory: Trajectory) -> Played:
    return trajectory, Timing(key=trajectory.key, turns_ms=(40,) * len(trajectory.turns), total_ms=100)


@pytest.fixture
def run_of(tmp_path: Path) -> Any:
    """Writes a run of these trajectories."""

    def write(name: str, *trajectories: Trajectory) -> Path:
        folder = RunFolder(tmp_path / name)
        folder.begin({})
        write_report(folder, [timed(one) for one in trajectories])
        return folder.path

    return write


def test_grading_again_says_what_changed(exchange: Trajectory, run_of: Any) -> None:
    run = run_of("run", exchange)
    before = (run / "results.jsonl").read_bytes()
    assert rescore(run).flips == {}
    assert (run / "results.jsonl").read_bytes() == before
    stricter = a_case(expect={"actions": []})
    report = rescore(run, [stricter])
    assert report.flips == {"tests/a-case.es#0": ("pass", "fail")}
    assert not report.good


def test_what_was_played_otherwise_is_not_graded_again(exchange: Trajectory, run_of: Any) -> None:
    with pytest.raises(RunRefused, match="what is played has changed"):
        rescore(run_of("run", exchange), [a_case(shopper={"lines": ["hola"]})])
    with pytest.raises(RunRefused, match="no trajectories"):
        rescore(run_of("empty"))


def test_a_refund_wrongly_given_and_one_wrongly_denied(exchange: Trajectory) -> None:
    gives = returned(exchange)
    wanted = [{"kind": "return_items", "status": "executed"}]
    assert refund_of(gives.actions[0]) == ("MXN", Decimal("899.00"))
    assert [one["kind"] for one in judge(expecting(gives, actions=[])).given] == ["return_items"]
    assert judge(expecting(gives, actions=wanted)).given == ()
    denied = expecting(returned(exchange, "rejected"), actions=wanted)
    assert judge(denied).denied == (("return_items", None),)
    difference = compare({"k": timed(expecting(gives, actions=wanted))}, {"k": timed(denied)})
    assert difference.worse
    was, now = difference.wrongs["return_items"]
    assert (was.denied, now.denied) == ({}, {"MXN": Decimal("899.00")})
    text = markdown(difference)
    assert "| return_items | – → – | – → 899.00 MXN | 0 → 0 | 0 → 0 |" in text
    assert "| return_items | k | return_items 10001 executed | answered | pass → fail |" in text


def test_denied_in_both_runs_has_no_price(exchange: Trajectory) -> None:
    denied = expecting(returned(exchange, "rejected"), actions=[{"kind": "return_items", "status": "executed"}])
    was, now = compare({"k": timed(denied)}, {"k": timed(denied)}).wrongs["return_items"]
    assert (was.denied_unpriced, now.denied_unpriced) == (1, 1)
    assert compare({"k": timed(denied)}, {"k": timed(denied)}).flips == ()


def test_an_agent_that_escalates_everything_is_told_by_intent(
    library: Library, playing: Playing, tmp_path: Path
) -> None:
    body = {"actions": [], "handoffs": [], "escalation": {"decide": "stay"}}
    case: Case = a_case(shopper={"lines": ["¿dónde está mi pedido 10002?"]}, expect=body)
    worker = Worker(
        Setup(tmp_path, agent="always_escalates"), Stage(library, tmp_path), None, versions_here("embedded", "x")
    )
    bad = asyncio.run(worker.play(Job(case, Run(1))))
    difference = compare({"k": playing(case)}, {"k": bad})
    assert [(one.was, one.now) for one in difference.flips] == [("answered", "to a person")]
    assert [now.extra_handoffs for _, now in difference.wrongs.values()] == [1]
    assert intent_of(case) == "tests"
    assert decision_of(bad[0]) == "to a person"


def test_the_page_holds_all_and_asks_no_network(exchange: Trajectory, run_of: Any, tmp_path: Path) -> None:
    hostile = exchange.turns[0].said.model_copy(update={"text": "</script><script>alert(1)</script>"})
    turns = (exchange.turns[0].model_copy(update={"said": hostile}), *exchange.turns[1:])
    broken = expecting(exchange.model_copy(update={"turns": turns}), actions=[], orders={"10001": {"gift_note": "x"}})
    was, run = run_of("was", exchange), run_of("run", broken)
    write_page(run, tmp_path / "report.html", was)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "alert(1)</script>" not in text
    assert "default-src 'none'" in text
    assert "src=" not in text.replace("src='none'", "").split('<script type="application/json"')[0]
    data = json.loads(text.split('id="data">')[1].split("</script>")[0])
    row = data["rows"][0]
    assert (row["outcome"], row["was"]) == ("fail", "pass")
    assert row["turns"][0]["tools"]
    failing = next(check for check in row["checks"] if check["grader"] == "state" and check["outcome"] == "fail")
    assert ["-", "gift_note: x"] in failing["diff"]
    assert "Against the earlier run: 1 flips" in text


def test_a_page_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunRefused):
        write_page(tmp_path, tmp_path / "report.html")
