"""The command's exit codes, each for what it says; shards, an earlier run, and a service that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.commands.evals import commands as eval_app
from evals.suite.casefile import read_cases
from evals.suite.suites import Wanted, choose, read_suites
from evals.world import Library

CASE = "status/where-is-my-order.en"
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def call(library: Library, library_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Calls the command on the library of the tests."""
    del library
    monkeypatch.setenv("POSTVENTA_DATA_DIR", str(library_folder))

    def run(*words: str, out: str = "run") -> tuple[int, str]:
        options = ["--out", str(tmp_path / out)] if words[0] not in ("rescore", "diff", "report", "import") else []
        result = CliRunner().invoke(eval_app, [*words, *options])
        return result.exit_code, result.output

    return run


def test_a_run_that_passes_and_is_taken_up_again(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, said = call(CASE, "--no-baselines")
    assert (code, "1 of 1 pass" in said) == (0, True), said
    before = (tmp_path / "run" / "trajectories.jsonl").read_bytes()
    assert call(CASE, "--no-baselines")[0] == 0
    assert (tmp_path / "run" / "trajectories.jsonl").read_bytes() == before
    assert call("rescore", str(tmp_path / "run"))[0] == 0
    assert call("report", str(tmp_path / "run"))[0] == 0
    assert (tmp_path / "run" / "report.html").stat().st_size > 10_000

    bad = call(CASE, "--no-baselines", "--agent", "invents_a_date", "--baseline", str(tmp_path / "run"), out="bad")
    assert bad[0] == 1
    assert "pass → fail" in bad[1]
    assert call("diff", str(tmp_path / "run"), str(tmp_path / "bad"))[0] == 1
    assert call("diff", str(tmp_path / "bad"), str(tmp_path / "run"))[0] == 0
    assert call(CASE, "--seed", "2", "--no-baselines")[0] == 2  # the folder holds another run


def test_baselines_are_beside_it_and_kept(call, library_folder: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, said = call(CASE)
    assert code == 0
    assert "does nothing 0 of 1, always escalates 0 of 1, says yes 0 of 1" in said
    assert "| does nothing |" in (tmp_path / "run" / "summary.md").read_text(encoding="utf-8")
    assert list((library_folder / "evaluation").glob("baselines-*.jsonl"))


@pytest.mark.parametrize(
    "words",
    [
        ("no-such-suite",),
        (CASE, "--shard", "3/2"),
        (CASE, "--lang", "fr"),
        (CASE, "--agent", "nobody"),
        (CASE, "--model", "openai:x"),
        (CASE, "--baseline", "not/there"),
        ("rescore", "not/there"),
        ("diff", "not/there", "nor/there"),
        ("report", "not/there"),
    ],
)
def test_a_wrong_configuration(call, words: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    code, said = call(*words)
    assert (code, said != "") == (2, True), said


def test_nothing_can_be_said_of_a_service_that_is_not_there(call) -> None:  # type: ignore[no-untyped-def]
    code, said = call(CASE, "--target", NOBODY)
    assert (code, "nothing can be said" in said) == (3, True), said


def test_shards_make_up_the_whole() -> None:
    whole = choose(Wanted(("smoke",))).jobs
    parts = [job.key for n in (1, 2, 3) for job in choose(Wanted(("smoke",), shard=(n, 3))).jobs]
    assert sorted(parts) == [job.key for job in whole]


def test_suites_given_together_ask_each_its_own() -> None:
    """What reliability and parity want holds for the cases they take, and not for one named beside them."""
    beside = next(one.id for one in read_cases() if not read_suites()["reliability"].takes(one))
    chosen = choose(Wanted(("reliability", "parity", beside)))
    runs = {name: [job.run for job in chosen.jobs if job.case.id == name] for name in (beside, CASE)}
    assert [(one.trial, one.opening) for one in runs[beside]] == [(0, 0)]
    assert {one.opening for one in runs[CASE]} == {0, 1, 2}
    assert beside not in chosen.alike
    assert CASE in chosen.alike


def test_two_runs_of_one_seed_write_the_same_bytes(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Only how long things took differs."""
    for out in ("one", "two"):
        assert call("smoke", "--lang", "es", "--no-baselines", "--seed", "7", out=out)[0] == 0
    written = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    again = {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert written.keys() == again.keys() >= {"trajectories.jsonl", "results.jsonl", "summary.md", "junit.xml"}
    assert [name for name in written if written[name] != again[name]] == ["timings.jsonl"]
