from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI

from agent.app.demo import SHOP_ID
from agent.casework.credentials import Credential
from agent.casework.desk.ports import Colleague, Presence
from agent.console.build import add_console
from agent.console.passwords import hash_password
from agent.console.routes.door import TRIES
from agent.console.sessions import COOKIE, LASTS, hash_token
from tests.agent.console.conftest import CHEAP, PASSWORD, Pages


async def test_whoever_is_not_signed_in_is_sent_to_the_door(pages: Pages) -> None:
    for path in ("/console", "/console/cases/hnd_1", "/console/live", "/console/exceptions", "/console/stream"):
        response = await pages.browse().get(path)
        assert response.url.path == "/console/sign-in"


async def test_a_name_and_its_password_open_the_desk(pages: Pages) -> None:
    browser = pages.browse()
    response = await browser.sign_in("alma")
    assert response.url.path == "/console"
    people = {one.name: one.status for one in await pages.world.services.store.people(SHOP_ID)}
    assert people["Alma"] is Presence.ONLINE


@pytest.mark.parametrize(("name", "password"), [("Alma", "otra clave larga"), ("Nadie", PASSWORD)])
async def test_a_wrong_name_and_a_wrong_password_are_told_alike(pages: Pages, name: str, password: str) -> None:
    browser = pages.browse()
    response = await browser.sign_in(name, password)
    assert response.status_code == 401
    assert "Nombre o contraseña incorrectos." in response.text
    assert COOKIE not in browser.http.cookies


async def test_guessing_is_slowed_down_even_with_the_right_password_at_last(pages: Pages) -> None:
    browser = pages.browse()
    for n in range(TRIES):
        assert (await browser.sign_in("Alma", f"clave equivocada {n}")).status_code == 401
    refused = await browser.sign_in("Alma")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert (await pages.browse("10.0.0.9").sign_in("Alma")).url.path == "/console"


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(pages: Pages) -> None:
    for base, secure in (("http://127.0.0.1", False), ("http://desk.example", True)):
        browser = pages.browse(base=base)
        page = await browser.get("/console/sign-in")
        cookie = page.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "path=/console" in cookie
        assert ("secure" in cookie) is secure


async def test_only_the_hash_of_a_token_is_kept(pages: Pages) -> None:
    browser = await pages.at_desk("Alma")
    token = browser.http.cookies[COOKIE]
    assert await pages.parts.credentials.signed_in(hash_token(token), pages.world.clock()) is not None
    assert await pages.parts.credentials.signed_in(token, pages.world.clock()) is None
    page = await browser.get("/console")
    assert token not in page.text


async def test_a_session_ends_by_itself(pages: Pages) -> None:
    browser = await pages.at_desk("Alma")
    pages.world.clock.now += LASTS - timedelta(minutes=1)
    assert (await browser.get("/console")).url.path == "/console"
    pages.world.clock.pass_time(minutes=1)
    assert (await browser.get("/console")).url.path == "/console/sign-in"


async def test_signing_out_ends_the_session_here_and_not_only_in_the_browser(pages: Pages) -> None:
    browser = await pages.at_desk("Alma")
    token = browser.http.cookies[COOKIE]
    await browser.post("/console/sign-out")
    thief = pages.browse()
    thief.http.cookies.set(COOKIE, token)
    assert (await thief.get("/console")).url.path == "/console/sign-in"


async def test_another_password_ends_the_session(pages: Pages) -> None:
    browser = await pages.at_desk("Alma")
    await pages.parts.credentials.put(Credential(SHOP_ID, "Alma", await hash_password("nueva clave", CHEAP)))
    assert (await browser.get("/console")).url.path == "/console/sign-in"


async def test_a_role_is_the_one_of_now_and_not_the_one_of_the_sign_in(pages: Pages) -> None:
    browser = await pages.at_desk("Bruno")
    assert (await browser.get("/console/live")).status_code == 200
    await pages.world.services.store.put_person(SHOP_ID, Colleague("Bruno", "agent"))
    assert (await browser.get("/console/live")).status_code == 403


async def test_a_sign_in_form_of_another_site_is_refused(pages: Pages) -> None:
    browser = pages.browse()
    await browser.get("/console/sign-in")
    sent = {"name": "Alma", "password": PASSWORD}
    assert (await browser.http.post("/console/sign-in", data=sent)).status_code == 403
    assert (await browser.http.post("/console/sign-in", data={**sent, "form": "0" * 64})).status_code == 403
    across = {"sec-fetch-site": "cross-site"}
    assert (await browser.post("/console/sign-in", headers=across, **sent)).status_code == 403
    assert COOKIE not in browser.http.cookies


async def test_there_is_no_sign_in_by_a_click_outside_the_demo(pages: Pages) -> None:
    browser = pages.browse()
    page = await browser.get("/console/sign-in")
    assert "demo-sign-in" not in page.text
    assert (await browser.post("/console/demo-sign-in", name="Alma")).status_code == 404


async def test_the_demo_lets_in_its_two_people_from_this_machine_only(pages: Pages) -> None:
    parts = replace(pages.parts, demo_people=(Colleague("Alma"), Colleague("Bruno", "lead")))
    pages.app = FastAPI()
    add_console(pages.app, parts)
    browser = pages.browse()
    page = await browser.get("/console/sign-in")
    assert re.findall(r"Entrar como (\w+)", page.text) == ["Alma", "Bruno"]
    assert (await browser.post("/console/demo-sign-in", name="Bruno")).url.path == "/console"
    stranger = pages.browse("10.0.0.9")
    await stranger.get("/console/sign-in")
    assert (await stranger.post("/console/demo-sign-in", name="Bruno")).status_code == 404
    await browser.get("/console/sign-in")
    assert (await browser.post("/console/demo-sign-in", name="Carla")).status_code == 404


async def test_a_lead_of_the_demo_is_one_from_their_first_click(pages: Pages) -> None:
    pages.app = FastAPI()
    add_console(pages.app, replace(pages.parts, demo_people=(Colleague("Dora", "lead"),)))
    browser = pages.browse()
    await browser.get("/console/sign-in")
    await browser.post("/console/demo-sign-in", name="Dora")
    assert (await browser.get("/console/live")).status_code == 200


@pytest.mark.parametrize(
    ("wish", "title"),
    [("es", "Entra a la mesa"), ("en-GB,en", "Sign in to the desk"), ("fr,pt;q=0.5", "Entre na mesa")],
)
async def test_the_door_speaks_the_browser_s_language(pages: Pages, wish: str, title: str) -> None:
    response = await pages.browse().get("/console/sign-in", headers={"accept-language": wish})
    assert title in response.text
