"""What is said to an LLM, rendered from the brief; the words are files in ``prompts/system``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.loop.brief import Brief
from agent.loop.fence import disarm
from prompts.loader import FOLDER, PromptRefused
from prompts.prompt import Prompt
from tools.scope import Identity

LANGUAGE_NAMES = {"es": "Spanish", "en": "English", "pt": "Portuguese"}
FIXED = ("conversation.md", "tools.md")
"""The part that is the same for every shop, shopper and turn: how to speak and what may be said, then how to work with the tools."""
LONGEST_VOICE = 600
TAKES = {
    "case.md": frozenset(
        {"shop_name", "now", "language", "channel", "level", "orders", "name", "facts", "pending", "done", "agenda"}
        | {"notes", "resumed", "summary", "voice"}
    ),
    "repair.md": frozenset({"unsupported", "sent"}),
    "decided.md": frozenset({"agenda"}),
    "summary.md": frozenset({"before", "said"}),
}


class SystemPrompt:
    """Renders the files. One that takes other values than it is given is refused when it is loaded.

    What never changes (``fixed``) comes first, so that providers can cache the prefix. What people wrote is quoted as
    JSON: data. ``voice`` is how the shop speaks: a few sentences on style, its own.
    """

    def __init__(self, folder: Path = FOLDER / "system", voice: str = "") -> None:
        if len(voice) > LONGEST_VOICE:
            raise PromptRefused(f"voice: {len(voice)} characters, at most {LONGEST_VOICE}")
        self._voice = voice.strip()
        self.fixed = "".join(f"{Prompt(folder / name).render().strip()}\n\n" for name in FIXED)
        self._templates = {name: Prompt(folder / name, takes) for name, takes in TAKES.items()}

    def render(self, brief: Brief, identity: Identity) -> str:
        """The whole prompt for this turn."""
        return self.fixed + self._templates["case.md"].render(
            shop_name=brief.shop_name,
            now=brief.now.strftime("%A %Y-%m-%d %H:%M %z"),
            language=LANGUAGE_NAMES[brief.language],
            channel=brief.channel,
            level=identity.level,
            orders=sorted(identity.orders),
            name=_quoted(brief.customer_name) if brief.customer_name else "",
            facts=_quoted([{"kind": one.kind, "value": one.value} for one in brief.facts]),
            pending=_quoted([{"kind": one.kind, "summary": one.summary} for one in brief.pending]),
            done=_quoted([{"kind": one.kind, "order": one.order_number} for one in brief.done]),
            agenda=_agenda(brief),
            notes=_quoted(brief.notes) if brief.notes else "",
            resumed=brief.resumed,
            summary=_quoted(brief.summary) if brief.summary else "",
            voice=_quoted(self._voice) if self._voice else "",
        )

    def repair_note(self, unsupported: Sequence[str], sent: str = "") -> str:
        """What is said to a model whose reply claimed something without ground; ``sent`` has reached the shopper."""
        found = [_quoted(one) for one in unsupported]
        return self._templates["repair.md"].render(unsupported=found, sent=_quoted(sent) if sent else "")

    def summary_request(self, before: str, said: Sequence[Mapping[str, str]]) -> str:
        """What is said to the model that sums up what an LLM is no longer shown."""
        return self._templates["summary.md"].render(before=_quoted(before) if before else "", said=_quoted(said))

    def decided_note(self, brief: Brief) -> str:
        """What stands for the shopper's words when they pressed a button."""
        return self._templates["decided.md"].render(agenda=_agenda(brief)).strip()


def _agenda(brief: Brief) -> str:
    wishes: list[Mapping[str, Any]] = [{"wish": one.intent, "words": one.words} for one in brief.agenda]
    return _quoted(wishes)


def _quoted(value: Any) -> str:
    return disarm(json.dumps(value, ensure_ascii=False))
