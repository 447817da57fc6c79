"""The desk's pages on a whole service, and browsers without a screen."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from agent.app.demo import SHOP_ID
from agent.casework.credentials import Credential
from agent.casework.desk.move import Person
from agent.casework.desk.ports import Colleague
from agent.console.build import add_console
from agent.console.parts import ConsoleParts
from agent.console.passwords import Cost, hash_password
from agent.store.attachments import MemoryAttachments
from agent.store.credentials import MemoryCredentialStore
from evals.world import FRIDAY_AFTERNOON, World, open_world

CHEAP = Cost(n=2, r=8, p=1)
NOW_AT_DESK = FRIDAY_AFTERNOON
PASSWORD = "una clave muy larga"
ALMA, BRUNO = Person(SHOP_ID, "Alma"), Person(SHOP_ID, "Bruno", "lead")


@dataclass
class Browser:
    """Keeps cookies, follows links, and sends back the words that forms carry."""

    http: httpx2.AsyncClient
    word: str = ""

    async def get(self, path: str, **options: Any) -> httpx2.Response:
        response = await self.http.get(path, **options)
        found = re.search(r'name="form" value="([0-9a-f]+)"', response.text)
        self.word = found[1] if found else self.word
        return response

    async def post(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> httpx2.Response:
        return await self.http.post(path, data={"form": self.word, **fields}, headers=headers)

    async def sign_in(self, name: str, password: str = PASSWORD) -> httpx2.Response:
        await self.get("/console/sign-in")
        response = await self.post("/console/sign-in", name=name, password=password)
        found = re.search(r'name="form" value="([0-9a-f]+)"', response.text)
        self.word = found[1] if found else ""
        return response


@dataclass
class Pages:
    """A service with the desk's pages. ``browse`` opens one more browser, from the address given."""

    world: World
    parts: ConsoleParts
    app: FastAPI
    opened: list[httpx2.AsyncClient] = field(default_factory=list)

    def browse(self, address: str = "127.0.0.1", base: str = "http://127.0.0.1") -> Browser:
        http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.app, client=(address, 50000)),
            base_url=base,
            follow_redirects=True,
            headers={"accept-language": "es"},
        )
        self.opened.append(http)
        return Browser(http)

    async def at_desk(self, name: str) -> Browser:
        browser = self.browse()
        response = await browser.sign_in(name)
        assert response.url.path == "/console", response.text
        return browser

    async def handed_over(self, *lines: str, customer: str = "lucia-hernandez") -> str:
        """The id of a new case, after these lines and a request for a person."""
        talk = await self.world.open(customer)
        for line in (*lines, "quiero hablar con una persona"):
            await talk.say(line)
        handoff = (await talk.file()).open_handoff
        assert handoff is not None
        return handoff.id


@pytest.fixture
async def pages(library: Any, tmp_path: Path) -> AsyncIterator[Pages]:
    async with open_world(library, tmp_path) as world:
        minted = count(1)
        credentials = MemoryCredentialStore()
        parts = ConsoleParts(
            services=world.services,
            desk=world.parts.desk,
            view=world.parts.desk_view,
            credentials=credentials,
            attachments=MemoryAttachments(),
            shop_id=SHOP_ID,
            new_token=lambda: f"token-{next(minted)}",
            cost=CHEAP,
        )
        for person in (ALMA, BRUNO):
            await world.services.store.put_person(SHOP_ID, Colleague(person.name, person.role))
            digest = await hash_password(PASSWORD, CHEAP)
            await credentials.put(Credential(SHOP_ID, person.name, digest))
        app = FastAPI()
        add_console(app, parts)
        opened = Pages(world, parts, app)
        yield opened
        for http in opened.opened:
            await http.aclose()


@pytest.fixture
def text_of() -> Callable[[str], str]:
    """What a person reads on a page."""

    def read(page: str) -> str:
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())

    return read
