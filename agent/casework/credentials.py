"""Who may sign in at the desk's pages, and who has: passwords, mailed links and sessions, all kept as hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Credential:
    """A person's name, as it is shown, the hash of their password, and where links are mailed to, in lower case.

    Either may be empty: whoever has no password comes in by a link, and whoever has no address by a password.
    """

    shop_id: str
    name: str
    digest: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A link that lets one person in, once, until then. ``token_hash`` is the SHA-256 (hex) of what the mail holds."""

    token_hash: str
    shop_id: str
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session: whose it is and when it ends. ``token_hash`` is the SHA-256 (hex) of what the browser holds."""

    token_hash: str
    shop_id: str
    name: str
    until: datetime


class CredentialStore(Protocol):
    """Passwords, links and sessions. Names are one person's however they are capitalised."""

    async def put(self, credential: Credential) -> None:
        """Keep a person's password and address, or change them: with a change all their sessions and links end."""
        ...

    async def find(self, shop_id: str, name: str) -> Credential | None:
        """The person of that name."""
        ...

    async def find_by_email(self, shop_id: str, email: str) -> Credential | None:
        """The person whose links go there; nobody's is the empty address."""
        ...

    async def offer(self, link: SignInLink, now: datetime) -> None:
        """Keep a link. It is the only one of that person from now on; those that have run out are deleted."""
        ...

    async def redeem(self, token_hash: str, now: datetime) -> SignInLink | None:
        """The link, unless it has run out; whoever asks next gets nothing, however close behind."""
        ...

    async def remove(self, shop_id: str, name: str) -> bool:
        """Forget a person and end their sessions and links; false when there is no such person."""
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
