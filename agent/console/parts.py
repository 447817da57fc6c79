"""What the desk's pages are given by the composition root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from agent.casework.attachments import AttachmentStore
from agent.casework.credentials import CredentialStore
from agent.casework.desk.people import Desk
from agent.casework.desk.ports import Colleague
from agent.casework.desk.view import DeskView
from agent.casework.front import Services
from agent.casework.ports import Store
from agent.console.passwords import USUAL, Cost
from tools.shop.port import Shop

AsCase = Callable[[Store, str, str, Shop], Awaitable[tuple[str, str]]]
"""Writes a shop's conversation as a test case: a file's name and its text. Raises ``LookupError``."""


@dataclass(frozen=True, slots=True)
class ConsoleParts:
    """``demo_people`` are those one may sign in as with a click, in the demo on loopback; nobody everywhere else.

    ``new_token`` makes what a browser is known by; ``cost`` is that of hashing a password. ``mails_links`` is whether people
    may come in by a link that is mailed, and ``address`` where it leads, such as ``https://support.example.com``; without
    one it leads to this very machine, for whoever is there. Without ``as_case`` no conversation can be saved as a test case.
    """

    services: Services
    desk: Desk
    view: DeskView
    credentials: CredentialStore
    attachments: AttachmentStore
    shop_id: str
    new_token: Callable[[], str]
    demo_people: tuple[Colleague, ...] = ()
    cost: Cost = USUAL
    mails_links: bool = False
    address: str = ""
    as_case: AsCase | None = None


async def console_parts(request: Request) -> ConsoleParts:
    """The parts of the application that serves this request."""
    parts: ConsoleParts = request.app.state.console
    return parts


Parts = Annotated[ConsoleParts, Depends(console_parts)]
