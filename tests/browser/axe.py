"""axe-core, fetched by npm when the tests run and kept outside of the repository."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import tarfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

VERSION = "4.14.1"
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
KEPT = "POSTVENTA_TEST_AXE"
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""Every rule that axe has on by default, best practices among them, and the target size of WCAG 2.2."""


def fetch_axe(folder: Path) -> str:
    """The script. Fetched into ``folder``, or into the one named by ``POSTVENTA_TEST_AXE`` unless it is there already.

    Raises ``OSError`` or ``CalledProcessError`` where it cannot be had, ``ValueError`` where it is not what was pinned.
    """
    folder = Path(os.environ.get(KEPT) or folder)
    archive = folder / f"axe-core-{VERSION}.tgz"
    if not archive.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "pack", "--silent", f"axe-core@{VERSION}"], cwd=folder, check=True, timeout=60, capture_output=True
        )
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != SHA512:
        raise ValueError(f"{archive} is not axe-core {VERSION} as it was published")
    with tarfile.open(archive) as packed:
        script = packed.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


def violations(page: Page, script: str, where: str = "") -> list[tuple[str, list[Any], str]]:
    """What is wrong in the page, or in the part of it that ``where`` selects: the rule, the elements, and what to do."""
    page.evaluate(f"typeof axe === 'undefined' && (() => {{ {script} }}).call(window)")
    found = page.evaluate("([where, options]) => axe.run(where || document, options)", [where, OPTIONS])
    return [
        (one["id"], [node["target"] for node in one["nodes"]], one["nodes"][0]["failureSummary"])
        for one in found["violations"]
    ]
