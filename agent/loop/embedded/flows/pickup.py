"""A pickup point instead of the door."""

from __future__ import annotations

from collections.abc import Sequence

from agent.conversation import Request
from agent.loop.embedded.case import Case, Result, Step, with_slots
from agent.loop.embedded.flows.delivery import find_moving, not_open
from agent.loop.embedded.flows.orders import Summary, find_order
from agent.loop.embedded.flows.proposing import failed, put_to_shopper, still_pending
from agent.loop.embedded.flows.status import tell_status
from agent.loop.embedded.mentions import mentions, ordinal_in
from agent.loop.signs import says
from agent.understanding.reading import EntityKind
from agent.understanding.text import fold

LISTED = 4
CHANGES = 2
"""The identity level for changing anything; less will do to be told where a parcel waits."""


def change_pickup(case: Case, request: Request) -> Step:
    """The point named, the only one near, or the question which; whoever is awaited at one already is told where."""
    pending = still_pending(case, request, case.asked("choice"), case.heard(EntityKind.ORDER_NUMBER))
    if pending:
        return pending
    waiting = _waits_already(case, request)
    if waiting is not None:
        return waiting
    number = find_moving(case, request)
    if isinstance(number, Step):
        return number
    options = case.call("delivery_options", number=number)
    if "error" in options:
        return failed(case, request, options)
    if not options["pickup_points"] and (options["chosen"] or {}).get("pickup_point"):
        return tell_status(case, with_slots(request, order=number))
    if not options["pickup_points"]:
        return not_open(case, options, "delivery.pickup_not_open")
    near = _near(options["pickup_points"], case.call("get_order", number=number).get("address", {}))
    kept = with_slots(request, "open", order=number)
    chosen = _chosen_point(case, near)
    if chosen is not None:
        answer = case.call("change_pickup", number=number, pickup_point_id=chosen["pickup_point_id"])
        return put_to_shopper(case, kept, answer)
    views = [{"name": one["name"], "line1": one["address"]["line1"], "hours": one["hours"]} for one in near]
    key = "delivery.ask_pickup_again" if case.asked("choice") and request.stage == "open" else "delivery.ask_pickup"
    return Step((case.say(key, points=views),), ("choice",), kept)


def _waits_already(case: Case, request: Request) -> Step | None:
    """Where a parcel waits, for somebody who only wants to know where to go: no code is needed for that."""
    if case.identity.level >= CHANGES or case.asked("code") or not says("asks_where", request.words):
        return None
    number = find_order(case, request, _any)
    if isinstance(number, Step):
        return number
    track = case.call("track_order", number=number)
    waits = track.get("situation") == "at_pickup_point"
    return tell_status(case, with_slots(request, order=number)) if waits else None


def _any(_: Summary) -> bool:
    return True


def _near(points: Sequence[Result], home: Result) -> list[Result]:
    """Those in the order's city, else its region, else the nearest."""
    for part in ("city", "region"):
        there = [one for one in points if home.get(part) and fold(str(one["address"][part])) == fold(str(home[part]))]
        if there:
            return there[:LISTED]
    return list(points[:1])


def _chosen_point(case: Case, points: Sequence[Result]) -> Result | None:
    named = [
        one for one in points if mentions(case.text, str(one["name"])) or fold(str(one["name"])) in fold(case.text)
    ]
    place = ordinal_in(case.text, len(points)) if case.asked("choice") else None
    if len(named) == 1 or len(points) == 1:
        return (named or points)[0]
    return points[place] if place is not None else None
