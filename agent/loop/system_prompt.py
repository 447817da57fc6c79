"""What is said to an LLM, rendered from the brief; the words are files in ``prompts/system``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
import jinja2.meta

from agent.loop.brief import Brief
from agent.loop.fence import disarm
from prompts.loader import FOLDER, PromptRefused
from tools.scope import Identity

LANGUAGE_NAMES = {"es": "Spanish", "en": "English", "pt": "Portuguese"}
CASE = "The case now"
"""Where the part that is the same for every shop, shopper and turn ends."""
TAKES = {
    "conversation.md": frozenset(
        {"shop_name", "now", "language", "channel", "level", "orders", "name", "facts", "pending", "done", "agenda"}
        | {"notes", "resumed"}
    ),
    "repair.md": frozenset({"unsupported"}),
    "decided.md": frozenset({"agenda"}),
}


class SystemPrompt:
    """Renders the files. One that takes other values than it is given is refused when it is loaded.

    What never changes (``fixed``) comes first, so that providers can cache the prefix. What people wrote is quoted as
    JSON: data.
    """

    def __init__(self, folder: Path = FOLDER / "system") -> None:
        self._templates = {name: _compile(folder / name, takes) for name, takes in TAKES.items()}
        self.fixed = (folder / "conversation.md").read_text(encoding="utf-8").partition(CASE)[0]

    def render(self, brief: Brief, identity: Identity) -> str:
        """The whole prompt for this turn."""
        return self._templates["conversation.md"].render(
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
            notes=_quoted(brief.notes),
            resumed=brief.resumed,
        )

    def repair_note(self, unsupported: Sequence[str]) -> str:
        """What is said to a model whose reply claimed something without ground."""
        return self._templates["repair.md"].render(unsupported=[_quoted(one) for one in unsupported])

    def decided_note(self, brief: Brief) -> str:
        """What stands for the shopper's words when they pressed a button."""
        return self._templates["decided.md"].render(agenda=_agenda(brief)).strip()


def _compile(path: Path, takes: Iterable[str]) -> jinja2.Template:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    try:
        text = path.read_text(encoding="utf-8")
        wanted = jinja2.meta.find_undeclared_variables(environment.parse(text))
        template = environment.from_string(text)
    except (OSError, jinja2.TemplateError) as error:
        raise PromptRefused(f"{path}: {error}") from error
    if wanted != set(takes):
        raise PromptRefused(f"{path}: it takes {sorted(wanted)}, it is given {sorted(takes)}")
    return template


def _agenda(brief: Brief) -> str:
    wishes: list[Mapping[str, Any]] = [{"wish": one.intent, "words": one.words} for one in brief.agenda]
    return _quoted(wishes)


def _quoted(value: Any) -> str:
    return disarm(json.dumps(value, ensure_ascii=False))
