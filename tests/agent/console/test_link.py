"""Coming in by a link that is mailed: once, for a quarter of an hour, and without telling anybody who is of the desk."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI

from agent.app.demo import SHOP_ID
from agent.casework.credentials import Credential
from agent.casework.desk.ports import Presence
from agent.console.build import add_console
from agent.console.passwords import hash_password
from agent.console.routes.link import ASKED_FOR_ONE, LASTS
from agent.console.sessions import COOKIE, hash_token
from agent.store.mail import MemoryMail, StoredMail
from tests.agent.console.conftest import CHEAP, PASSWORD, Browser, Pages

ADDRESS = "alma@shop.example"


@pytest.fixture
async def post(pages: Pages) -> MemoryMail:
    """Where mails of the desk arrive. Alma has an address; Bruno has none."""
    mail = MemoryMail()
    await pages.parts.credentials.put(Credential(SHOP_ID, "Alma", await hash_password(PASSWORD, CHEAP), ADDRESS))
    rebuild(pages, mails_links=True, address="https://desk.example", services=replace(pages.parts.services, mail=mail))
    return mail


def rebuild(pages: Pages, **changes: object) -> None:
    pages.parts = replace(pages.parts, **changes)  # type: ignore[arg-type]
    pages.app = FastAPI()
    add_console(pages.app, pages.parts)


async def asked(browser: Browser, email: str = ADDRESS, **headers: str) -> tuple[int, str]:
    """Ask for a link; what is answered, without what is new on every page."""
    await browser.get("/console/sign-in", headers=headers)
    response = await browser.post("/console/link", email=email, headers=headers)
    return response.status_code, re.sub(r'value="[0-9a-f]{64}"', "", response.text)


def key_in(mail: StoredMail) -> str:
    found = re.search(r"https://\S+", mail.text)
    assert found
    link = urlsplit(found[0])
    assert f"{link.scheme}://{link.netloc}{link.path}" == "https://desk.example/console/enter"
    return parse_qs(link.query)["key"][0]


async def use(browser: Browser, key: str) -> tuple[int, str]:
    await browser.get(f"/console/enter?key={key}")
    response = await browser.post("/console/enter", key=key)
    return response.status_code, response.url.path


async def test_a_link_that_is_mailed_opens_the_desk_once(pages: Pages, post: MemoryMail) -> None:
    status, answer = await asked(pages.browse(), "Alma@Shop.example")
    assert status == 200
    assert "le llega un enlace" in answer
    (mail,) = await post.read_outbox(SHOP_ID)
    assert mail.to == ADDRESS
    assert "Alma" in mail.text
    browser = pages.browse()
    assert await use(browser, key_in(mail)) == (200, "/console")
    people = {one.name: one.status for one in await pages.world.services.store.people(SHOP_ID)}
    assert people["Alma"] is Presence.ONLINE
    again = pages.browse()
    assert (await use(again, key_in(mail)))[0] == 401
    assert COOKIE not in again.http.cookies


async def test_looking_at_a_link_does_not_use_it_up(pages: Pages, post: MemoryMail) -> None:
    """Programs that look through mails open every address in them."""
    await asked(pages.browse())
    key = key_in((await post.read_outbox(SHOP_ID))[0])
    for _ in range(3):
        seen = await pages.browse("10.0.0.7").get(f"/console/enter?key={key}")
        assert seen.status_code == 200
        assert "Alma" not in seen.text
    assert await use(pages.browse(), key) == (200, "/console")


async def test_a_link_runs_out(pages: Pages, post: MemoryMail) -> None:
    await asked(pages.browse())
    pages.world.clock.now += LASTS - timedelta(seconds=1)
    await asked(pages.browse())
    older, newer = (key_in(one) for one in reversed(await post.read_outbox(SHOP_ID)))
    assert (await use(pages.browse(), older))[0] == 401, "a newer one takes its place"
    pages.world.clock.now += LASTS
    refused = pages.browse()
    await refused.get(f"/console/enter?key={newer}")
    response = await refused.post("/console/enter", key=newer)
    assert response.status_code == 401
    assert "ya se usó o venció" in response.text


async def test_only_the_hash_of_a_link_is_kept(pages: Pages, post: MemoryMail) -> None:
    await asked(pages.browse())
    key = key_in((await post.read_outbox(SHOP_ID))[0])
    assert await pages.parts.credentials.redeem(key, pages.world.clock()) is None
    assert await pages.parts.credentials.redeem(hash_token(key), pages.world.clock()) is not None


async def test_whoever_asks_is_told_the_same_whether_there_is_such_a_person(pages: Pages, post: MemoryMail) -> None:
    known = await asked(pages.browse())
    unknown = await asked(pages.browse(), "nadie@shop.example")
    assert known == unknown
    assert len(await post.read_outbox(SHOP_ID)) == 1
    limits = []
    for email in (ADDRESS, "nadie@shop.example"):
        answers = [(await asked(pages.browse(f"10.0.1.{n}"), email))[0] for n in range(ASKED_FOR_ONE)]
        limits.append(answers)
    assert limits == [[200] * (ASKED_FOR_ONE - 1) + [429]] * 2


async def test_a_mail_that_does_not_leave_tells_nobody_either(pages: Pages, post: MemoryMail) -> None:
    known = await asked(pages.browse())

    @dataclass
    class NoMail:
        tried: list[str] = field(default_factory=list)

        async def send(self, shop_id: str, to: str, subject: str, text: str, now: datetime, *, about: str = "") -> None:
            self.tried.append(to)
            raise OSError("no route")

    none = NoMail()
    rebuild(pages, services=replace(pages.parts.services, mail=none))
    assert await asked(pages.browse()) == known
    assert none.tried == [ADDRESS]


async def test_one_place_cannot_ask_for_everybody(pages: Pages, post: MemoryMail) -> None:
    browser = pages.browse("10.0.0.9")
    answers = [(await asked(browser, f"p{n}@shop.example"))[0] for n in range(12)]
    assert 429 in answers
    assert (await asked(pages.browse("10.0.0.10")))[0] == 200


async def test_a_form_of_another_site_is_refused(pages: Pages, post: MemoryMail) -> None:
    browser = pages.browse()
    await browser.get("/console/sign-in")
    assert (await browser.http.post("/console/link", data={"email": ADDRESS})).status_code == 403
    assert (await browser.http.post("/console/enter", data={"key": "x"})).status_code == 403
    across = {"sec-fetch-site": "cross-site"}
    assert (await browser.post("/console/link", headers=across, email=ADDRESS)).status_code == 403
    assert await post.read_outbox(SHOP_ID) == []


async def test_somebody_without_a_password_comes_in_by_link_alone(pages: Pages, post: MemoryMail) -> None:
    await pages.parts.credentials.put(Credential(SHOP_ID, "Bruno", "", "bruno@shop.example"))
    for password in ("", "x", PASSWORD):
        assert (await pages.browse().sign_in("Bruno", password)).status_code in (401, 422)
    await asked(pages.browse(), "bruno@shop.example")
    assert await use(pages.browse(), key_in((await post.read_outbox(SHOP_ID))[0])) == (200, "/console")


async def test_where_no_mail_leaves_no_link_is_offered(pages: Pages, post: MemoryMail) -> None:
    rebuild(pages, mails_links=False)
    browser = pages.browse()
    assert "/console/link" not in (await browser.get("/console/sign-in")).text
    assert (await browser.post("/console/link", email=ADDRESS)).status_code == 404


async def test_a_link_never_leads_where_a_request_says_it_was_sent(pages: Pages, post: MemoryMail) -> None:
    """Without an address of its own, the service mails links to whoever sits at this machine, and to nobody else."""
    rebuild(pages, address="")
    elsewhere = pages.browse("10.0.0.9", base="https://evil.example")
    assert "/console/link" not in (await elsewhere.get("/console/sign-in")).text
    assert (await elsewhere.post("/console/link", email=ADDRESS)).status_code == 404
    assert (await asked(pages.browse()))[0] == 200
    assert "http://127.0.0.1/console/enter?key=" in (await post.read_outbox(SHOP_ID))[0].text


@pytest.mark.parametrize(
    ("language", "told", "subject"),
    [
        ("es", "Sirve una vez", "Tu enlace para entrar a la mesa"),
        ("en", "It works once", "Your link to the desk"),
        ("pt", "Vale uma vez", "Seu link para entrar na mesa"),
    ],
)
async def test_it_is_said_in_the_reader_s_language(
    pages: Pages, post: MemoryMail, language: str, told: str, subject: str
) -> None:
    _, answer = await asked(pages.browse(), **{"accept-language": language})
    assert told in answer
    (mail,) = await post.read_outbox(SHOP_ID)
    assert mail.subject.startswith(subject)
    assert "15" in mail.text
