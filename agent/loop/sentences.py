"""A reply on its way to the shopper: sentence by sentence, each one only after it was found sound."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from agent.loop.reply_language import language_of

BOUNDARY = re.compile(r"(?<=[.!?…])\s+|\n+")
"""Where a sentence is certainly over: something follows it."""

IsSound = Callable[[str], bool]


class Sentences:
    """Sends an LLM's sentences while it is still writing. What was sent stands: the stored reply begins with it.

    A sentence goes when the next one has begun, when what was written of the completion is clearly in one of ``languages``,
    and when ``is_sound`` says so of the sentence and ``is_fit`` of everything so far. After the first that does not
    pass nothing is sent any more in this turn; the rest is repaired and comes with the stored reply.
    """

    def __init__(self, send: Callable[[str], Awaitable[None]], is_sound: IsSound, languages: frozenset[str]) -> None:
        self._send = send
        self._is_sound = is_sound
        self._languages = languages
        self._is_fit: IsSound = lambda _: True
        self._text = ""
        self._at = 0
        self._gap = ""
        self.sent = ""
        self.closed = False

    def begin(self, is_fit: IsSound) -> None:
        """Another completion begins; ``is_fit`` judges its text so far."""
        self._text, self._at, self._is_fit = "", 0, is_fit

    async def hear(self, piece: str) -> None:
        """The next piece of the completion."""
        self._text += piece
        if self.closed:
            return
        while (boundary := BOUNDARY.search(self._text, self._at)) is not None:
            if not await self._pass(boundary):
                return

    async def _pass(self, boundary: re.Match[str]) -> bool:
        """Whether the sentence before the boundary was dealt with; else it waits for more text, or for ever."""
        if boundary.end() == len(self._text):
            return False
        sentence, so_far = self._text[self._at : boundary.start()], self._text[: boundary.start()]
        if language_of(self._text) not in self._languages:
            return False
        if not (self._is_sound(sentence) and self._is_fit(so_far)):
            self.closed = True
            return False
        if sentence.strip():
            await self._say(self._gap + sentence if self._at else sentence.lstrip())
        self._at, self._gap = boundary.end(), boundary.group()
        return True

    async def _say(self, piece: str) -> None:
        """A completion after another one in the same turn is a paragraph of its own."""
        if self._at == 0 and self.sent:
            piece = f"\n\n{piece}"
        self.sent += piece
        await self._send(piece)


_listening: ContextVar[Sentences | None] = ContextVar("listening", default=None)


def listener() -> Sentences | None:
    """Who hears the completion that is being made here, if anybody."""
    return _listening.get()


@contextmanager
def heard_by(sentences: Sentences | None) -> Iterator[None]:
    """Let them hear the completions made within."""
    token = _listening.set(sentences)
    try:
        yield
    finally:
        _listening.reset(token)


def after(sent: str, text: str) -> str:
    """The whole reply, given what of it was sent already: that comes first, and nothing is said twice in a row."""
    if not sent or text.startswith(sent):
        return text
    return f"{sent}\n\n{text}" if text else sent
