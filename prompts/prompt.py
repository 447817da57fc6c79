"""A prompt: a file of words for a model, with places for values. One that takes others than it is given is refused."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jinja2
import jinja2.meta

from prompts.loader import PromptRefused


class Prompt:
    """Read and checked once. ``takes`` are the values it is rendered with, all of them and no others.

    Raises ``PromptRefused`` naming the file.
    """

    def __init__(self, path: Path, takes: Iterable[str] = ()) -> None:
        environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        try:
            text = path.read_text(encoding="utf-8")
            wanted = jinja2.meta.find_undeclared_variables(environment.parse(text))
            self._template = environment.from_string(text)
        except (OSError, jinja2.TemplateError) as error:
            raise PromptRefused(f"{path}: {error}") from error
        if wanted != set(takes):
            raise PromptRefused(f"{path}: it takes {sorted(wanted)}, it is given {sorted(takes)}")

    def render(self, **values: Any) -> str:
        """The words. Raises ``jinja2.UndefinedError`` for a value that is missing."""
        return self._template.render(**values)
