"""JUnit XML, as CI servers read it."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from evals.suite.check import Check, Outcome
from evals.suite.grading import Result


def junit(results: Sequence[Result], pairs: Sequence[Check]) -> str:
    """A test for each run of a case, one for each pair; what was not evaluated is skipped. No times: they differ."""
    suite = ElementTree.Element("testsuite", name="postventa eval")
    for one in results:
        test = ElementTree.SubElement(suite, "testcase", classname=f"evals.{one.area}", name=one.key)
        _mark(test, one.outcome, "\n".join(f"{c.grader}, {c.name}: {c.detail}" for c in one.failures) or one.why)
    for pair in pairs:
        _mark(ElementTree.SubElement(suite, "testcase", classname="parity", name=pair.name), pair.outcome, pair.detail)
    outcomes = [one.outcome for one in results] + [one.outcome for one in pairs]
    suite.set("tests", str(len(outcomes)))
    suite.set("failures", str(outcomes.count(Outcome.FAIL)))
    suite.set("skipped", str(outcomes.count(Outcome.NOT_EVALUATED)))
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _mark(test: ElementTree.Element, outcome: Outcome, text: str) -> None:
    if outcome is Outcome.FAIL:
        ElementTree.SubElement(test, "failure", message=_clean(text.split("\n")[0][:200])).text = _clean(text)
    elif outcome is Outcome.NOT_EVALUATED:
        ElementTree.SubElement(test, "skipped", message=_clean(text or "not evaluated")[:200])


def _clean(text: str) -> str:
    """Without characters that XML has no way to write."""
    return "".join(letter for letter in text if letter in "\n\t" or (letter >= " " and letter not in "\ufffe\uffff"))
