"""The shape of the policy's YAML files. What a value means is checked afterwards, against facts and figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator

from tools.policy.figures import Unit
from tools.policy.rules import OTHERWISE, TALK_TO_PERSON, Operator
from tools.policy.verdict import Decision
from tools.shop.changes import ChangeKind
from tools.shop.port import Proof

PROOF_FIELDS = frozenset(Proof.__dataclass_fields__)
DEFAULT_LEVEL = "default"


def _open_way(name: str) -> str:
    if name != TALK_TO_PERSON and name not in tuple(ChangeKind):
        raise ValueError(f"is neither a kind of change nor {TALK_TO_PERSON}")
    return name


def _proof_field(name: str) -> str:
    if name not in PROOF_FIELDS:
        raise ValueError(f"is not one of {', '.join(sorted(PROOF_FIELDS))}")
    return name


def _level_key(name: str) -> str:
    if name != DEFAULT_LEVEL and name not in tuple(ChangeKind):
        raise ValueError(f"is neither a kind of change nor {DEFAULT_LEVEL}")
    return name


def _codes(raw: Any) -> Any:
    return {OTHERWISE: raw} if isinstance(raw, str) else raw


class Document(BaseModel):
    """A mapping in a policy file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProofDocument(Document):
    """Which fields together prove which identity level."""

    fields: Annotated[list[Annotated[str, AfterValidator(_proof_field)]], Field(min_length=1)]
    level: Annotated[int, Field(ge=1, le=2)]


class AuthorityDocument(Document):
    """What a role at the desk may allow; what is left out is not limited."""

    kinds: list[ChangeKind] | None = None
    amount: dict[str, Annotated[Decimal, Field(ge=0)]] | None = None


class ShopDocument(Document):
    """``shop.yaml``: what is not dated. ``currencies`` names every served country; ``levels`` the identity needed.

    ``holidays`` are days without anybody at the desk; ``authority`` is by role.
    """

    zone: str
    currencies: dict[str, str] = {}
    proofs: Annotated[list[ProofDocument], Field(min_length=1)]
    levels: dict[Annotated[str, AfterValidator(_level_key)], Annotated[int, Field(ge=1, le=2)]]
    holidays: list[date] = []
    authority: dict[Literal["agent", "lead"], AuthorityDocument] = {}

    @model_validator(mode="after")
    def _levels_are_complete(self) -> ShopDocument:
        if DEFAULT_LEVEL not in self.levels and set(self.levels) != {kind.value for kind in ChangeKind}:
            raise ValueError(f"levels need a {DEFAULT_LEVEL}, or every kind of change")
        return self


class FigureDocument(Document):
    """One figure; its values are read according to ``unit``."""

    unit: Unit
    value: Any = None
    by_country: dict[str, Any] = {}
    by_category: dict[str, Any] = {}
    by_method: dict[str, Any] = {}


class FiguresDocument(RootModel[dict[str, FigureDocument]]):
    """``figures.yaml``: figures by name."""


class BookingDocument(Document):
    """Names of the figures that an allowed change books."""

    fee: str = ""
    free_times: str = ""
    free_days: str = ""
    charge: str = ""
    refund_days: str = ""
    ship_within: str = ""
    undo: str = ""


class RequirementDocument(Document):
    """One requirement: exactly one operator beside the fact."""

    fact: str
    equals: Any = None
    one_of: Any = None
    at_most: Any = None
    at_least: Any = None
    code: Annotated[dict[str, str], BeforeValidator(_codes)]
    on_fail: Decision = Decision.DENY
    clause: str
    topic: str = ""
    alternatives: list[Annotated[str, AfterValidator(_open_way)]] = []
    later: list[ChangeKind] = []
    when: dict[str, Any] = {}
    unless: list[dict[str, Any]] = []

    @model_validator(mode="after")
    def _decides(self) -> RequirementDocument:
        if len(self.operators) != 1:
            raise ValueError(f"needs exactly one of {', '.join(Operator)}")
        if OTHERWISE not in self.code:
            raise ValueError(f"code by value needs {OTHERWISE}")
        if self.on_fail is Decision.ALLOW:
            raise ValueError("on_fail is deny or needs_person")
        return self

    @property
    def operators(self) -> list[Operator]:
        """The operators written."""
        return [operator for operator in Operator if operator.value in self.model_fields_set]


class RuleDocument(Document):
    """Everything about one kind of change. ``clause`` and ``topic`` are what an allowed change refers to."""

    clause: str
    topic: str = ""
    books: BookingDocument = BookingDocument()
    requires: list[RequirementDocument] = []


class RulesDocument(Document):
    """``rules.yaml``: ``base`` is an earlier version whose rules hold where this one has none of its own."""

    base: date | None = None
    faults: list[str] | None = None
    rules: dict[ChangeKind, RuleDocument] = {}
