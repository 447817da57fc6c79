"""A policy that is wrong is refused whole, and each defect says in which file, at which key and line."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools.policy.loader import load_policy
from tools.policy.refusal import PolicyRefused
from tools.shop.changes import ChangeKind

POLICIES = Path(__file__).parents[3] / "tools" / "policy"
RULES, FIGURES, SHOP = "2025-09-01/rules.yaml", "2025-09-01/figures.yaml", "shop.yaml"


@dataclass(frozen=True, slots=True)
class Slip:
    """A text of a file, what it becomes by mistake, and what the refusal says of it."""

    file: str
    old: str
    new: str
    keys: str
    says: str


SLIPS = {
    "an unknown key": Slip(
        RULES,
        "code: order_cancelled\n",
        "colour: blue\n        code: order_cancelled\n",
        "colour",
        "is not a key known here",
    ),
    "an unknown fact": Slip(
        RULES, "fact: hygiene", "fact: higiene", "rules.return_items.requires", "no fact 'higiene'"
    ),
    "an unknown fact in a condition": Slip(
        RULES, "when: {slot_chosen: true}", "when: {slot_taken: true}", "when.slot_taken", "no fact 'slot_taken'"
    ),
    "an unknown figure": Slip(
        RULES, "{figure: hold_max_days}", "{figure: days_to_hold}", "at_most", "no figure 'days_to_hold'"
    ),
    "an unknown figure to book": Slip(
        RULES, "charge: slot_fee", "charge: slot_cost", "books.charge", "no figure 'slot_cost'"
    ),
    "a figure of the wrong unit to book": Slip(
        RULES, "charge: slot_fee", "charge: hold_max_days", "books.charge", "is in days, not in money"
    ),
    "a figure of the wrong unit": Slip(
        RULES, "{figure: refund_ceiling}", "{figure: return_days}", "at_most", "cannot limit a Decimal"
    ),
    "a status that does not exist": Slip(
        RULES, "one_of: [unpaid, processing]", "one_of: [unpaid, procesing]", "one_of", "'procesing' is not one of"
    ),
    "a code for a status that does not exist": Slip(
        RULES, "          packed: already_packed", "          paked: already_packed", "code.paked", "never the value"
    ),
    "a code without a rest": Slip(RULES, "          otherwise: too_late\n", "", "requires", "needs otherwise"),
    "yes where a flag is meant": Slip(
        RULES, "{fact: same_country, equals: true", "{fact: same_country, equals: 1", "equals", "1 is not a bool"
    ),
    "an order asked of a flag": Slip(
        RULES, "{fact: same_country, equals: true", "{fact: same_country, at_most: true", "at_most", "cannot be asked"
    ),
    "two operators": Slip(
        RULES,
        "{fact: same_country, equals: true",
        "{fact: same_country, equals: true, one_of: [true]",
        "requires.1",
        "exactly one of",
    ),
    "a kind that does not exist": Slip(
        RULES, "  change_pickup:\n", "  change_pick_up:\n", "rules.change_pick_up", "Input should be"
    ),
    "an alternative that does not exist": Slip(
        RULES,
        "alternatives: [cancel_return]",
        "alternatives: [cancel_rma]",
        "alternatives.0",
        "neither a kind of change",
    ),
    "a verdict that does not exist": Slip(
        RULES, "on_fail: needs_person", "on_fail: ask_boss", "on_fail", "Input should be"
    ),
    "a base that is not earlier": Slip(
        "2026-03-01/rules.yaml", "base: 2025-09-01", "base: 2026-03-01", "base", "no version 2026-03-01 before"
    ),
    "a country without its amount": Slip(
        FIGURES, ' CO: "12000.00",', "", "return_fee.by_country", "CO (COP) is missing"
    ),
    "a country that is not served": Slip(FIGURES, "ES: 2}", "FR: 2}", "by_country.FR", "is not a served country"),
    "money as a number": Slip(
        FIGURES, 'MX: "89.00"', "MX: 89.00", "return_fee.by_country.MX", "89.0 is not a value in money"
    ),
    "days as a word": Slip(
        FIGURES, "value: 14}", "value: fourteen}", "hold_max_days.value", "'fourteen' is not a value in days"
    ),
    "an unknown unit": Slip(
        FIGURES, "{unit: hours, value: 12}", "{unit: hour, value: 12}", "slot_cutoff_hours.unit", "Input should be"
    ),
    "a figure without a value": Slip(
        FIGURES,
        "return_ship_days: {unit: days, value: 10}",
        "return_ship_days: {unit: days}",
        "return_ship_days",
        "has no value",
    ),
    "a figure written twice": Slip(
        FIGURES,
        "inspection_days:",
        "return_days: {unit: days, value: 9}\ninspection_days:",
        "return_days",
        "is written twice",
    ),
    "a payment method that does not exist": Slip(
        FIGURES, "pix: 2", "pics: 2", "by_method.pics", "is not a payment method"
    ),
    "broken syntax": Slip(FIGURES, "inspection_days: {unit", "inspection_days: {{unit", "", ""),
    "a zone that does not exist": Slip(SHOP, "America/Mexico_City", "America/Mexico", "zone", "is not a time zone"),
    "a proof of nothing known": Slip(
        SHOP, "[number, phone]", "[number, shoe_size]", "proofs.2.fields.1", "is not one of"
    ),
    "a level for nothing known": Slip(
        SHOP, "{default: 2}", "{default: 2, dance: 1}", "levels.dance", "neither a kind of change"
    ),
    "levels with a gap": Slip(SHOP, "{default: 2}", "{cancel_order: 2}", "", "need a default"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(POLICIES / "demo", tmp_path / "demo"))


def replaced(file: Path, old: str, new: str) -> int:
    """Replace the first such text; answers the line it stood on."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
def test_a_slip_is_refused_with_its_file_and_key(copy: Path, slip: Slip) -> None:
    replaced(copy / slip.file, slip.old, slip.new)
    with pytest.raises(PolicyRefused) as refused:
        load_policy(copy)
    told = [str(problem) for problem in refused.value.problems]
    assert any(str(copy / slip.file) in line and slip.keys in line and slip.says in line for line in told), told


def test_the_line_is_told(copy: Path) -> None:
    line = replaced(copy / RULES, "fact: hygiene", "fact: higiene")
    with pytest.raises(PolicyRefused, match=rf"rules\.yaml:{line}: rules\.return_items\.requires\.\d+"):
        load_policy(copy)


def test_every_defect_is_told_at_once(copy: Path) -> None:
    replaced(copy / SHOP, "[number, phone]", "[number, shoe_size]")
    replaced(copy / FIGURES, "value: 14}", "value: fourteen}")
    replaced(copy / RULES, "fact: hygiene", "fact: higiene")
    with pytest.raises(PolicyRefused) as refused:
        load_policy(copy)
    assert {problem.file.name for problem in refused.value.problems} == {"shop.yaml", "figures.yaml", "rules.yaml"}


@pytest.mark.parametrize("file", [RULES, FIGURES, SHOP])
def test_a_missing_file_is_told(copy: Path, file: str) -> None:
    (copy / file).unlink()
    with pytest.raises(PolicyRefused, match=f"{Path(file).name}: No such file"):
        load_policy(copy)


def test_a_folder_without_a_date_is_refused(copy: Path) -> None:
    (copy / "spring").mkdir()
    with pytest.raises(PolicyRefused, match=r"spring: is not named after the date"):
        load_policy(copy)


def test_a_folder_without_versions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyRefused, match="has no version in it"):
        load_policy(tmp_path / "nowhere")


def test_a_newer_version_keeps_what_it_does_not_name() -> None:
    policy = load_policy(POLICIES / "demo")
    old, new = policy.versions
    assert new.rules[ChangeKind.ADDRESS] == old.rules[ChangeKind.ADDRESS]
    assert new.rules[ChangeKind.RETURN] != old.rules[ChangeKind.RETURN]
    assert new.faults == old.faults


def test_every_kind_needs_a_code_or_a_token() -> None:
    policy = load_policy(POLICIES / "demo")
    assert {policy.level_for(kind) for kind in ChangeKind} == {2}
    assert {rule.level for rule in policy.proofs} == {1}
