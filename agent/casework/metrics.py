"""What is counted while turns are answered, for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

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
DESK_MOVES = Counter("postventa_desk_moves", "What people did with cases", ["move", "result"])
LETTERS = Counter("postventa_letters", "Attempts to deliver to webhooks and help desks", ["target", "result"])
TOOLS = Counter("postventa_tool_calls", "Tools that ran", ["name", "ok"])
