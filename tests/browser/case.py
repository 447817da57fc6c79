"""A person at the demo's desk, by the desk's API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import APIResponse, Page

KEY = {"Authorization": "Bearer dk_demo_agent"}


@dataclass(frozen=True)
class Case:
    """A case, and what Alma does with it."""

    page: Page
    path: str

    def claim(self) -> None:
        """Take it."""
        self._do("claim")

    def write(self, text: str) -> None:
        """Say this to the shopper."""
        self._do("messages", text=text)

    def type(self) -> None:
        """Be seen to type."""
        self._do("typing")

    def give_back(self) -> None:
        """Let the agent go on."""
        self._do("return", notes="listo")

    def resolve(self) -> None:
        """Done."""
        self._do("resolve", outcome="solved", notes="listo")

    def _do(self, move: str, **given: Any) -> None:
        answer: APIResponse = self.page.request.post(f"{self.path}/{move}", headers=KEY, data=given or None)
        assert answer.ok, answer.text()


def newest_case(page: Page, address: str = "") -> Case:
    """The case that the shopper on this page has just been queued with."""
    there = page.request.put(f"{address}/v1/desk/presence", headers=KEY, data={"status": "online", "capacity": 20})
    assert there.ok, "what other tests have left with Alma is no reason to have no seat"
    cases = page.request.get(f"{address}/v1/desk/handoffs?status=queued", headers=KEY).json()["handoffs"]
    newest = max(cases, key=lambda one: str(one["created_at"]))
    return Case(page, f"{address}/v1/desk/handoffs/{newest['id']}")
