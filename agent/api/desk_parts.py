"""What the desk's routes share: who acts, what they answer with, and requests that come twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from agent.api.auth import Desk as DeskKey
from agent.api.once import IdempotencyKey, answer_once, scoped_key
from agent.api.parts import Parts
from agent.casework.desk.move import Person
from agent.casework.desk.people import Desk
from agent.casework.desk.view import DeskView

Work = Callable[[str | None], Awaitable[Any]]


async def person_of(caller: DeskKey) -> Person:
    """The person behind a ``dk`` key."""
    return Person(caller.shop_id, caller.name or "desk", caller.role or "agent")


async def desk_of(parts: Parts) -> Desk:
    """The moves."""
    return parts.desk


async def view_of(parts: Parts) -> DeskView:
    """The reads."""
    return parts.desk_view


class Once:
    """Does a request's work once, however often it comes with the same ``Idempotency-Key``."""

    def __init__(self, request: Request, caller: DeskKey, parts: Parts, key: IdempotencyKey = None) -> None:
        self._request = request
        self._parts = parts
        self._shop_id = caller.shop_id
        self._key = scoped_key(request, caller, key, None) if key else None

    async def answer(self, work: Work) -> Response:
        """``work`` gets the name under which the request is known, and answers what is JSON-ready."""

        async def respond() -> Response:
            return JSONResponse(await work(self._key))

        return await answer_once(self._parts, self._request, self._shop_id, self._key, respond)


Who = Annotated[Person, Depends(person_of)]
Moves = Annotated[Desk, Depends(desk_of)]
View = Annotated[DeskView, Depends(view_of)]
OnceOnly = Annotated[Once, Depends(Once)]
LocaleQuery = Annotated[
    str | None,
    Query(pattern=r"^(es|en|pt)(-[A-Za-z]{2})?$", description="The language of the one who reads it."),
]
