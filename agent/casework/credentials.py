"""Who may sign in at the desk's pages, and who has: passwords and sessions, both kept as hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Credential:
    """A person's name, as it is shown, and the hash of their password."""

    shop_id: str
    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session: whose it is and when it ends. ``token_hash`` is the SHA-256 (hex) of what the browser holds."""

    token_hash: str
    shop_id: str
    name: str
    until: datetime


class CredentialStore(Protocol):
    """Passwords and sessions. Names are one person's however they are capitalised."""

    async def put(self, credential: Credential) -> None:
        """Keep a person's password, or change it: with a change all their sessions end."""
        ...

    async def find(self, shop_id: str, name: str) -> Credential | None:
        """The person of that name."""
        ...

    async def remove(self, shop_id: str, name: str) -> bool:
        """Forget a person's password and end their sessions; false when there is no such person."""
        ...

    async def sign_in(self, session: SignedIn, now: datetime) -> None:
        """Keep a session; those that have run out are deleted."""
        ...

    async def signed_in(self, token_hash: str, now: datetime) -> SignedIn | None:
        """The session, unless it has ended."""
        ...

    async def sign_out(self, token_hash: str) -> None:
        """End a session."""
        ...
