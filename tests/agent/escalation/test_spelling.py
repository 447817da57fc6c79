"""Every spelling of a word is one word, and its place in the line is not lost."""

from __future__ import annotations

import pytest

from agent.escalation.spelling import Spelling

SPELLING = Spelling({"q": "que", "xfa": "por favor"}, ["persona", "agente"], ["personal"])


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("PÁSAME con una Pesona, xfa", "pasame con una persona , por favor"),
        ("agenteeee!!", "agente ."),
        ("personal", "personal"),
        ("I can't, we'll see... why?", "i cant , we will see . why ?"),
        ("¿q hora?", "que hora ?"),
        ("", ""),
    ],
)
def test_a_line_becomes_plain_words(line: str, plain: str) -> None:
    assert SPELLING.plain(line).text == plain


def test_words_lead_back_to_the_line() -> None:
    line = "  xfa una PESONA ya"
    plain = SPELLING.plain(line)
    start = plain.text.index("persona")
    begin, end = plain.source(start, start + len("persona"))
    assert line[begin:end] == "PESONA"
