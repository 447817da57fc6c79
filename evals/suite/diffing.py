"""Two runs side by side: which decisions flipped, by intent, and the money that moves with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evals.suite.decisions import (
    Judgement,
    Purse,
    decision_of,
    intent_of,
    judge,
    purse,
    purse_text,
    refund_of,
)
from evals.suite.grading import Result, grade
from evals.suite.worker import Played


@dataclass(frozen=True, slots=True)
class Flip:
    """A run of a case that was decided otherwise."""

    key: str
    intent: str
    was: str
    now: str
    outcome_was: str
    outcome_now: str


@dataclass(frozen=True, slots=True)
class Wrongs:
    """What one run did wrong for one intent. ``denied_unpriced``: denied in both runs, so that nobody knows how much."""

    given: Purse
    denied: Purse
    denied_unpriced: int
    extra_handoffs: int
    missed_handoffs: int

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return any((self.given, self.denied, self.denied_unpriced, self.extra_handoffs, self.missed_handoffs))


@dataclass(frozen=True, slots=True)
class Difference:
    """All of it; ``wrongs`` by intent, where there are any. ``only_was`` and ``only_now`` are keys that one run alone has."""

    flips: tuple[Flip, ...]
    wrongs: Mapping[str, tuple[Wrongs, Wrongs]]
    only_was: tuple[str, ...]
    only_now: tuple[str, ...]

    @property
    def worse(self) -> bool:
        """Whether something passed before and does not now."""
        return any(one.outcome_was == "pass" and one.outcome_now != "pass" for one in self.flips)


def compare(was: Mapping[str, Played], now: Mapping[str, Played]) -> Difference:
    """Run against run, by what both have played. A flip is another decision, or another outcome."""
    both = [key for key in now if key in was]
    flips = [_flip(key, was[key], now[key]) for key in both]
    intents: dict[str, list[str]] = {}
    for key in both:
        intents.setdefault(intent_of(now[key][0].case), []).append(key)
    wrongs = {intent: (_wrongs(keys, was, now), _wrongs(keys, now, was)) for intent, keys in sorted(intents.items())}
    wrongs = {intent: both for intent, both in wrongs.items() if any(both)}
    return Difference(
        tuple(one for one in flips if one.was != one.now or one.outcome_was != one.outcome_now),
        wrongs,
        tuple(key for key in was if key not in now),
        tuple(key for key in now if key not in was),
    )


def markdown(difference: Difference) -> str:
    """The comparison as text."""
    return "\n".join([*_flips(difference), *_money(difference), *_alone(difference)])


def _flip(key: str, was: Played, now: Played) -> Flip:
    before, after = _result(was), _result(now)
    return Flip(
        key,
        intent_of(now[0].case),
        decision_of(was[0]),
        decision_of(now[0]),
        before.outcome.value,
        after.outcome.value,
    )


def _result(played: Played) -> Result:
    return grade(*played)


def _wrongs(keys: Sequence[str], run: Mapping[str, Played], other: Mapping[str, Played]) -> Wrongs:
    judged = [(key, judge(run[key][0])) for key in keys]
    prices = [_price(denied, other[key]) for key, one in judged for denied in one.denied]
    return Wrongs(
        given=purse(refund_of(action) for _, one in judged for action in one.given),
        denied=purse(price for price in prices if price),
        denied_unpriced=sum(price is None for price in prices),
        extra_handoffs=_count(judged, "extra_handoff"),
        missed_handoffs=_count(judged, "missed_handoff"),
    )


def _count(judged: Sequence[tuple[str, Judgement]], what: str) -> int:
    return sum(bool(getattr(one, what)) for _, one in judged)


def _price(denied: tuple[str, str | None], other: Played) -> tuple[str, Decimal] | None:
    """What the other run gave back for it; nothing when it was no refund, none when it was denied there too."""
    for action in other[0].actions:
        if action["status"] == "executed" and action["kind"] == denied[0] and denied[1] in (None, action["order"]):
            return refund_of(action) or ("", Decimal())
    return None


def _flips(difference: Difference) -> Iterator[str]:
    if not difference.flips:
        yield from ("No decision flipped.", "")
        return
    yield from (
        f"## {len(difference.flips)} decisions flipped",
        "",
        "| intent | run | was | now | outcome |",
        "| --- | --- | --- | --- | --- |",
    )
    for one in sorted(difference.flips, key=lambda flip: (flip.intent, flip.key)):
        outcome = one.outcome_now if one.outcome_was == one.outcome_now else f"{one.outcome_was} → {one.outcome_now}"
        yield f"| {one.intent} | {one.key} | {one.was} | {one.now} | {outcome} |"
    yield ""


def _money(difference: Difference) -> Iterator[str]:
    yield from (
        "## Wrong decisions, before → now",
        "",
        "| intent | refunds wrongly given | wrongly denied | extra handoffs | missed handoffs |",
        "| --- | --- | --- | --- | --- |",
    )
    for intent, (was, now) in difference.wrongs.items():
        yield (
            f"| {intent} | {purse_text(was.given)} → {purse_text(now.given)} | {_denied(was)} → {_denied(now)} "
            f"| {was.extra_handoffs} → {now.extra_handoffs} | {was.missed_handoffs} → {now.missed_handoffs} |"
        )
    yield ""


def _denied(wrongs: Wrongs) -> str:
    priced = {currency: amount for currency, amount in wrongs.denied.items() if currency}
    more = f" + {wrongs.denied_unpriced} of unknown amount" if wrongs.denied_unpriced else ""
    return f"{purse_text(priced)}{more}"


def _alone(difference: Difference) -> Iterator[str]:
    for keys, name in ((difference.only_was, "before"), (difference.only_now, "now")):
        if keys:
            yield f"Only in the run {name}: {', '.join(keys)}"
