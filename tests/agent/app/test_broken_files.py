"""A start ends with one sentence that names the file and the key, whichever of the shop's files is broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agent.app.demo import POLICY
from agent.app.selling import open_knowledge, open_policy
from agent.errors import Misconfigured
from agent.settings import Settings
from evals.world import Clock

ARTICLES = Path(__file__).parents[3] / "knowledge" / "articles"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(POLICY, tmp_path / "rules"))


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        ("2026-03-01/figures.yaml", "value: 30, by_category", "value: thirty, by_category", "return_days.value"),
        ("2026-03-01/rules.yaml", "free_days: withdrawal_days", "free_days: withdrawel_days", "books.free_days"),
        ("2025-09-01/rules.yaml", "at_most: {figure: return_days}", "at_most: {figure: [", "rules.yaml"),
    ],
)
def test_a_broken_rule_is_named_by_file_and_key(rules: Path, file: str, before: str, after: str, told: str) -> None:
    path = rules / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(Misconfigured) as refused:
        open_policy(rules)
    assert file in str(refused.value)
    assert told in str(refused.value)


async def test_a_broken_article_is_named_by_file_and_key(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ARTICLES, tmp_path / "articles"))
    path = folder / "es" / "tracking.md"
    path.write_text(path.read_text(encoding="utf-8").replace("audience: shopper", "audience: shoper"), encoding="utf-8")
    settings = Settings(data_dir=tmp_path / "data", articles_dir=folder)
    with pytest.raises(Misconfigured) as refused:
        await open_knowledge(settings, open_policy(POLICY), Clock())
    assert "es/tracking.md" in str(refused.value)
    assert "audience" in str(refused.value)
