"""From documents to rules: every name is resolved and every value checked against the type of its fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_type_hints

from tools.policy.documents import BookingDocument, RequirementDocument, RuleDocument
from tools.policy.facts import Facts
from tools.policy.figures import Figure, Figures, Unit
from tools.policy.refusal import KeyPath, Problem
from tools.policy.rules import OTHERWISE, Booking, Condition, FigureRef, Operator, Requirement, Rule
from tools.policy.source import Source
from tools.shop.changes import ChangeKind


def _plain(hint: Any) -> type:
    """The type without its ``| None``, and of a NewType what it stands for."""
    kept = [part for part in get_args(hint) if part is not NoneType] or [hint]
    plain: type = getattr(kept[0], "__supertype__", kept[0])
    return plain


FACT_TYPES: Mapping[str, type] = {name: _plain(hint) for name, hint in get_type_hints(Facts).items()}
NUMBERS = (int, float, Decimal)
BOOKED_UNITS = {
    "fee": Unit.MONEY,
    "free_times": Unit.COUNT,
    "free_days": Unit.DAYS,
    "charge": Unit.MONEY,
    "refund_days": Unit.DAYS,
    "ship_within": Unit.DAYS,
    "undo": Unit.MINUTES,
}


class Mistake(ValueError):
    """A value that means nothing for its fact; the text says why."""


@dataclass(slots=True)
class Compiler:
    """Compiles the rules of one version and keeps what is wrong with them in ``problems``."""

    figures: Figures
    problems: list[Problem] = field(default_factory=list)

    def rule(self, kind: ChangeKind, document: RuleDocument, source: Source) -> Rule:
        """The rule, without what could not be compiled."""
        path: KeyPath = ("rules", kind.value)
        requirements = tuple(
            requirement
            for index, item in enumerate(document.requires)
            if (requirement := self._requirement(item, document.topic, source, (*path, "requires", index)))
        )
        booking = self._booking(document.books, source, (*path, "books"))
        return Rule(kind, True, document.clause, document.topic, requirements, booking)

    def _requirement(
        self, document: RequirementDocument, topic: str, source: Source, path: KeyPath
    ) -> Requirement | None:
        operator = document.operators[0]
        condition = self._condition(document.fact, operator, getattr(document, operator.value), source, path)
        when = list(self._conditions(document.when, source, (*path, "when")))
        unless = [
            list(self._conditions(group, source, (*path, "unless", index)))
            for index, group in enumerate(document.unless)
        ]
        if condition is None:
            return None
        self._check_codes(document, source, (*path, "code"))
        return Requirement(
            condition,
            document.code,
            document.on_fail,
            document.clause,
            document.topic or topic,
            tuple(document.alternatives),
            tuple(document.later),
            tuple(item for item in when if item),
            tuple(tuple(item for item in group if item) for group in unless),
        )

    def _conditions(self, raw: Mapping[str, Any], source: Source, path: KeyPath) -> Iterator[Condition | None]:
        """``{fact: value}`` asks for equality, ``{fact: {operator: value}}`` for the operator."""
        for fact, value in raw.items():
            if not isinstance(value, dict):
                yield self._condition(fact, Operator.EQUALS, value, source, (*path, fact))
            elif len(value) == 1 and (name := next(iter(value))) in tuple(Operator):
                yield self._condition(fact, Operator(name), value[name], source, (*path, fact))
            else:
                self._refuse(source, (*path, fact), f"needs exactly one of {', '.join(Operator)}")

    def _condition(self, fact: str, operator: Operator, raw: Any, source: Source, path: KeyPath) -> Condition | None:
        if fact not in FACT_TYPES:
            self._refuse(source, path, f"there is no fact {fact!r}")
            return None
        try:
            return Condition(fact, operator, self._value(FACT_TYPES[fact], operator, raw))
        except Mistake as mistake:
            self._refuse(source, (*path, operator.value), f"{fact}: {mistake}")
            return None

    def _value(self, kind: type, operator: Operator, raw: Any) -> Any:
        ordered = operator in (Operator.AT_MOST, Operator.AT_LEAST)
        if ordered != (kind in NUMBERS) and not (operator is Operator.EQUALS and kind in NUMBERS):
            raise Mistake(f"{operator.value} cannot be asked of a {kind.__name__}")
        if isinstance(raw, dict):
            return self._reference(kind, raw)
        if operator is Operator.ONE_OF:
            if not isinstance(raw, list) or not raw:
                raise Mistake("one_of needs a list")
            return tuple(literal(kind, item) for item in raw)
        return literal(kind, raw)

    def _reference(self, kind: type, raw: Mapping[str, Any]) -> FigureRef:
        if set(raw) != {"figure"}:
            raise Mistake("a value that is a mapping is {figure: name}")
        name = str(raw["figure"])
        figure = self.figures.named.get(name)
        if figure is None:
            raise Mistake(f"there is no figure {name!r}")
        if kind not in NUMBERS or figure.unit is Unit.TIME or (figure.unit is Unit.MONEY) != (kind is Decimal):
            raise Mistake(f"the figure {name} is in {figure.unit.value} and cannot limit a {kind.__name__}")
        if not self._always_there(figure):
            raise Mistake(f"the figure {name} has no value to fall back on")
        return FigureRef(name)

    def _booking(self, document: BookingDocument, source: Source, path: KeyPath) -> Booking:
        named = document.model_dump(exclude_defaults=True)
        for role, name in named.items():
            figure = self.figures.named.get(name)
            if figure is None:
                self._refuse(source, (*path, role), f"there is no figure {name!r}")
            elif figure.unit is not BOOKED_UNITS[role]:
                self._refuse(source, (*path, role), f"{name} is in {figure.unit}, not in {BOOKED_UNITS[role]}")
            elif not self._always_there(figure) and not self._may_lack(role, figure):
                self._refuse(source, (*path, role), f"the figure {name} has no value to fall back on")
        return Booking(**named)

    def _may_lack(self, role: str, figure: Figure) -> bool:
        """Days are free only where a country says so; a refund's days are known with its method."""
        return role == "free_days" or (role == "refund_days" and bool(figure.by_method))

    def _always_there(self, figure: Figure) -> bool:
        return figure.default is not None or (
            bool(figure.by_country) and set(self.figures.currencies) <= set(figure.by_country)
        )

    def _check_codes(self, document: RequirementDocument, source: Source, path: KeyPath) -> None:
        kind = FACT_TYPES[document.fact]
        for value in document.code:
            if value != OTHERWISE and issubclass(kind, StrEnum) and value not in tuple(kind):
                self._refuse(source, (*path, value), f"is never the value of {document.fact}")

    def _refuse(self, source: Source, path: KeyPath, text: str) -> None:
        self.problems.append(source.problem(path, text))


def literal(kind: type, raw: Any) -> Any:
    """A value of that type as written in YAML; ``Mistake`` when it is not one."""
    if issubclass(kind, StrEnum) and isinstance(raw, str):
        if raw not in tuple(kind):
            raise Mistake(f"{raw!r} is not one of {', '.join(kind)}")
        return raw
    if kind is Decimal and isinstance(raw, int | str) and not isinstance(raw, bool):
        return _decimal(raw)
    if kind in (int, float) and isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if kind in (bool, str) and type(raw) is kind:
        return raw
    raise Mistake(f"{raw!r} is not a {kind.__name__}")


def _decimal(raw: int | str) -> Decimal:
    try:
        amount = Decimal(raw)
    except ArithmeticError:
        raise Mistake(f"{raw!r} is not an amount") from None
    if not amount.is_finite():
        raise Mistake(f"{raw!r} is not an amount")
    return amount
