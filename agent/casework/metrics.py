"""What is counted while turns are answered, for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

TURNS = Counter("postventa_turns", "Turns answered", ["language", "model", "status"])
TURN_SECONDS = Histogram(
    "postventa_turn_seconds",
    "From claim to stored answer",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
HANDOFFS = Counter("postventa_handoffs", "Cases given to a person", ["reason"])
ACTIONS = Counter("postventa_actions", "Decisions on proposals", ["kind", "status"])
FALLBACKS = Counter("postventa_model_fallbacks", "Turns the embedded model finished for an LLM", ["cause"])
GUARDED = Counter("postventa_guarded_replies", "Replies that claimed something without ground", ["model"])
QUEUE_LENGTH = Gauge("postventa_queue_length", "Cases that wait for a person", ["shop", "queue"])
CLAIM_SECONDS = Histogram(
    "postventa_claim_seconds",
    "From the queue to a person",
    ["queue"],
    buckets=(15, 30, 60, 120, 180, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400),
)
DESK_MOVES = Counter("postventa_desk_moves", "What people did with cases", ["move", "result"])
LETTERS = Counter("postventa_letters", "Attempts to deliver to webhooks and help desks", ["target", "result"])
TOOLS = Counter("postventa_tool_calls", "Tools that ran", ["name", "ok"])
