"""The versions of what is said to models: each file's number, and the digest it was given for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import yaml

from prompts.loader import FOLDER

VERSIONS = FOLDER / "versions.yaml"


@dataclass(frozen=True, slots=True)
class Version:
    """``number`` goes up with every change of the file, whose ``digest`` it is."""

    number: int
    digest: str


def read_versions(path: Path = VERSIONS) -> Mapping[str, Version]:
    """By the file's place in ``prompts``, as written down."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: Version(int(row["version"]), str(row["digest"])) for name, row in rows.items()}


def prompts_in(folder: Path = FOLDER) -> Mapping[str, Path]:
    """Every prompt, by its place in the folder: ``system/case.md``."""
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.glob("*/*.md"))}


def digest_of(path: Path) -> str:
    """Of the file as it is."""
    return sha256(path.read_bytes()).hexdigest()[:12]


def changed_without_a_version(folder: Path = FOLDER) -> dict[str, str]:
    """Files that are not what their version was given for, with what they are now; and those without one."""
    known = read_versions(folder / VERSIONS.name)
    now = {name: digest_of(path) for name, path in prompts_in(folder).items()}
    return {name: digest for name, digest in now.items() if name not in known or known[name].digest != digest}
