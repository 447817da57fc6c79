"""The shops that cases play in, and the rules each is run by."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from agent.app.demo import POLICY as DEMO_POLICY
from evals.suite.casefile.fixture import Fixture
from tools.policy.engine import YamlPolicy
from tools.policy.loader import load_policy

TAU_POLICY: Final = Path(__file__).parents[2] / "tools" / "policy" / "tau_retail"


def policy_of(fixture: Fixture) -> YamlPolicy:
    """The rules of the case's shop, its zone and hours among them."""
    return _read(DEMO_POLICY if fixture.shop == "demo" else TAU_POLICY)


@cache
def _read(folder: Path) -> YamlPolicy:
    return load_policy(folder)
