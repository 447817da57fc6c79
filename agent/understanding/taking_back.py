"""Whether the shopper takes back what was just done, in so many words."""

from __future__ import annotations

import re
from typing import Final

from agent.understanding.text import fold

_UNDO: Final = re.compile(
    r"\b(?:desha(?:z|g[ao]\w*|c(?:e|er)\w*)(?:melo|mela|l[oa]s?)?|rev(?:ierte|ierta|ertir)(?:l[oa]s?)?|"
    r"dej\w+ (?:todo )?(?:tal |asi )?como estaba|vuelv\w+ (?:todo )?(?:a )?como estaba|"
    r"undo|revert|put (?:it|that|everything) back|(?:leave|back to) (?:it |everything )?(?:how|the way|as) it was|"
    r"desfaz\w*|desfac\w+|revert[ae]\w*|deix\w+ (?:tudo )?como estava|volt\w+ (?:tudo )?(?:a|para)? ?como estava)\b"
)
_ONLY_ASKS: Final = re.compile(
    r"^\W*(?:(?:y|and|e)\s+)?(?:(?:todavia|aun|still|ainda)\s+)?(?:se puede|puedo|podria|hasta cuando|como|can i|could i|how|until when|"
    r"posso|da para|como faco|ate quando)\b"
)
_NOT: Final = re.compile(r"\b(?:no|nao|don'?t|do not|never|nunca)\s+(?:\w+\s+){0,2}$")
MOST_WORDS: Final = 14


def takes_back(text: str) -> bool:
    """Whether the words ask for an undo: "deshazlo", "undo that please", "desfaz isso"; a question whether one may does not."""
    folded = fold(text)
    said = _UNDO.search(folded)
    if said is None or len(folded.split()) > MOST_WORDS or _ONLY_ASKS.search(folded):
        return False
    return _NOT.search(folded[: said.start()]) is None
