"""Where one request of a message may end and the next begin."""

from __future__ import annotations

import re

_JOINTS = re.compile(
    r"[.;!?\n]+(?=\s|$)|[,:]\s|\s[-/|]\s"
    r"|\b(?:y|e|and|also|ademas|tambien|tambem|plus|pero|mas|but|alem disso|aparte|otra cosa|outra coisa|then|luego|so|asi que|entao|entonces|(?:y |e |and )?(?:si|se|if) (?:no|nao|not))\b"
)
_MOST = 8


def cut(folded: str) -> list[tuple[int, int]]:
    """Offsets of the shortest stretches that could be a request of their own, in order, at most eight.

    Joining words belong to the stretch they open. ``folded`` comes from ``text.fold``.
    """
    starts = [0]
    for joint in _JOINTS.finditer(folded):
        at = joint.start() if joint[0][0].isalpha() else joint.end()
        if folded[starts[-1] : at].strip() and folded[at:].strip():
            starts.append(at)
    starts = starts[:_MOST]
    return list(zip(starts, [*starts[1:], len(folded)], strict=True))
