"""When Python may look for garbage: not while a service starts, and never again among what the start has made."""

from __future__ import annotations

import gc


def start_without_collecting() -> None:
    """Modules, patterns and sentences are no garbage: looking for some among them is a tenth of a start."""
    gc.disable()


def collect_from_now() -> None:
    """Set aside what the start has made, for good, and look after what each turn makes."""
    gc.freeze()
    gc.enable()
