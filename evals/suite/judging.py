"""What an LLM says of a conversation: several votes on each question, a majority, and never the only gate.

Its words are kept in the run (``judged.jsonl``), so that grading again asks nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from evals.suite.asking import Asking
from evals.suite.casefile.expect import Judged
from evals.suite.casefile.strict import Strict
from evals.suite.check import Check, failed, passed, unseen
from evals.suite.run_folder import RunFolder, read_lines
from evals.suite.trajectory import Trajectory
from evals.suite.worker import Played
from prompts.loader import FOLDER
from prompts.prompt import Prompt

FILE: Final = "judged.jsonl"
PROMPT: Final = FOLDER / "evals" / "judge.md"
_VERDICT: Final = re.compile(r"^\W*(yes|no)\b", re.I)


class Verdicts(Strict):
    """The judge's checks on one run of a case."""

    key: str
    case_digest: str
    checks: tuple[Check, ...]


class Judge:
    """Asks an LLM. Raises ``Unreachable`` when it does not answer."""

    def __init__(self, ask: Asking) -> None:
        self._ask = ask
        self._prompt = Prompt(PROMPT).render()

    async def verdicts(self, trajectory: Trajectory) -> Verdicts:
        """A check for each question of the case."""
        told = transcript(trajectory)
        checks = [await self._check(one, told) for one in trajectory.case.expect.judge]
        return Verdicts(key=trajectory.key, case_digest=trajectory.case_digest, checks=tuple(checks))

    async def aclose(self) -> None:
        """Let the model go."""
        await self._ask.aclose()

    async def _check(self, criterion: Judged, told: str) -> Check:
        line = ("user", f"{told}\n\nQuestion: {criterion.question}")
        answers = [await self._ask(self._prompt, [line]) for _ in range(criterion.votes)]
        found = [_VERDICT.match(one) for one in answers]
        yes, no = (sum(one is not None and one[1].lower() == word for one in found) for word in ("yes", "no"))
        votes = {"yes": yes, "no": no, "unclear": criterion.votes - yes - no}
        if yes * 2 > criterion.votes:
            return passed("judge", criterion.question, expected="yes", actual=votes)
        if no * 2 >= criterion.votes:
            return failed("judge", criterion.question, _reason(answers), expected="yes", actual=votes)
        return unseen("judge", criterion.question, "no majority of the votes is clear", expected="yes", actual=votes)


async def judge_all(judge: Judge, folder: RunFolder, played: Iterable[Played]) -> None:
    """Ask about every run that has questions and was not asked about yet; then let the model go."""
    try:
        await _judge_each(judge, folder, played)
    finally:
        await judge.aclose()


async def _judge_each(judge: Judge, folder: RunFolder, played: Iterable[Played]) -> None:
    known = {(one.key, one.case_digest): one for one in read_lines(folder.path / FILE, Verdicts)}
    for trajectory, _ in played:
        at = (trajectory.key, trajectory.case_digest)
        if trajectory.case.expect.judge and trajectory.turns and at not in known:
            known[at] = await judge.verdicts(trajectory)
            folder.write(FILE, "".join(f"{one.model_dump_json()}\n" for one in known.values()))


def read_verdicts(folder: RunFolder, trajectories: Sequence[Trajectory]) -> dict[str, tuple[Check, ...]]:
    """What the judge said of these runs, as far as the questions are still the same."""
    digests = {one.key: one.case_digest for one in trajectories}
    asked = {one.key: tuple(two.question for two in one.case.expect.judge) for one in trajectories}
    return {
        one.key: one.checks
        for one in read_lines(folder.path / FILE, Verdicts)
        if digests.get(one.key) == one.case_digest and tuple(check.name for check in one.checks) == asked[one.key]
    }


def transcript(trajectory: Trajectory) -> str:
    """What was said and done, as the judge reads it."""
    lines = []
    for turn in trajectory.counted:
        lines.append(f"Shopper: {turn.said.text or f'[presses {turn.said.kind}]'}")
        lines += [f"[{one['kind']} {one['order'] or ''} is {one['status']}]" for one in turn.actions]
        lines.append(f"Agent: {turn.reply or '[says nothing]'}")
        if turn.handoff:
            lines.append(f"[a person has the case: {turn.handoff['status']}]")
    return "\n".join(lines)


def _reason(answers: Sequence[str]) -> str:
    said = next((one for one in answers if (found := _VERDICT.match(one)) and found[1].lower() == "no"), "")
    return said.partition("\n")[2].strip()[:300] or "the judge says no"
