"""What reaches the terminal."""

from __future__ import annotations

import subprocess
import sys

LOUD = """
import logging
from agent.app.logging import configure_logging
configure_logging("INFO")
library = logging.getLogger("library")
library.setLevel(logging.DEBUG)
library.debug("small talk")
library.info("more of it")
library.warning("something is wrong")
"""


def test_a_library_that_turned_its_own_logger_up_is_heard_from_warnings_on() -> None:
    run = subprocess.run([sys.executable, "-c", LOUD], capture_output=True, text=True, check=True)
    assert run.stderr == "WARNING library something is wrong\n"
