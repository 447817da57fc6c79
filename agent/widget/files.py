"""The widget's files as they are served, each with the hash by which a browser can tell that it is the one meant."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
LAUNCHER = "widget.js"
PARTS = "widget"
KINDS = {".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
PANEL = "panel.js"
BLANK = "const PARTS = {};"
IMPORT = re.compile(r"^import \{[^}]*\} from '\./([\w-]+\.js)';$", re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)


@dataclass(frozen=True)
class File:
    """A file of the widget. ``integrity`` is a subresource-integrity value."""

    content: bytes
    kind: str
    integrity: str

    @property
    def etag(self) -> str:
        """Changes with the content, and is the same packed or not."""
        return f'W/"{self.integrity[7:27]}"'

    @cached_property
    def packed(self) -> bytes:
        """The content, gzipped once."""
        return gzip.compress(self.content, 9, mtime=0)


@cache
def widget_files() -> Mapping[str, File]:
    """By path under the service's address: ``widget.js`` and ``widget/...``.

    The launcher carries the hashes of all the others, so that its own hash on a page vouches for the whole. Theirs are
    the shorter kind: nothing packs a hash, and the launcher is what every page pays for. All scripts but the launcher
    are served as one, for the same reason, and because on a slow line every request more is a wait.
    """
    folder = FOLDER / PARTS
    paths = sorted(path for path in folder.rglob("*") if path.suffix in KINDS.keys() - {".js"})
    parts = {path.relative_to(folder).as_posix(): _file(_lean(path).encode(), path.suffix, "sha256") for path in paths}
    parts[PANEL] = _file("\n".join(_with_imports(folder / PANEL, set())).encode(), ".js", "sha256")
    launcher = _lean(FOLDER / LAUNCHER)
    if BLANK not in launcher:
        raise ValueError(f"{LAUNCHER}: {BLANK!r} is to be filled in and is not there")
    known = json.dumps({name: file.integrity for name, file in parts.items()}, separators=(",", ":"))
    filled = launcher.replace(BLANK, f"const PARTS = {known};")
    return {
        LAUNCHER: _file(filled.encode(), ".js", "sha384"),
        **{f"{PARTS}/{name}": file for name, file in parts.items()},
    }


def embed_tag(url: str, key: str) -> str:
    """The line for a storefront's page; ``url`` is where the service is reached from outside."""
    launcher = widget_files()[LAUNCHER]
    return (
        f'<script type="module" src="{url.rstrip("/")}/{LAUNCHER}" integrity="{launcher.integrity}" '
        f'crossorigin="anonymous" data-key="{key}" data-locale="auto"></script>'
    )


def _with_imports(script: Path, taken: set[Path]) -> Iterator[str]:
    """A script after all that it imports, each once; only its own exports stay. Names are unique over all of them."""
    taken.add(script)
    text = _lean(script)
    for name in IMPORT.findall(text):
        if (imported := script.with_name(name)) not in taken:
            yield from (EXPORT.sub("", part) for part in _with_imports(imported, taken))
    yield IMPORT.sub("", text).strip()


def _lean(path: Path) -> str:
    """Without what is there for readers alone: indentation, empty lines and lines of comment."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _file(content: bytes, suffix: str, algorithm: str) -> File:
    digest = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
    return File(content, KINDS[suffix], f"{algorithm}-{digest}")
