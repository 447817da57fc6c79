"""The system prompt for an LLM, rendered from the brief; its words are files in ``prompts/system``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import jinja2

from agent.loop.brief import Brief
from prompts.loader import FOLDER
from tools.scope import Identity


class SystemPrompt:
    """Renders ``conversation.md`` and ``repair.md``. A value that is missing is an error, not an empty line.

    What never changes comes first, so that providers can cache the prefix.
    """

    def __init__(self, folder: Path = FOLDER / "system") -> None:
        environment = jinja2.Environment(  # noqa: S701  plain text for a model, not HTML
            loader=jinja2.FileSystemLoader(folder), undefined=jinja2.StrictUndefined, trim_blocks=True
        )
        self._conversation = environment.get_template("conversation.md")
        self._repair = environment.get_template("repair.md")

    def render(self, brief: Brief, identity: Identity) -> str:
        """The whole prompt for this turn. Facts and notes are data: they are quoted as JSON."""
        return self._conversation.render(
            shop_name=brief.shop_name,
            now=brief.now.isoformat(timespec="minutes"),
            language=brief.language,
            channel=brief.channel,
            level=identity.level,
            orders=sorted(identity.orders),
            name=brief.customer_name,
            facts=json.dumps([{"kind": one.kind, "value": one.value} for one in brief.facts], ensure_ascii=False),
            pending=json.dumps([{"kind": one.kind, "summary": one.summary} for one in brief.pending], ensure_ascii=False),
            done=json.dumps([{"kind": one.kind, "order": one.order_number} for one in brief.done], ensure_ascii=False),
            agenda=json.dumps([{"intent": one.intent, "words": one.words} for one in brief.agenda], ensure_ascii=False),
            notes=json.dumps(brief.notes, ensure_ascii=False),
            resumed=brief.resumed,
        )

    def repair_note(self, unsupported: Sequence[str]) -> str:
        """What is said to a model whose reply claimed something without ground."""
        return self._repair.render(unsupported=list(unsupported))
