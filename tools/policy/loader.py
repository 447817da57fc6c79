"""Loading a policy: a folder with ``shop.yaml`` and one subfolder for each effective date, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tools.policy.authority import Authority
from tools.policy.compiler import Compiler
from tools.policy.documents import DEFAULT_LEVEL, AuthorityDocument, RuleDocument, RulesDocument, ShopDocument
from tools.policy.engine import YamlPolicy
from tools.policy.figure_file import read_figures
from tools.policy.gates import gated
from tools.policy.port import ProofRule
from tools.policy.refusal import PolicyRefused, Problem
from tools.policy.rules import Version
from tools.policy.source import Source, read_source
from tools.shop.changes import ChangeKind


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules in force from one date: each with the file it was written in, which may be an earlier version's."""

    faults: frozenset[str]
    rules: Mapping[ChangeKind, tuple[RuleDocument, Source]]


NO_RULES = Rulebook(frozenset(), {})


def load_policy(folder: Path) -> YamlPolicy:
    """The policy in that folder. Raises ``PolicyRefused`` with every defect found, by file, key and line.

    A version holds from midnight of its folder's date in the shop's zone. It has ``figures.yaml``, complete, and
    ``rules.yaml``, which may name an earlier version as its ``base``.
    """
    problems: list[Problem] = []
    source = read_source(folder / "shop.yaml")
    shop = source.validated(ShopDocument, problems)
    zone = _zone(source, shop, problems) if shop else None
    starts, versions = [], []
    books: dict[date, Rulebook] = {}
    for start, place in _dated(folder, problems):
        figures = read_figures(read_source(place / "figures.yaml"), shop.currencies if shop else {}, problems)
        book = books[start] = _rulebook(read_source(place / "rules.yaml"), start, books, problems)
        compiler = Compiler(figures, problems)
        rules = {kind: compiler.rule(kind, *written) for kind, written in book.rules.items()}
        versions.append((start, figures, rules, book.faults))
        starts.append(start)
    if problems or shop is None or zone is None:
        raise PolicyRefused(tuple(dict.fromkeys(problems)))
    levels = {kind: shop.levels.get(kind.value, shop.levels.get(DEFAULT_LEVEL, 2)) for kind in ChangeKind}
    return YamlPolicy(
        zone=zone,
        proofs=_proofs(shop),
        levels=levels,
        currencies=shop.currencies,
        versions=tuple(
            Version(
                start.isoformat(),
                figures,
                {kind: gated(kind, rules.get(kind), levels[kind], bool(shop.currencies)) for kind in ChangeKind},
                faults,
            )
            for start, figures, rules, faults in versions
        ),
        starts=tuple(datetime.combine(start, time.min, zone) for start in starts),
        holidays=frozenset(shop.holidays),
        authorities={role: _authority(one) for role, one in shop.authority.items()},
    )


def _dated(folder: Path, problems: list[Problem]) -> list[tuple[date, Path]]:
    """The version folders, oldest first."""
    found = []
    for place in sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else ():
        try:
            found.append((date.fromisoformat(place.name), place))
        except ValueError:
            problems.append(Problem(place, (), "is not named after the date from which it holds (YYYY-MM-DD)"))
    if not found:
        problems.append(Problem(folder, (), "has no version in it"))
    return sorted(found)


def _rulebook(source: Source, start: date, earlier: Mapping[date, Rulebook], problems: list[Problem]) -> Rulebook:
    document = source.validated(RulesDocument, problems)
    if document is None:
        return NO_RULES
    base = NO_RULES
    if document.base is not None:
        base = earlier.get(document.base, NO_RULES)
        if base is NO_RULES:
            problems.append(source.problem(("base",), f"there is no version {document.base} before {start}"))
    own = {kind: (rule, source) for kind, rule in document.rules.items()}
    faults = base.faults if document.faults is None else frozenset(document.faults)
    return Rulebook(faults, {**base.rules, **own})


def _zone(source: Source, shop: ShopDocument, problems: list[Problem]) -> ZoneInfo | None:
    try:
        return ZoneInfo(shop.zone)
    except (ZoneInfoNotFoundError, ValueError):
        problems.append(source.problem(("zone",), f"{shop.zone!r} is not a time zone"))
        return None


def _authority(document: AuthorityDocument) -> Authority:
    return Authority(None if document.kinds is None else frozenset(document.kinds), document.amount)


def _proofs(shop: ShopDocument) -> tuple[ProofRule, ...]:
    rules = [ProofRule(frozenset(proof.fields), proof.level) for proof in shop.proofs]
    return tuple(sorted(rules, key=lambda rule: -rule.level))
