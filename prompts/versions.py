"""The versions of what is said to models: each file's number, and the digest it was given for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import yaml

from prompts.loader import FOLDER

SYSTEM = FOLDER / "system"
VERSIONS = SYSTEM / "versions.yaml"


@dataclass(frozen=True, slots=True)
class Version:
    """``number`` goes up with every change of the file, whose ``digest`` it is."""

    number: int
    digest: str


def read_versions(path: Path = VERSIONS) -> Mapping[str, Version]:
    """By file name, as written down."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: Version(int(row["version"]), str(row["digest"])) for name, row in rows.items()}


def digest_of(path: Path) -> str:
    """Of the file as it is."""
    return sha256(path.read_bytes()).hexdigest()[:12]


def changed_without_a_version(folder: Path = SYSTEM) -> dict[str, str]:
    """Files that are not what their version was given for, with what they are now; and those without one."""
    known = read_versions(folder / VERSIONS.name)
    now = {path.name: digest_of(path) for path in sorted(folder.glob("*.md"))}
    return {name: digest for name, digest in now.items() if name not in known or known[name].digest != digest}
