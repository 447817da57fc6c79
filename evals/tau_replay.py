"""Is the order system complete and right? The benchmark's reference actions, through our tools, from words to rows.

Each task has a fresh copy of the shop. The customer proves who they are, every write is a tool call that becomes a
proposal, the proposal is stored, read back, confirmed and carried out, and what then differs from the import has to
be exactly what the benchmark's own environment changes, in cents; also where a reference action fails there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from evals.tau_calls import translate
from evals.tau_shop import TauShop
from evals.tau_tasks import Action, Task
from knowledge.port import Passage
from tools.calling import call
from tools.errors import ToolFailure
from tools.execution import carry_out
from tools.policy.port import Policy
from tools.proposals import proposal_from_json, proposal_to_json
from tools.refusals import Refusal
from tools.retrying import Retry
from tools.scope import Scope
from tools.shop.models import Customer, CustomerId
from tools.shop.port import Shop


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a task: ``changed`` against ``expected`` rows, and the answer to each write in turn."""

    task_id: str
    answers: tuple[str, ...]
    changed: Mapping[str, Any] = field(repr=False)
    expected: Mapping[str, Any] = field(repr=False)

    @property
    def matches(self) -> bool:
        """Whether exactly the expected rows changed, to exactly the expected values, in cents."""
        return bool(in_cents(self.changed) == in_cents(self.expected))


async def replay(tasks: Sequence[Task], shop: TauShop, policy: Policy, now: datetime, folder: Path) -> list[Result]:
    """Replay the tasks one after the other, with copies of the shop in ``folder``."""
    return [await replay_task(task, n, shop, policy, now, folder / "copy.db") for n, task in enumerate(tasks)]


async def replay_task(task: Task, nth: int, tau: TauShop, policy: Policy, now: datetime, file: Path) -> Result:
    """Replay one task. Every second customer proves who they are by e-mail, the others by name and postal code."""
    if not task.writes or task.user_id is None:
        return Result(task.id, (), {}, task.changed)
    async with tau.copied(file) as shop:
        scope = make_scope(shop, policy, now)
        customer = await shop.customer(CustomerId(task.user_id))
        if customer is None:
            raise LookupError(task.user_id)
        await call("verify_order", prove(customer, by_email=nth % 2 == 1), scope)
        answers = [await act(action, scope) for action in task.writes]
        return Result(task.id, tuple(answers), await tau.changed(shop, file), task.changed)


async def act(action: Action, scope: Scope) -> str:
    """Propose, store, confirm and carry out one reference action: ``done``, or the code of what stood in its way."""
    try:
        number = action.arguments.get("order_id")
        lines = (await call("get_order", {"number": number}, scope))["lines"] if number else ()
        answer = await call(*translate(action, lines), scope)
    except ToolFailure as failure:
        return failure.code
    if answer["status"] != "awaiting_confirmation":
        return str(answer["code"])
    proposal = proposal_from_json(proposal_to_json(scope.proposals[-1]))
    try:
        await carry_out(
            proposal, shop=scope.shop, policy=scope.policy, identity=scope.identity, now=scope.now, retry=Retry()
        )
    except Refusal as refusal:
        return refusal.code
    return "done"


def prove(customer: Customer, *, by_email: bool) -> dict[str, str]:
    """What that customer says to show who they are."""
    if by_email:
        return {"email": customer.email}
    code = customer.address.postal_code
    return {"first_name": customer.first_name, "last_name": customer.last_name, "postal_code": code}


def make_scope(shop: Shop, policy: Policy, now: datetime) -> Scope:
    """A scope for one replayed conversation: no articles, no codes, no limit on tries."""
    return Scope(
        shop=shop,
        policy=policy,
        knowledge=NoKnowledge(),
        codes=NoCodes(),
        attempts=AllAttempts(),
        now=now,
        language="en",
        new_id=_numbered(),
    )


def in_cents(value: Any) -> Any:
    """The same rows with every amount rounded to whole cents, mappings without regard to order."""
    if isinstance(value, float):
        return round(value, 2)
    if isinstance(value, Mapping):
        return {key: in_cents(item) for key, item in value.items()}
    return [in_cents(item) for item in value] if isinstance(value, (list, tuple)) else value


class NoKnowledge:
    """A help centre without articles."""

    async def search(self, text: str, language: str, limit: int = 3) -> Sequence[Passage]:
        """Nothing."""
        del text, language, limit
        return ()

    async def topic(self, topic: str, language: str) -> Passage | None:
        """Nothing."""
        del topic, language
        return None


class NoCodes:
    """Nobody to send a code to."""

    async def send(self, customer_id: CustomerId) -> str | None:
        """Never sent."""
        del customer_id
        return None

    async def check(self, customer_id: CustomerId, code: str) -> bool:
        """Never right."""
        del customer_id, code
        return False


class AllAttempts:
    """No limit: a replay tries once."""

    async def allow(self, number: str) -> bool:
        """Always."""
        del number
        return True


def _numbered() -> Callable[[str], str]:
    numbers = count(1)
    return lambda prefix: f"{prefix}_{next(numbers)}"
