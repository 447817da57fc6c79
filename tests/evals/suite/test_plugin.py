"""The pytest plugin, as a shop's own repository uses it: in a process of its own, on a folder of its own cases."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from evals.suite.casefile.reading import CASES
from evals.world import Library

ROOT = CASES.parents[1]


def played(folder: Path, library_folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Pytest on that folder."""
    options = ["-p", "evals.suite.plugin", "-p", "no:cacheprovider", "-q", "-rs", "--eval-library", str(library_folder)]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *more, "--rootdir", str(folder), str(folder)],
        cwd=ROOT, capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two cases of the suite, one that cannot pass, one that takes a model."""
    mine = tmp_path / "mine"
    mine.mkdir()
    text = (CASES / "status" / "where-is-my-order.en.yaml").read_text(encoding="utf-8")
    (mine / "sound.en.yaml").write_text(text, encoding="utf-8")
    (mine / "wrong.en.yaml").write_text(text.replace("2026-11-22", "2026-12-24"), encoding="utf-8")
    (mine / "notes.yaml").write_text("not: a case", encoding="utf-8")
    simulated = (
        'title: "An LLM shops"\nshopper: {kind: simulate, brief: "ask where order 10003 is"}\nexpect: {actions: []}\n'
    )
    (mine / "simulated.en.yaml").write_text(simulated, encoding="utf-8")
    return mine


def test_each_case_is_a_test(folder: Path, library: Library, library_folder: Path) -> None:
    del library  # so that it is built
    ran = played(folder, library_folder)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "1 failed, 1 passed, 1 skipped" in ran.stdout
    assert "2026-12-24" in ran.stdout
    assert "where is my order?" in ran.stdout
    assert "takes a model" in ran.stdout


def test_a_broken_case_is_an_error_with_its_key(tmp_path: Path, library_folder: Path) -> None:
    (tmp_path / "broken.es.yaml").write_text("title: nothing else", encoding="utf-8")
    ran = played(tmp_path, library_folder)
    assert ran.returncode == 2, ran.stdout
    assert "shopper: Field required" in ran.stdout
