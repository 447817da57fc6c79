"""A shop's own figures, and what no figure can take away."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from agent.errors import Misconfigured
from agent.escalation.hearing import Ear
from agent.escalation.lexicon import FOLDER, load_lexicon
from agent.escalation.policy import RuleEscalation
from agent.escalation.rules import ALWAYS_ON, SHIPPED, load_rules
from agent.escalation.verdict import Circumstances, Line, ReasonCode, Stance


def override(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "shop.yaml"
    file.write_text(text, "utf-8")
    return file


def test_a_shop_changes_one_queue_and_keeps_the_rest(tmp_path: Path) -> None:
    rules = load_rules(override(tmp_path, "reasons: {legal: {queue: lawyers}}"))
    assert (rules.reasons[ReasonCode.LEGAL].queue, rules.reasons[ReasonCode.LEGAL].priority) == ("lawyers", 1)
    assert rules.reasons[ReasonCode.SAFETY] == load_rules().reasons[ReasonCode.SAFETY]


def test_a_shop_may_do_without_a_reason(tmp_path: Path) -> None:
    policy = RuleEscalation.load(override(tmp_path, "without: [loop]"))
    assert policy.decide([Line("shopper", "talla M")], Circumstances(asked_again=5)).stance is Stance.STAY


@pytest.mark.parametrize("code", sorted(ALWAYS_ON))
def test_no_file_switches_an_always_on_reason_off(tmp_path: Path, code: ReasonCode) -> None:
    file = override(tmp_path, f"without: [{code.value}]")
    with pytest.raises(Misconfigured, match=rf"{re.escape(str(file))}: without: .*{code.value} cannot be switched off"):
        RuleEscalation.load(file)


def test_no_figure_silences_an_always_on_reason(tmp_path: Path) -> None:
    high = "mood: {offer: 99, escalate: 99}\nloop: {offer: 99, escalate: 99}\ncomplexity: {offer: 99, escalate: 99}"
    policy = RuleEscalation.load(override(tmp_path, high))
    for text in ("quiero un humano", "the charger caught fire", "los voy a demandar", "não reconheço essa compra"):
        assert policy.decide([Line("shopper", text)], Circumstances()).stance is Stance.ESCALATE


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("reasons: {legal: {priority: 9}}", "reasons.legal.priority"),
        ("mood: {anger: loud}", "mood.anger"),
        ("mod: {}", "mod"),
        ("reasons: {aliens: {queue: sky, priority: 1}}", "reasons.aliens"),
        ("- just\n- a list", "holds no keys"),
        ("mood: {anger: [", "cannot be read"),
    ],
)
def test_an_error_names_the_file_and_the_key(tmp_path: Path, text: str, key: str) -> None:
    file = override(tmp_path, text)
    with pytest.raises(Misconfigured) as caught:
        load_rules(file)
    assert str(file) in str(caught.value)
    assert key in str(caught.value)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("signals:\n", "signals:\n  sarcasm: {hits: [ja]}\n", "signals.sarcasm"),
        ("signals:\n", "signals:\n  need_: {}\n", "signals.need_"),
        ("  need:\n    hits:\n", "  need:\n    hits:\n      - '(?:open'\n", "signals.need.hits.0"),
        ("  need:\n    hits:\n", "  need:\n    hits:\n      - '<nobody>'\n", "there is no part <nobody>"),
        ("  need:\n    hits:\n", "  need:\n    hits:\n      - '(?:x)?'\n", "matches an empty line"),
    ],
)
def test_a_word_file_names_its_defect(tmp_path: Path, before: str, after: str, key: str) -> None:
    file = tmp_path / "es.yaml"
    text = (FOLDER / "es.yaml").read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(Misconfigured) as caught:
        load_lexicon(file)
    assert str(file) in str(caught.value)
    assert key in str(caught.value)


def test_a_missing_language_is_named(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "es.yaml", tmp_path)
    with pytest.raises(Misconfigured, match=r"en\.yaml"):
        Ear.load(tmp_path)


def test_the_shipped_rules_name_every_reason_once() -> None:
    assert set(load_rules().reasons) == set(ReasonCode)
    assert load_rules(SHIPPED) == load_rules()
