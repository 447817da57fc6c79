"""Puts the shop together: its order system, its rules and its articles."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from agent.app.importing import open_shop_engine
from agent.casework.front import Clock, Storefront
from agent.errors import Misconfigured
from agent.settings import Settings
from knowledge.port import Knowledge
from tools.policy.engine import YamlPolicy
from tools.policy.loader import load_policy
from tools.policy.localised import localised_figures
from tools.policy.refusal import PolicyRefused
from tools.shop.linked import LinkedShop
from tools.shop.links import PageLinks
from tools.shop.sql import SqlShop

if TYPE_CHECKING:
    from knowledge.search import KnowledgeSearch

LOOPBACK = ("127.0.0.1", "localhost")
LANGUAGES = ("es", "en", "pt")


async def open_storefront(settings: Settings, shop_id: str, clock: Clock, stack: AsyncExitStack) -> Storefront:
    """The shop that was imported into the shop database. Raises ``Misconfigured`` when there is none."""
    policy = open_policy(settings.policy_dir)
    shop = await open_shop(settings, shop_id, stack)
    if shop is None:
        raise Misconfigured(f"shop {shop_id!r}: nothing imported yet; see 'postventa shop import --help'")
    knowledge = await open_knowledge(settings, policy, clock, stack)
    linked = LinkedShop(shop, page_links(settings, shop_id, settings.shop_secret.get_secret_value()))
    language, page = settings.shop_language, settings.storefront_url
    return Storefront(shop_id, settings.shop_name, linked, policy, knowledge, language, page)


def page_links(settings: Settings, shop_id: str, secret: str) -> PageLinks:
    """The links to a shop's own pages about an order, on the address under which shoppers reach the service.

    Without a setting that is this machine, when the port is known; on any other host links stay paths.
    """
    here = f"http://{settings.host}:{settings.port}" if settings.port and settings.host in LOOPBACK else ""
    return PageLinks(shop_id, secret, settings.public_url.rstrip("/") or here)


async def open_shop(settings: Settings, shop_id: str, stack: AsyncExitStack) -> SqlShop | None:
    """The order system's SQL adapter; none when this shop was never loaded."""
    return await SqlShop.open(await open_shop_engine(settings, stack), shop_id)


def open_policy(folder: Path) -> YamlPolicy:
    """The rules. Raises ``Misconfigured`` naming file and key."""
    try:
        return load_policy(folder)
    except PolicyRefused as refused:
        raise Misconfigured(str(refused)) from refused


async def open_knowledge(
    settings: Settings, policy: YamlPolicy, clock: Clock, stack: AsyncExitStack | None = None
) -> Knowledge:
    """The articles with this policy's figures in them; ingested when they changed.

    The module is imported here and in a thread: it takes Chroma with it, a second or two. With a ``stack``, embeddings that are
    set and missing are made in the background until it closes.
    """
    figures = figures_of(policy)

    def build() -> KnowledgeSearch:
        module = importlib.import_module("knowledge.build")
        found: KnowledgeSearch = module.build_knowledge(
            settings.data_dir, settings.articles_dir, figures, clock, settings.chroma_url or None
        )
        return found

    try:
        search = await asyncio.to_thread(build)
    except (ValueError, ConnectionError) as refused:
        raise _articles_refused(refused) from refused
    if settings.embeddings and stack is not None:
        await importlib.import_module("agent.app.meaning").add_meaning(search, settings, stack)
    return search


def ingest_articles(settings: Settings, folder: Path) -> str:
    """Bring the index up to date with the folder; what that took, in a line. Raises ``Misconfigured``, the old index untouched."""
    figures = figures_of(open_policy(settings.policy_dir))
    try:
        update = importlib.import_module("knowledge.build").update_index
        done = update(settings.data_dir, folder, figures, settings.chroma_url or None)
    except (ValueError, ConnectionError) as refused:
        raise _articles_refused(refused) from refused
    return f"added {done.added}, changed {done.changed}, removed {done.removed}, unchanged {done.unchanged}"


def _articles_refused(refused: Exception) -> Misconfigured:
    """The article, its line and key; or the server that does not answer."""
    where = "POSTVENTA_CHROMA_URL" if isinstance(refused, ConnectionError) else "articles"
    return Misconfigured(f"{where}: {refused}")


def figures_of(policy: YamlPolicy) -> dict[str, Mapping[str, str]]:
    """The policy's figures as the articles of each language write them."""
    return {language: localised_figures(policy, language) for language in LANGUAGES}
