"""Packets hold what was told and nothing else, and the grader that says so can say the opposite."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from agent.understanding.reading import EntityKind
from evals.packet_fidelity import (
    find_questions,
    find_unfounded_facts,
    find_unfounded_reasons,
    find_unreadable,
    grade_all,
    report,
)
from evals.packet_set import LANGUAGES, Sample, read_samples
from evals.world import Library

RECALL = 0.95
TEXT = "quiero cambiar los tenis del pedido 10001 por talla 8"


async def test_what_shoppers_told_is_in_the_packet_and_nothing_else_nor_is_it_asked_again(
    library: Library, tmp_path: Path
) -> None:
    graded = await grade_all(library, tmp_path)
    told = "\n".join(report(graded))
    assert [one.sample.id for one in graded if one.unfounded or one.asked_again or one.faults] == [], told
    kept, lost = (sum(len(getattr(one, name)) for one in graded) for name in ("kept", "lost"))
    assert kept / (kept + lost) >= RECALL, told


def test_each_language_has_its_share_of_handoffs_and_every_kind_of_fact() -> None:
    samples = read_samples()
    count = Counter(one.language for one in samples)
    assert all(count[language] >= 10 for language in LANGUAGES)
    kinds = {kind for one in samples for kind, _ in one.told}
    assert kinds == set(EntityKind) - {EntityKind.CODE, EntityKind.PAYMENT_REFERENCE}


def sample() -> Sample:
    return Sample(id="es-x", customer=None, turns=(TEXT,), facts={EntityKind.SIZE: ("8",)}, then="sí")


def packet(**parts: Any) -> dict[str, Any]:
    said = {"id": "m1", "who": "shopper", "text": TEXT}
    empty: dict[str, Any] = dict.fromkeys(("facts", "reasons", "actions", "tools", "orders", "timeline"), ())
    whole = {**empty, "transcript": [said], "summary": ["Lucía"], "next_step": "Saluda.", "emotion": [{}]}
    return {**whole, **parts}


@pytest.mark.parametrize(
    ("kind", "value", "message", "unfounded"),
    [
        ("size", "8", "m1", False),
        ("order_number", "10001", "m1", False),
        ("order_number", "10009", "m1", True),
        ("reason", "too_small", "m1", True),
        ("size", "8", "m2", True),
    ],
)
def test_a_fact_that_nobody_told_is_found_out(kind: str, value: str, message: str, unfounded: bool) -> None:
    fact = {"kind": kind, "value": value, "message_id": message}
    assert bool([*find_unfounded_facts(sample(), packet(facts=[fact]))]) is unfounded


def test_a_reason_in_other_words_than_the_shoppers_is_found_out() -> None:
    for detail, unfounded in (("talla 8", False), ("quiero un humano", True)):
        reason = {"code": "human_request", "detail": detail, "message_id": "m1"}
        assert bool([*find_unfounded_reasons(packet(reasons=[reason]))]) is unfounded


def test_a_question_about_what_is_known_is_found_out() -> None:
    known = {"kind": "order_number", "value": "10001", "message_id": "m1"}
    step = "Pregunta: ¿cuál es el número de pedido?"
    assert [*find_questions({"es": packet(facts=[known], next_step=step)}, ())]
    assert not [*find_questions({"es": packet(next_step=step)}, ())], "it is not known"
    draft = {"text": "¿Me das tu número de pedido?", "citations": []}
    assert [*find_questions({"es": packet(facts=[known])}, [draft])]


def test_a_long_summary_and_a_bare_code_are_found_out() -> None:
    assert [*find_unreadable(packet(), "es")] == []
    assert [*find_unreadable(packet(summary=["una línea"] * 9), "es")]
    assert [*find_unreadable(packet(summary=["Motivo: human_request"]), "es")]
    assert [*find_unreadable(packet(emotion=[]), "es")]
