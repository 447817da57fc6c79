"""A yes that names the deed proposed is a consent; a yes that adds anything is not."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agent.loop.assent import with_assent
from agent.understanding.reader import Reader
from agent.understanding.reading import Answer, Reading

READER = Reader.load()


def read(text: str, kind: str) -> Reading:
    now = datetime(2026, 11, 20, 18, tzinfo=UTC)
    return with_assent(READER.read(text, now=now, zone=ZoneInfo("America/Mexico_City")), kind, "10058")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("sí, anulala", "cancel_return"),
        ("sí, cancela la devolución", "cancel_return"),
        ("sim, cancela a devolução do 10058", "cancel_return"),
        ("yes, cancel the order please", "cancel_order"),
        ("sí, abrí el reclamo", "open_claim"),
        ("sim, abre a reclamação", "open_claim"),
        ("yes, return them", "return_items"),
        ("yes please, change the address", "change_address"),
    ],
)
def test_a_yes_with_the_deed_is_a_yes(text: str, kind: str) -> None:
    assert read(text, kind).answer is Answer.YES


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("sí, anulala", "change_address"),
        ("sí, cancela el pedido 10059", "cancel_order"),
        ("sí, cancela la devolución y el pedido", "cancel_return"),
        ("yes, return them, but not the belt", "return_items"),
        ("yes, open the claim for the lamp", "open_claim"),
        ("si cancelo la devolución", "cancel_return"),
        ("sim, cancela a devolução?", "cancel_return"),
        ("cancela la devolución", "cancel_return"),
    ],
)
def test_anything_beside_it_is_not(text: str, kind: str) -> None:
    assert read(text, kind).answer is not Answer.YES
