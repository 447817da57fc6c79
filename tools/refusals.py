"""Why a confirmed proposal was not carried out.

Refusal
|- Expired        the yes came too late
|- Stale          the order, a price or the policy is no longer what the yes was to
|- NotTheirs      whoever says yes has not shown to be the customer it was proposed to
|- Denied         policy no longer allows it; the verdict is attached
|- ShopRefused    the order system said no; nothing changed
|- NotReached     the order system could not be reached and has booked nothing
`- NotUndoable    there is nothing to take back, or not any more

Unresolved        not a refusal: it may or may not have happened, and the shop cannot be asked
"""

from __future__ import annotations

from tools.policy.verdict import Verdict


class Refusal(Exception):
    """It was not done and nothing changed. ``code`` is stable and has a sentence per language."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Expired(Refusal):
    """Too late; ``code`` is ``expired``."""


class Stale(Refusal):
    """``code`` says what moved: ``version``, ``terms``, ``gone``."""


class NotTheirs(Refusal):
    """``code`` is ``identity``."""


class Denied(Refusal):
    """``code`` is the verdict's."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.code)
        self.verdict = verdict


class ShopRefused(Refusal):
    """``code`` is the order system's (``out_of_stock``)."""


class NotReached(Refusal):
    """``code`` is ``shop_unavailable``."""


class NotUndoable(Refusal):
    """``code``: ``no_inverse``, ``too_late``, ``changed_since``."""


class Unresolved(Exception):
    """Nobody knows yet: ask ``shop.applied`` under ``key`` later, and say neither that it is done nor that it isn't."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
