"""The mood of a conversation as a small curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.casework.desk.rows import frustration_of
from agent.conversation import Message, Speaker

WIDTH, HEIGHT, EDGE = 320.0, 56.0, 6.0
UPSET = 0.6
LATEST = 24


def emotion_curve(messages: Sequence[Message]) -> dict[str, Any]:
    """``emotion`` are the points, one a shopper's message that was read; the rest is SVG of a 320 x 56 box."""
    heard = [one for one in messages if one.who is Speaker.SHOPPER and one.reading][-LATEST:]
    step = (WIDTH - 2 * EDGE) / max(1, len(heard) - 1)
    points = [
        {
            "message_id": one.id,
            "frustration": frustration_of(one),
            "x": round(EDGE + n * step, 1),
            "y": _y(frustration_of(one)),
        }
        for n, one in enumerate(heard)
    ]
    path = " ".join(f"{'L' if n else 'M'}{one['x']} {one['y']}" for n, one in enumerate(points))
    floor = _y(0.0)
    area = f"{path} L{points[-1]['x']} {floor} L{points[0]['x']} {floor} Z" if points else ""
    return {
        "emotion": points,
        "emotion_path": path,
        "emotion_area": area,
        "emotion_bar": _y(UPSET),
        "emotion_values": ", ".join(str(round(frustration_of(one) * 100)) for one in heard),
    }


def _y(frustration: float) -> float:
    return round(HEIGHT - EDGE - frustration * (HEIGHT - 2 * EDGE), 1)
