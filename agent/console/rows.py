"""The list at the left: cases, or live conversations, in groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from agent.console.emotion_curve import UPSET
from agent.console.pages import waited
from prompts.loader import LANGUAGES

OPEN, MINE, CLOSED = "open", "mine", "closed"
STATUSES: Mapping[str, tuple[str, ...]] = {
    OPEN: ("queued", "claimed", "human"),
    MINE: ("claimed", "human"),
    CLOSED: ("returned", "resolved"),
}
REFUSED = re.compile(r"([a-z_]+): ([a-z_]+)")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the person wants to see: ``show`` is open, mine or closed; an empty queue or language is every one."""

    show: str = OPEN
    queue: str = ""
    spoken: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Chosen:
        """From the address; what makes no sense is left out."""
        show, spoken = query.get("show", OPEN), query.get("spoken", "")
        return cls(
            show if show in STATUSES else OPEN, query.get("queue", "")[:40], spoken if spoken in LANGUAGES else ""
        )

    @property
    def query(self) -> str:
        """For addresses that keep it; empty when nothing is chosen."""
        kept = {"show": "" if self.show == OPEN else self.show, "queue": self.queue, "spoken": self.spoken}
        return urlencode({name: value for name, value in kept.items() if value})


def next_of(waiting: Sequence[Row]) -> str:
    """The id of the case to take next: the first of one's own queues and languages, else the first; empty for none."""
    fitting = next((row for row in waiting if row["fits"]), None) or next(iter(waiting), None)
    return str(fitting["id"]) if fitting else ""


def case_groups(rows: Iterable[Row], chosen: Chosen, me: str, now: datetime) -> list[dict[str, Any]]:
    """Mine, waiting, with colleagues; or the closed ones, the latest first."""
    shown = [case_row(row, chosen, now) for row in rows if not chosen.spoken or row["language"] == chosen.spoken]
    if chosen.show == CLOSED:
        return [{"key": "closed", "rows": sorted(shown, key=lambda row: str(row["at"]), reverse=True)}]
    mine = [row for row in shown if row["holder"] == me]
    queued = [row for row in shown if not row["holder"]]
    others = [row for row in shown if row["holder"] not in ("", me)]
    mine.sort(key=lambda row: str(row["at"]), reverse=True)
    return [{"key": "mine", "rows": mine}, {"key": "queued", "rows": queued}, {"key": "others", "rows": others}]


def case_row(row: Row, chosen: Chosen, now: datetime) -> dict[str, Any]:
    """A case as the list shows it; ``since`` only while it waits. Whoever came upset is upset until somebody was there."""
    queued = row["status"] == "queued"
    last = row["last_message"]
    query = f"?{chosen.query}" if chosen.query else ""
    upset = UPSET if "frustration" in [one["code"] for one in row["reasons"]] else 0.0
    return {
        **shared(row),
        "frustration": max(row["frustration"], upset if queued else 0.0),
        "key": row["id"],
        "href": f"/console/cases/{row['id']}{query}",
        "reason": row["reasons"][0]["code"] if row["reasons"] else "",
        "words": next((one["detail"] for one in row["reasons"][:1] if queued and was_said(one)), ""),
        "queue": row["queue"],
        "priority": row["priority"],
        "holder": row["claimed_by"] or "",
        "callback": row["callback"] or "",
        "since": (now - timedelta(seconds=row["waiting_s"])).isoformat() if queued else "",
        "waited": waited(row["waiting_s"]),
        "promised_by": row["promised_by"] if queued else None,
        "late": queued and is_late(row["promised_by"], now),
        "at": row["closed_at"] or (last["at"] if last else row["created_at"]),
    }


def was_said(reason: Mapping[str, Any]) -> bool:
    """Whether a reason's detail is the shopper's words, and not what was asked for and which rule refused it."""
    return bool(reason["message_id"]) and not REFUSED.fullmatch(reason["detail"])


def live_groups(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """With the agent first: those are the ones nobody else watches."""
    shown = [live_row(row) for row in rows]
    agent = [row for row in shown if not row["holder"] and not row["queued"]]
    queued = [row for row in shown if row["queued"]]
    people = [row for row in shown if row["holder"]]
    return [{"key": "agent", "rows": agent}, {"key": "queued", "rows": queued}, {"key": "others", "rows": people}]


def live_row(row: Row) -> dict[str, Any]:
    """A conversation as the list shows it."""
    return {
        **shared(row),
        "key": row["conversation_id"],
        "href": f"/console/conversations/{row['conversation_id']}",
        "reason": "",
        "words": "",
        "queue": "",
        "priority": 3,
        "holder": row["claimed_by"] or "",
        "callback": "",
        "queued": row["status"] == "queued",
        "since": "",
        "waited": "",
        "promised_by": None,
        "late": False,
        "at": row["updated_at"],
    }


def shared(row: Row) -> dict[str, Any]:
    """What both kinds have. ``heard`` changes whenever the shopper has written."""
    last = row["last_message"]
    return {
        "customer": row["customer"],
        "language": row["language"],
        "frustration": row["frustration"],
        "last": last,
        "heard": last["at"] if last and last["who"] == "shopper" else "",
    }


def is_late(promised_by: str | None, now: datetime) -> bool:
    """Whether a promise was broken."""
    return promised_by is not None and datetime.fromisoformat(promised_by) < now
