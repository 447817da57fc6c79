"""The escalation policy on its development dialogues, each scored with weights learnt without any of its lines.

``python -m evals.escalation_folds [--folds 4]`` learns once a fold (a minute each) and prints the grade. ``--by source``
leaves out one hand at a time instead: everything of ``<language>-former`` in the three languages, and so on, which is
nearer to what strangers get. Words and figures of the rules were still tuned on these dialogues: only a test set says how
the policy does with new shoppers.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from agent.app.thinking import open_reader
from agent.escalation.examples import load_samples
from agent.escalation.hearing import Ear
from agent.escalation.learning import fit, ordinary_lines
from agent.escalation.policy import RuleEscalation
from agent.escalation.rules import load_rules
from agent.settings import Settings
from evals.escalation import Dialogue, first_escalation, outcome_of, read_dialogues
from evals.escalation_grade import Outcome, report, score

SETS = Path(__file__).parent / "escalation_sets" / "dev"


def fold_of(dialogue: Dialogue, folds: int) -> int:
    """The fold of a dialogue, always the same; its lines stay together."""
    return int(hashlib.sha256(dialogue.id.encode()).hexdigest(), 16) % folds


def by_fold(folds: int) -> dict[str, list[Dialogue]]:
    """The dialogues of each fold."""
    sorted_out: dict[str, list[Dialogue]] = defaultdict(list)
    for file in sorted(SETS.glob("*.jsonl")):
        for dialogue in read_dialogues(file.read_text("utf-8").splitlines()):
            sorted_out[f"fold {fold_of(dialogue, folds)}"].append(dialogue)
    return sorted_out


def by_source() -> dict[str, list[Dialogue]]:
    """The dialogues of each hand: of the files that share what follows the language in their names."""
    sorted_out: dict[str, list[Dialogue]] = defaultdict(list)
    for file in sorted(SETS.glob("*.jsonl")):
        source = file.stem.partition("-")[2] or "first"
        sorted_out[source] += read_dialogues(file.read_text("utf-8").splitlines())
    return sorted_out


def outcomes_by_part(parts: Mapping[str, Sequence[Dialogue]], data_dir: Path) -> dict[str, list[Outcome]]:
    """What became of each dialogue, decided by a policy that has not learnt from its part."""
    ear, rules, reader = Ear.load(), load_rules(), open_reader(data_dir)
    samples, ordinary = load_samples(), tuple(ordinary_lines(ear))
    outcomes: dict[str, list[Outcome]] = {}
    for name, scored in parts.items():
        said = {_plain(turn.text) for dialogue in scored for turn in dialogue.turns}
        others = [one for one in samples if _plain(one.text) not in said and _plain(one.source) not in said]
        policy = RuleEscalation(Ear.load(sense=fit([*others, *ordinary], ear)), rules)
        outcomes[name] = [outcome_of(dialogue, first_escalation(policy, dialogue, reader)) for dialogue in scored]
    return outcomes


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a part, and the grade of all."""
    parser = argparse.ArgumentParser(prog="evals.escalation_folds", description=__doc__)
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--by", choices=["fold", "source"], default="fold")
    options = parser.parse_args(arguments)
    parts = by_source() if options.by == "source" else by_fold(options.folds)
    outcomes = outcomes_by_part(parts, Settings().data_dir)
    for name, rows in outcomes.items():
        result = score(rows)
        print(f"{name:26}{len(rows):>5}  recall {result.recall:.3f}  FA/100 {result.alarms_per_100_stays:.1f}")
    print(report([row for rows in outcomes.values() for row in rows]))
    return 0


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


if __name__ == "__main__":
    sys.exit(main())
