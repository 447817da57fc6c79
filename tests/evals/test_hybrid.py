"""Hybrid mode over scripted conversations: fewer turns of the LLM, every end compared; and how sure is sure enough."""

from __future__ import annotations

from pathlib import Path

from agent.conversation import Request
from agent.loop.brief import Brief
from agent.loop.confidence import Confidence, raw_score
from agent.settings import Settings
from agent.understanding.reading import Emotion, Entity, EntityKind, Intent, Reading, ScoredIntent
from evals.confidence import SMALLEST, Judged, fit
from evals.conversation_files import read_scenarios
from evals.hybrid import compare
from evals.world import FRIDAY_AFTERNOON, Library

SURE = Confidence(0.9, ((0.0, 0.5), (0.8, 0.95)))


def brief(text: str, *intents: tuple[Intent, float], asked: tuple[str, ...] = (), **more: object) -> Brief:
    entities = (Entity(EntityKind.SIZE, "8", "8", 0, 1),) if more.pop("size", False) else ()
    scored = tuple(ScoredIntent(*one) for one in intents)
    reading = Reading(text, "es", True, scored, entities, Emotion(float(more.pop("upset", 0.0))))  # type: ignore[arg-type]
    return Brief("Tienda", FRIDAY_AFTERNOON, "es", "web", reading, asked=asked, agenda=(Request("x", text),))


def test_what_is_sure() -> None:
    assert SURE.covers(brief("¿dónde está mi pedido?", (Intent.ORDER_STATUS, 0.97)))
    assert SURE.covers(brief("8", asked=("size",), size=True)), "just what was asked for"


def test_what_is_not() -> None:
    status = (Intent.ORDER_STATUS, 0.97)
    assert not SURE.covers(brief("¿y eso?", (Intent.ORDER_STATUS, 0.6)))
    assert not SURE.covers(brief("¿dónde está?", status, (Intent.INVOICE, 0.5))), "as sure as of the doubtfulest"
    assert not SURE.covers(brief("¿sirve para correr?", (Intent.PRODUCT_HELP, 0.99)))
    assert not SURE.covers(brief("¿dónde está mi pedido?", status, upset=0.8))
    assert not SURE.covers(brief("palabra " * 40, status))
    assert not SURE.covers(brief(""))


def test_a_share_is_that_of_the_step_it_stands_on() -> None:
    assert [SURE.share(score) for score in (0.0, 0.79, 0.8, 1.0)] == [0.5, 0.5, 0.95, 0.95]
    assert Confidence(0.9, ((0.3, 0.9),)).share(0.1) == 0.0
    assert raw_score(brief("x", (Intent.INVOICE, 0.1)).reading) == 0.0


def test_the_knots_that_ship_rise() -> None:
    knots = Confidence.load(0.9).knots
    assert list(knots) == sorted(knots)
    assert [share for _, share in knots] == sorted(share for _, share in knots)


def test_neighbours_are_pooled_until_shares_rise() -> None:
    judged = [Judged(score / 1000, (score % 10 != 0) if score < 500 else True) for score in range(1000)]
    steps = fit(judged)
    assert steps[0] == (0.0, 0.9) or steps[0][1] < 1.0
    assert steps[-1][1] == 1.0
    assert [share for _, share in steps] == sorted({share for _, share in steps})
    assert fit([Judged(0.5, True)] * (SMALLEST - 1)) == [(0.5, 1.0)]


async def test_it_asks_the_llm_less_and_compares_every_end(library: Library, tmp_path: Path) -> None:
    scenarios = [one for one in read_scenarios() if one.flow == "status"][:2]
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    full, hybrid = await compare(scenarios, library, tmp_path, "", settings)
    assert full.by_llm > hybrid.by_llm
    assert full.input_tokens > hybrid.input_tokens
    assert full.cost > hybrid.cost
    assert full.turns == hybrid.turns == sum(len(one.turns) for one in scenarios)
    assert full.ends.keys() == hybrid.ends.keys()
