"""Who is at the page: a cookie that scripts cannot read, and a word in every form that other sites cannot know."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request, Response

from agent.casework.credentials import SignedIn
from agent.casework.desk.move import Person
from agent.console.parts import ConsoleParts, Parts
from agent.errors import Unauthorized

COOKIE = "postventa_desk"
PATH = "/console"
LASTS = timedelta(hours=10)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Session:
    """A person who has signed in with this browser; ``token`` is what the browser holds."""

    person: Person
    token: str

    @property
    def form_word(self) -> str:
        """What has to come with every form they send."""
        return form_word(self.token)


async def session_of(request: Request, parts: Parts) -> Session:
    """Who has signed in. Raises ``Unauthorized``."""
    token = request.cookies.get(COOKIE, "")
    found = await parts.credentials.signed_in(hash_token(token), parts.services.clock()) if token else None
    if found is None:
        raise Unauthorized("Sign in.")
    role = await role_of(parts, found.shop_id, found.name)
    if role is None:
        raise Unauthorized("Sign in.")
    return Session(Person(found.shop_id, found.name, role), token)


SignedInAs = Annotated[Session, Depends(session_of)]


async def role_of(parts: ConsoleParts, shop_id: str, name: str) -> str | None:
    """The role as it is now, not as it was at sign-in; None for somebody who is not of the desk."""
    people = await parts.services.store.people(shop_id)
    return next((one.role for one in people if one.name == name), None)


async def start_session(parts: ConsoleParts, name: str, request: Request, response: Response) -> None:
    """Sign a person in with a new token, whatever the browser held before."""
    token, now = parts.new_token(), parts.services.clock()
    await parts.credentials.sign_in(SignedIn(hash_token(token), parts.shop_id, name, now + LASTS), now)
    set_cookie(request, response, COOKIE, token)


async def end_session(parts: ConsoleParts, session: Session, response: Response) -> None:
    """Sign out: the session ends here, not only in the browser."""
    await parts.credentials.sign_out(hash_token(session.token))
    response.delete_cookie(COOKIE, path=PATH)


def set_cookie(request: Request, response: Response, name: str, value: str, lasts: timedelta = LASTS) -> None:
    """For these pages only, out of scripts' reach; over HTTPS only, except on this very machine."""
    response.set_cookie(
        name,
        value,
        max_age=round(lasts.total_seconds()),
        path=PATH,
        secure=request.url.hostname not in LOOPBACK,
        httponly=True,
        samesite="strict",
    )


def form_word(token: str) -> str:
    """What shows that a form is from a page that this browser was given."""
    return hmac.new(token.encode(errors="replace"), b"form", hashlib.sha256).hexdigest()


def hash_token(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
