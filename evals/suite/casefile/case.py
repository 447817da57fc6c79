"""A case: one conversation in one language."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evals.suite.casefile.expect import Expect
from evals.suite.casefile.fixture import Fixture
from evals.suite.casefile.shopper import Shopper
from evals.suite.casefile.strict import Language, Strict

Tag = Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]


class CaseBody(Strict):
    """What stands in the file; where it stands says the rest."""

    title: str = Field(min_length=5, max_length=120)
    tags: tuple[Tag, ...] = ()
    alone: str = Field(default="", description="Why there is no such case in the other languages.")
    fixture: Fixture = Fixture()
    shopper: Shopper
    expect: Expect


class Case(CaseBody):
    """A case with its name: ``evals/cases/AREA/NAME.LANGUAGE.yaml``. ``pair`` is ``AREA/NAME``, the same in all languages."""

    pair: str
    language: Language

    @property
    def id(self) -> str:
        """``AREA/NAME.LANGUAGE``."""
        return f"{self.pair}.{self.language}"

    @property
    def area(self) -> str:
        """The folder."""
        return self.pair.rpartition("/")[0]

    def openings(self) -> tuple[str, ...]:
        """All ways in which it may begin."""
        return getattr(self.shopper, "paraphrases", ())
