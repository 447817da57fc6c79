"""The demo in a process of its own: what a browser test talks to, and can end at any moment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIBRARY = "POSTVENTA_TEST_LIBRARY"


class Server:
    """``postventa serve --demo`` on a folder; after a kill it starts again on the same folder and port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._port = "0"
        if (kept := os.environ.get(LIBRARY)) and Path(kept).is_dir():
            shutil.copytree(kept, folder, dirs_exist_ok=True)

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Returns when it answers."""
        told = {"PORT": self._port, "POSTVENTA_DATA_DIR": str(self._folder), "POSTVENTA_LOG_LEVEL": "ERROR"}
        command = [sys.executable, "-m", "agent", "serve", "--demo"]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **told}, stdout=subprocess.PIPE, text=True)
        self._process = process
        assert process.stdout is not None
        found = (re.search(r"http://127\.0\.0\.1:(\d+)", line) for line in process.stdout)
        ready = next((match for match in found if match), None)
        assert ready is not None, "the server ended before it was ready"
        self._port = ready[1]

    def command(self, *words: str) -> str:
        """Run ``postventa`` with these words on the same folder, while it serves; answers what is printed."""
        told = {"POSTVENTA_DATA_DIR": str(self._folder), "POSTVENTA_SHOP_ID": "demo", "POSTVENTA_LOG_LEVEL": "ERROR"}
        command = [sys.executable, "-m", "agent", *words]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **told}, capture_output=True, text=True, check=True, timeout=120
        )
        return done.stdout

    def kill(self) -> None:
        """As a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._gone()

    def stop(self) -> None:
        """As it should be."""
        if self._process is not None:
            self._process.terminate()
            self._gone()

    def _gone(self) -> None:
        assert self._process is not None
        self._process.wait(20)
        if self._process.stdout:
            self._process.stdout.close()
        self._process = None
