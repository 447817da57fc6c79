"""Whether the packet has in it what the person needs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from evals.suite.casefile.expect import WantedPacket
from evals.suite.comparing import found


def packet_faults(packet: Mapping[str, Any], wanted: WantedPacket) -> list[str]:
    """What is missing in it."""
    facts = [(str(one["kind"]), str(one["value"])) for one in packet.get("facts", ())]
    faults = [f"no fact {kind}: {value}" for kind, value in wanted.facts.items() if not _told(facts, kind, value)]
    text = json.dumps(packet, ensure_ascii=False)
    shown = json.dumps(packet.get("orders", ()), ensure_ascii=False)
    faults += [f"order {number} is not in it" for number in wanted.orders if f'"{number}"' not in shown]
    return faults + [f"nothing like {pattern!r}" for pattern in wanted.contains if not found(pattern, text)]


def _told(facts: list[tuple[str, str]], kind: str, value: str) -> bool:
    return any(name == kind and value.casefold() in known.casefold() for name, known in facts)
