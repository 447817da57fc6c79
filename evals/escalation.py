"""Runs the escalation policy over written dialogues, and grades it like the classifier it is.

``python -m evals.escalation FILE...`` reads JSON lines ``{"id", "language", "turns": [{"who", "text"}]}`` and prints one
decision a line; with ``--grade`` the lines also carry ``label`` (escalate or stay), ``reason`` and ``by_turn``, the index
of the last turn at which a person had to be called.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from agent.app.thinking import open_escalation, open_reader
from agent.escalation.dialogue import SHOPPER
from agent.escalation.policy import RuleEscalation
from agent.escalation.verdict import Cause, Circumstances, EscalationPolicy, Line, Stance
from agent.settings import read_settings
from agent.understanding.reader import Reader
from evals.escalation_grade import Outcome, report

_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_ZONE = ZoneInfo("America/Mexico_City")


class Utterance(BaseModel):
    """One line of a written dialogue; ``who`` is shopper or agent."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    who: str
    text: str


class Dialogue(BaseModel):
    """A written dialogue; the last three fields are only there when it is to be graded."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    language: str
    turns: tuple[Utterance, ...]
    label: str | None = None
    reason: str | None = None
    by_turn: int | None = None


def read_dialogues(lines: Iterable[str]) -> Iterator[Dialogue]:
    """The dialogues of a JSON-lines file. ``pydantic.ValidationError`` for a line that is none."""
    return (Dialogue.model_validate_json(line) for line in lines if line.strip())


def open_policy(rules: Path | None = None, *, text_only: bool = False) -> tuple[EscalationPolicy, Reader | None]:
    """The policy and the reader as the service has them, learnt now where they are not yet."""
    if text_only:
        return RuleEscalation.load(rules), None
    data_dir = read_settings().data_dir
    return open_escalation(data_dir, rules), open_reader(data_dir)


def first_escalation(
    policy: EscalationPolicy, dialogue: Dialogue, reader: Reader | None
) -> tuple[int, tuple[Cause, ...]] | None:
    """The turn at which a person is first called, and why; the agent's lines are read as they were written."""
    lines: list[Line] = []
    for index, turn in enumerate(dialogue.turns):
        reading = None
        if turn.who == SHOPPER and reader:
            reading = reader.read(turn.text, language=dialogue.language, now=_NOW, zone=_ZONE)
        lines.append(Line(turn.who, turn.text, reading))
        if turn.who == SHOPPER:
            decision = policy.decide(lines, Circumstances())
            if decision.stance is Stance.ESCALATE:
                return index, decision.causes
    return None


def decision_row(dialogue: Dialogue, called: tuple[int, tuple[Cause, ...]] | None) -> dict[str, object]:
    """``{"id", "escalate", "turn", "reason", "evidence"}``; the last three are empty when nobody is called."""
    if called is None:
        return {"id": dialogue.id, "escalate": False, "turn": None, "reason": None, "evidence": []}
    turn, causes = called
    evidence = [{"reason": cause.code.value, "words": cause.evidence, "turn": cause.line} for cause in causes]
    return {"id": dialogue.id, "escalate": True, "turn": turn, "reason": causes[0].code.value, "evidence": evidence}


def outcome_of(dialogue: Dialogue, called: tuple[int, tuple[Cause, ...]] | None) -> Outcome:
    """What was wanted and what was done, for the grade.

    Raises:
        ValueError: The dialogue carries no label.

    """
    if dialogue.label not in ("escalate", "stay"):
        raise ValueError(f"{dialogue.id}: has no label")
    shopper_turns = [index for index, turn in enumerate(dialogue.turns) if turn.who == SHOPPER]
    late = 0
    if called and dialogue.by_turn is not None:
        late = sum(dialogue.by_turn < index <= called[0] for index in shopper_turns)
    return Outcome(
        id=dialogue.id,
        language=dialogue.language,
        wanted=dialogue.reason if dialogue.label == "escalate" else None,
        given=tuple(cause.code.value for cause in called[1]) if called else (),
        late=late,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print decisions, or the grade."""
    parser = argparse.ArgumentParser(prog="evals.escalation", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="JSON lines; standard input when none is named")
    parser.add_argument("--grade", action="store_true")
    parser.add_argument("--rules", type=Path, help="a shop's own figures")
    parser.add_argument("--text-only", action="store_true", help="the lexicon alone, without anything learnt")
    options = parser.parse_args(arguments)
    policy, reader = open_policy(options.rules, text_only=options.text_only)
    lines = [line for file in options.files for line in file.read_text("utf-8").splitlines()]
    dialogues = read_dialogues(lines if options.files else sys.stdin)
    called = ((dialogue, first_escalation(policy, dialogue, reader)) for dialogue in dialogues)
    if options.grade:
        print(report([outcome_of(dialogue, call) for dialogue, call in called]))
    else:
        for dialogue, call in called:
            print(json.dumps(decision_row(dialogue, call), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
