"""The tau tasks told by a scripted shopper to the whole service on the imported shop: how many end as they should."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from agent.app.assembly import assemble
from agent.app.storing import open_storing
from agent.casework.front import Services, Storefront
from agent.casework.opening import open_conversation
from agent.casework.receiving import Move, Reception
from agent.conversation import ConversationId, Json, TurnKind
from agent.settings import Settings
from agent.store.mail import MemoryMail
from agent.store.memory_store import MemoryStore
from evals.tau_goals import goal_of
from evals.tau_replay import in_cents
from evals.tau_shop import SHOP_ID, TauShop
from evals.tau_shopper import Shopper, Word
from evals.tau_tasks import Task
from evals.world import Library
from tools.policy.port import Policy


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a task: whether the rows are right, why not, and what was said."""

    task_id: str
    kinds: tuple[str, ...]
    right: bool
    why: str
    lines: tuple[tuple[str, str], ...]


async def tell(
    tasks: Sequence[Task], shop: TauShop, policy: Policy, library: Library, now: datetime, folder: Path
) -> list[Told]:
    """Tell every task with a write, each to a service of its own."""
    written = [task for task in tasks if task.writes]
    return [await tell_task(task, nth, shop, policy, library, now, folder) for nth, task in enumerate(written)]


async def tell_task(
    task: Task, nth: int, tau: TauShop, policy: Policy, library: Library, now: datetime, folder: Path
) -> Told:
    """Tell one task. Every second shopper proves who they are by e-mail, the others by name and postal code."""
    shopper = _shopper(task, tau, by_email=nth % 2 == 1)
    lines: list[tuple[str, str]] = []
    async with open_talk(tau, policy, library, now, folder) as talk:
        word: Word | None = shopper.begin()
        while word is not None:
            turn = await talk.hear(word)
            lines.append((word.text or f"[{word.button}]", str((turn["reply"] or {}).get("text", ""))))
            word = shopper.answer(turn)
        changed = await talk.changed()
    right = bool(in_cents(changed) == in_cents(task.changed))
    why = "" if right else shopper.miss or f"other rows: {changed}"
    return Told(task.id, tuple(goal.kind for goal in shopper.goals), right, why, tuple(lines))


def _shopper(task: Task, tau: TauShop, *, by_email: bool) -> Shopper:
    customer = next(one for one in tau.data.customers if one.id == task.user_id)
    orders = {str(one.number): one for one in tau.data.orders if one.customer_id == customer.id}
    products = {str(one.id): one for one in tau.data.products}
    goals = tuple(goal_of(action, customer, orders, products) for action in task.writes)
    return Shopper(customer, goals, by_email)


@dataclass(frozen=True, slots=True)
class TauTalk:
    """A conversation with a service of its own on a copy of the shop."""

    services: Services
    reception: Reception
    conversation_id: ConversationId
    changed: Callable[[], Awaitable[Any]]
    """The rows that differ from the shop's first state."""

    async def hear(self, word: Word) -> Json:
        """The stored answer to a word. Raises ``LookupError``."""
        found = await self.services.store.find(SHOP_ID, self.conversation_id)
        if found is None:
            raise LookupError(self.conversation_id)
        kind = word.button or TurnKind.MESSAGE
        return await self.reception.receive(found[0], Move(kind, text=word.text, action_id=word.action_id))


@asynccontextmanager
async def open_talk(
    tau: TauShop, policy: Policy, library: Library, now: datetime, folder: Path
) -> AsyncIterator[TauTalk]:
    """Open both, in ``folder``; they are closed with the context."""
    file = folder / "told.db"
    async with AsyncExitStack() as stack:
        shop = await stack.enter_async_context(tau.copied(file))
        front = Storefront(SHOP_ID, "the shop", shop, policy, library.knowledge, "en")
        services, reception = await _open_service(front, library, now, folder, stack)
        opened = await open_conversation(services, SHOP_ID, locale="en")
        yield TauTalk(services, reception, opened.conversation.id, lambda: tau.changed(shop, file))


async def _open_service(
    front: Storefront, library: Library, now: datetime, folder: Path, stack: AsyncExitStack
) -> tuple[Services, Reception]:
    """A service of its own on that shop, closed with the stack."""
    minted = count(1)
    settings = Settings(data_dir=folder / "service", shop_id=SHOP_ID, shop_secret="tau")  # type: ignore[arg-type]
    shutil.rmtree(settings.data_dir, ignore_errors=True)
    settings.data_dir.mkdir(parents=True)
    storing = replace(await open_storing(settings, stack), mail=MemoryMail(), store=MemoryStore())
    parts = await assemble(
        settings,
        stack,
        clock=lambda: now,
        new_id=lambda kind: f"{kind}_{next(minted)}",
        storefronts={SHOP_ID: front},
        storing=storing,
        thinking=library.thinking,
    )
    return parts.services, parts.reception
