"""The escalation policy on its development dialogues, each scored with weights learnt without any of its lines.

``python -m evals.escalation_folds [--folds 4]`` learns once a fold (half a minute each) and prints the grade. Words and
figures of the rules were still tuned on these dialogues: only a test set says how the policy does with new shoppers.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

from agent.app.thinking import open_reader
from agent.escalation.examples import load_samples
from agent.escalation.hearing import Ear
from agent.escalation.learning import fit, ordinary_lines
from agent.escalation.policy import RuleEscalation
from agent.escalation.rules import load_rules
from agent.settings import Settings
from evals.escalation import Dialogue, first_escalation, outcome_of, read_dialogues
from evals.escalation_grade import Outcome, report

SETS = Path(__file__).parent / "escalation_sets" / "dev"


def fold_of(dialogue: Dialogue, folds: int) -> int:
    """The fold of a dialogue, always the same; its lines stay together."""
    return int(hashlib.sha256(dialogue.id.encode()).hexdigest(), 16) % folds


def outcomes_by_fold(dialogues: Sequence[Dialogue], folds: int, data_dir: Path) -> list[Outcome]:
    """What became of each dialogue, decided by a policy that has not learnt from it."""
    ear, rules, reader = Ear.load(), load_rules(), open_reader(data_dir)
    samples, ordinary = load_samples(), tuple(ordinary_lines(ear))
    outcomes: list[Outcome] = []
    for fold in range(folds):
        scored = [dialogue for dialogue in dialogues if fold_of(dialogue, folds) == fold]
        said = {_plain(turn.text) for dialogue in scored for turn in dialogue.turns}
        others = [one for one in samples if _plain(one.text) not in said and _plain(one.source) not in said]
        policy = RuleEscalation(Ear.load(sense=fit([*others, *ordinary], ear)), rules)
        outcomes += [outcome_of(dialogue, first_escalation(policy, dialogue, reader)) for dialogue in scored]
    return outcomes


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the grade."""
    parser = argparse.ArgumentParser(prog="evals.escalation_folds", description=__doc__)
    parser.add_argument("--folds", type=int, default=4)
    options = parser.parse_args(arguments)
    lines = [line for file in sorted(SETS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    print(report(outcomes_by_fold(list(read_dialogues(lines)), options.folds, Settings().data_dir)))
    return 0


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


if __name__ == "__main__":
    sys.exit(main())
