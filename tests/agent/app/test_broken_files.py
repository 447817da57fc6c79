"""A start ends with one sentence that names the file and the key, whichever of the shop's files is broken."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from agent.__main__ import main
from agent.app.demo import POLICY
from agent.app.importing import open_shop_engine
from agent.app.selling import open_knowledge, open_policy
from agent.errors import Misconfigured
from agent.settings import Settings
from evals.world import Clock
from tools.shop.demo import demo_shop
from tools.shop.sql import SqlShop

ARTICLES = Path(__file__).parents[3] / "knowledge" / "articles"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(POLICY, tmp_path / "rules"))


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ARTICLES, tmp_path / "articles"))


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        ("2026-03-01/figures.yaml", "value: 30, by_category", "value: thirty, by_category", "return_days.value"),
        ("2026-03-01/rules.yaml", "free_days: withdrawal_days", "free_days: withdrawel_days", "books.free_days"),
        ("2025-09-01/rules.yaml", "at_most: {figure: return_days}", "at_most: {figure: [", "rules.yaml"),
    ],
)
def test_a_broken_rule_is_named_by_file_and_key(rules: Path, file: str, before: str, after: str, told: str) -> None:
    edit(rules / file, before, after)
    with pytest.raises(Misconfigured) as refused:
        open_policy(rules)
    assert file in str(refused.value)
    assert told in str(refused.value)


BROKEN = [("topic: tracking", "topic: trackin", "topic"), ("audience: shopper", "audience: shoper", "audience")]


@pytest.mark.parametrize(("before", "after", "key"), BROKEN)
async def test_a_broken_article_is_named_by_file_and_key(articles: Path, before: str, after: str, key: str) -> None:
    edit(articles / "es" / "tracking.md", before, after)
    settings = Settings(data_dir=articles.parent / "data", articles_dir=articles)
    with pytest.raises(Misconfigured) as refused:
        await open_knowledge(settings, open_policy(POLICY), Clock())
    assert "es/tracking.md" in str(refused.value)
    assert f"{key}: " in str(refused.value)


async def test_an_index_made_before_does_not_hide_an_article_broken_since(
    library: object, library_folder: Path, articles: Path
) -> None:
    shutil.copytree(library_folder / "index", articles.parent / "data" / "index")
    edit(articles / "pt" / "care.md", "audience: shopper", "audience: shoper")
    with pytest.raises(Misconfigured, match=r"pt/care\.md:\d+: audience"):
        await open_knowledge(
            Settings(data_dir=articles.parent / "data", articles_dir=articles), open_policy(POLICY), Clock()
        )


def test_an_ingest_of_a_broken_article_says_so_in_one_line(
    articles: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(articles / "es" / "tracking.md", "audience: shopper", "audience: shoper")
    monkeypatch.setenv("POSTVENTA_DATA_DIR", str(articles.parent / "data"))
    monkeypatch.setattr("sys.argv", ["postventa", "ingest", str(articles)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("postventa: articles: es/tracking.md:")
    assert "Traceback" not in said


@pytest.fixture
def shop(library: object, library_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a shop on it, all learnt and indexed."""
    shutil.copytree(library_folder, tmp_path / "data", ignore=shutil.ignore_patterns("*.db*"))
    monkeypatch.setenv("POSTVENTA_DATA_DIR", str(tmp_path / "data"))

    async def sell() -> None:
        settings = Settings(data_dir=tmp_path / "data")
        async with AsyncExitStack() as stack:
            await SqlShop(await open_shop_engine(settings, stack), settings.shop_id).load(demo_shop(Clock()()))

    asyncio.run(sell())


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("POSTVENTA_DATABASE_URL", "postgresql://nobody:hunter2@127.0.0.1:1/nowhere", "POSTVENTA_DATABASE_URL: "),
        (
            "POSTVENTA_SHOP_DATABASE_URL",
            "postgresql://nobody:hunter2@127.0.0.1:1/nowhere",
            "POSTVENTA_SHOP_DATABASE_URL: ",
        ),
        ("POSTVENTA_REDIS_URL", "hunter2://127.0.0.1", "POSTVENTA_REDIS_URL: "),
        ("POSTVENTA_CHROMA_URL", "http://127.0.0.1:1", "POSTVENTA_CHROMA_URL: "),
        ("POSTVENTA_DATA_DIR", "/dev/null/data", "POSTVENTA_DATA_DIR: "),
        ("POSTVENTA_ARTICLES_DIR", "/dev/null/articles", "/dev/null/articles"),
        ("POSTVENTA_POLICY_DIR", "/dev/null/rules", "/dev/null/rules"),
    ],
)
def test_a_start_that_cannot_reach_what_a_setting_names_says_which_in_one_line(
    shop: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], setting: str, value: str, told: str
) -> None:
    monkeypatch.setenv("POSTVENTA_SHOP_SECRET", "a secret of this test")
    monkeypatch.setenv(setting, value)
    monkeypatch.setattr("sys.argv", ["postventa", "serve"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("postventa: ")
    assert told in said
    assert "hunter2" not in said
    assert "Traceback" not in said


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
