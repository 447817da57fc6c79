"""The embedded model carries every scripted conversation, in three languages, to the state of the shop it should."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from evals.conversation_files import LANGUAGES, Scenario, ScenarioRefused, read_scenarios
from evals.conversations import Template, hold, make_template
from evals.world import Library

SCENARIOS = read_scenarios()
FEWEST = {"es": 24, "en": 24, "pt": 12}
FLOWS = {
    "status", "corrections", "address", "slot", "hold", "instructions", "exchange", "change_items", "return", "claim",
    "cancel", "changes-of-mind", "refund", "invoice", "policy-in-mid-flow", "several-requests", "small-talk",
    "out-of-scope", "code-switching",
}  # fmt: skip


@pytest.fixture(scope="module")
def template(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Template:
    return asyncio.run(make_template(library, tmp_path_factory.mktemp("shop")))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.id)
async def test_the_conversation_goes_by_the_script(
    scenario: Scenario, library: Library, template: Template, tmp_path: Path
) -> None:
    held = await hold(scenario, library, template, tmp_path)
    assert not held.faults, f"{held.faults}\n{held.transcript()}"


def test_every_language_has_its_share_of_scenarios() -> None:
    count = {language: sum(one.id.startswith(f"{language}-") for one in SCENARIOS) for language in LANGUAGES}
    assert all(count[language] >= FEWEST[language] for language in LANGUAGES), count


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_flow_is_scripted_in_that_language(language: str) -> None:
    assert {one.flow for one in SCENARIOS if one.id.startswith(language)} >= FLOWS


async def test_a_script_that_asks_for_the_wrong_thing_is_found_out(
    library: Library, template: Template, tmp_path: Path
) -> None:
    right = next(one for one in SCENARIOS if one.id == "es-cancel-whole")
    wrong = Scenario.model_validate(
        right.model_dump()
        | {
            "turns": [{"say": right.turns[0].say, "expect": {"asks": ["email"], "says": ["10099"]}}],
            "end": {"orders": {"10016": {"status": "cancelled"}}},
        }
    )
    faults = " ".join((await hold(wrong, library, template, tmp_path)).faults)
    assert "asks ['confirmation'], not ['email']" in faults
    assert "says none of ['10099']" in faults
    assert "order 10016 was not changed" in faults


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("{id: es-x, flow: x, customer: null, locale: es, turns: [{say: hola, expects: {}}]}", "0.turns.0.expects"),
        ("{id: es-x, flow: x, customer: null, locale: fr, turns: [{say: hola}]}", "0.locale"),
        ("{id: es-x, flow: x, customer: null, locale: es, turns: []}", "0.turns"),
        (
            "{id: es-x, flow: x, customer: null, locale: es, turns: [{say: hola, expect: {says: ['(']}}]}",
            "0.turns.0.expect.says.0",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_key(row: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "es" / "bad.yaml"
    path.parent.mkdir()
    path.write_text(f"- {row}\n", encoding="utf-8")
    with pytest.raises(ScenarioRefused, match=f"{re.escape(str(path))}: {re.escape(named)}"):
        read_scenarios(tmp_path)


def test_two_scenarios_of_one_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "es").mkdir()
    row = "- {id: es-x, flow: x, customer: null, locale: es, turns: [{say: hola}]}\n"
    (tmp_path / "es" / "twice.yaml").write_text(row + row, encoding="utf-8")
    with pytest.raises(ScenarioRefused, match="es-x"):
        read_scenarios(tmp_path)
