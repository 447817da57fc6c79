"""The weights that ship are those of the examples that ship."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from agent.app.thinking import open_escalation
from agent.escalation.examples import EXAMPLES
from agent.escalation.freshness import SENSE, sense_is_current
from agent.escalation.learning import learn
from tests.agent.weights import what_differs


def test_the_weights_that_ship_are_those_of_the_examples(tmp_path: Path) -> None:
    learn(tmp_path / "again.npz")
    assert what_differs(tmp_path / "again.npz", SENSE) == []
    assert SENSE.stat().st_size < 1_000_000


def test_the_weights_are_current_until_an_example_changes(tmp_path: Path) -> None:
    assert sense_is_current(SENSE), "run `python -m agent.escalation.learning`"
    changed = shutil.copytree(EXAMPLES, tmp_path / "examples")
    with (changed / "es" / "stay.yaml").open("a", encoding="utf-8") as file:
        file.write("  - el florero llegó bien\n")
    assert not sense_is_current(SENSE, changed)
    assert not sense_is_current(tmp_path / "none.npz")


def test_a_start_with_the_weights_that_ship_learns_nothing(tmp_path: Path) -> None:
    open_escalation(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_deciding_does_not_import_scikit_learn() -> None:
    code = "import sys, agent.escalation.policy; sys.exit('sklearn' in sys.modules or 'scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
