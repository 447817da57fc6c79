"""Each form makes its move, for those who may, and for nobody who was not given the form."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from fastapi.routing import APIRoute

from agent.app.demo import SHOP_ID
from agent.casework.desk.ports import Presence
from agent.console.routes import moving
from agent.conversation import CaseFile, Speaker, Status, TurnKind
from tests.agent.console.conftest import ALMA, BRUNO, Pages

MOVES = sorted(route.path for route in moving.router.routes if isinstance(route, APIRoute))


async def file_of(pages: Pages, handoff_id: str) -> CaseFile:
    handoff = await pages.world.services.store.handoff(SHOP_ID, handoff_id)
    assert handoff is not None
    found = await pages.world.services.store.case_file(SHOP_ID, handoff.conversation_id)
    assert found is not None
    return found


@pytest.mark.parametrize("path", MOVES)
async def test_no_move_is_made_without_the_word_that_the_page_carries(pages: Pages, path: str) -> None:
    handoff_id = await pages.handed_over()
    browser = await pages.at_desk("Bruno")
    before = await file_of(pages, handoff_id)
    where = path.format(handoff_id=handoff_id, conversation_id=before.conversation.id, action_id="act_1")
    sent = {"text": "hola", "notes": "hola", "outcome": "solved", "status": "away", "capacity": "3"}
    for word in ("", "0" * 64, "ñ"):
        assert (await browser.http.post(where, data={**sent, "form": word})).status_code == 403
    across = {"sec-fetch-site": "same-site"}
    assert (await browser.post(where, headers=across, **sent)).status_code == 403
    assert await file_of(pages, handoff_id) == before


@pytest.mark.parametrize("path", MOVES)
async def test_no_move_is_made_by_somebody_who_is_not_signed_in(pages: Pages, path: str) -> None:
    response = await pages.browse().post(path.format(handoff_id="hnd_1", conversation_id="cnv_1", action_id="act_1"))
    assert response.url.path == "/console/sign-in"


async def test_a_case_is_taken_answered_and_given_back_with_what_was_agreed(pages: Pages) -> None:
    handoff_id = await pages.handed_over("hola, ¿dónde está mi pedido 10001?")
    browser = await pages.at_desk("Alma")
    page = await browser.post(f"/console/cases/{handoff_id}/claim")
    assert page.url.path == f"/console/cases/{handoff_id}"
    assert "Contigo" in page.text
    page = await browser.post(f"/console/cases/{handoff_id}/messages", text="Hola, soy Alma.", sent_as="m1")
    await browser.post(f"/console/cases/{handoff_id}/messages", text="Hola, soy Alma.", sent_as="m1")
    file = await file_of(pages, handoff_id)
    said = [one.text for one in file.messages if one.who is Speaker.PERSON]
    assert said == ["Hola, soy Alma."]
    told = {"notes": "Le repongo el envío sin costo.", "fact_kind": "size", "fact_value": "8"}
    await browser.post(f"/console/cases/{handoff_id}/return", **told)
    file = await file_of(pages, handoff_id)
    assert file.conversation.status is Status.BOT
    assert file.handoffs[-1].notes == told["notes"]
    assert [(one.kind, one.value) for one in file.conversation.facts if one.source == "desk"] == [("size", "8")]


async def test_two_people_claim_one_case_and_one_of_them_has_it(pages: Pages) -> None:
    handoff_id = await pages.handed_over()
    alma, bruno = await pages.at_desk("Alma"), await pages.at_desk("Bruno")
    answers = await asyncio.gather(*(one.post(f"/console/cases/{handoff_id}/claim") for one in (alma, bruno)))
    assert sorted(one.status_code for one in answers) == [200, 409]
    late = next(one for one in answers if one.status_code == 409)
    assert "Otra persona ya tiene este caso." in late.text
    assert 'data-type="already-claimed"' in late.text


async def test_nobody_writes_in_a_case_that_is_not_theirs(pages: Pages) -> None:
    handoff_id = await pages.handed_over()
    alma, bruno = await pages.at_desk("Alma"), await pages.at_desk("Bruno")
    assert (await alma.post(f"/console/cases/{handoff_id}/messages", text="hola")).status_code == 409
    await bruno.post(f"/console/cases/{handoff_id}/claim")
    assert (await alma.post(f"/console/cases/{handoff_id}/messages", text="hola")).status_code == 409
    assert (await alma.post(f"/console/cases/{handoff_id}/resolve", outcome="solved")).status_code == 409


async def test_notes_and_whispers_are_for_the_desk_only(pages: Pages, text_of: Callable[[str], str]) -> None:
    handoff_id = await pages.handed_over()
    alma, bruno = await pages.at_desk("Alma"), await pages.at_desk("Bruno")
    await alma.post(f"/console/cases/{handoff_id}/claim")
    await alma.post(f"/console/cases/{handoff_id}/notes", text="ya llamé al transporte")
    assert (await alma.post(f"/console/cases/{handoff_id}/whisper", text="psst")).status_code == 403
    await bruno.post(f"/console/cases/{handoff_id}/whisper", text="ofrécele el envío exprés")
    page = text_of((await alma.get(f"/console/cases/{handoff_id}")).text)
    assert "Nota de Alma" in page
    assert "ya llamé al transporte" in page
    assert "Bruno le susurra a Alma" in page
    assert "ofrécele el envío exprés" in page
    said = [one.text for one in (await file_of(pages, handoff_id)).messages]
    assert not {"ya llamé al transporte", "ofrécele el envío exprés"} & set(said)


async def test_a_case_goes_to_another_person_and_to_another_queue(pages: Pages) -> None:
    handoff_id = await pages.handed_over()
    alma = await pages.at_desk("Alma")
    await alma.post(f"/console/cases/{handoff_id}/claim")
    await alma.post(f"/console/cases/{handoff_id}/transfer", to="Bruno")
    held = await pages.parts.view.case(BRUNO, handoff_id)
    assert held["claimed_by"] == "Bruno"
    bruno = await pages.at_desk("Bruno")
    await bruno.post(f"/console/cases/{handoff_id}/transfer", queue="legal")
    moved = await pages.parts.view.case(ALMA, handoff_id)
    assert (moved["status"], moved["queue"], moved["claimed_by"]) == ("queued", "legal", None)
    assert (await bruno.post(f"/console/cases/{handoff_id}/transfer")).status_code == 422


async def test_a_case_is_resolved_with_its_outcome_and_opened_again(pages: Pages) -> None:
    handoff_id = await pages.handed_over()
    alma = await pages.at_desk("Alma")
    await alma.post(f"/console/cases/{handoff_id}/claim")
    page = await alma.post(f"/console/cases/{handoff_id}/resolve", outcome="no_answer", notes="dos intentos")
    assert "El cliente no respondió" in page.text
    assert "Reabrir" in page.text
    assert (await alma.post(f"/console/cases/{handoff_id}/messages", text="hola")).status_code == 409
    page = await alma.post(f"/console/cases/{handoff_id}/reopen")
    assert "Contigo" in page.text


async def test_a_lead_sees_what_the_agent_does_and_takes_it_over(pages: Pages) -> None:
    talk = await pages.world.open("lucia-hernandez")
    await talk.say("hola, ¿dónde está mi pedido 10001?")
    conversation_id = talk.opened.conversation.id
    alma, bruno = await pages.at_desk("Alma"), await pages.at_desk("Bruno")
    for path in ("/console/live", f"/console/conversations/{conversation_id}"):
        assert (await alma.get(path)).status_code == 403
    assert (await alma.post(f"/console/conversations/{conversation_id}/takeover")).status_code == 403
    assert "¿dónde está mi pedido 10001?" in (await bruno.get(f"/console/conversations/{conversation_id}")).text
    taken = await bruno.post(f"/console/conversations/{conversation_id}/takeover")
    assert "Contigo" in taken.text
    assert (await talk.file()).conversation.status is Status.HUMAN


async def test_presence_and_capacity_are_kept_and_capacity_is_the_limit(pages: Pages) -> None:
    first, second = await pages.handed_over(), await pages.handed_over(customer="diego-ramirez")
    alma = await pages.at_desk("Alma")
    await alma.post("/console/presence", status="away", capacity="1")
    known = await pages.parts.view.presence(ALMA)
    assert (known["status"], known["capacity"]) == ("away", 1)
    await alma.post(f"/console/cases/{first}/claim")
    refused = await alma.post(f"/console/cases/{second}/claim")
    assert refused.status_code == 409
    assert "Ya tienes todos los casos" in refused.text
    for wrong in ({"status": "asleep", "capacity": "2"}, {"status": "away", "capacity": "many"}, {"status": "away"}):
        assert (await alma.post("/console/presence", **wrong)).status_code == 422


@pytest.mark.parametrize("sent", [{}, {"text": "  "}, {"text": "x" * 4001}])
async def test_an_empty_and_an_endless_message_are_refused(pages: Pages, sent: dict[str, str]) -> None:
    handoff_id = await pages.handed_over()
    alma = await pages.at_desk("Alma")
    await alma.post(f"/console/cases/{handoff_id}/claim")
    assert (await alma.post(f"/console/cases/{handoff_id}/messages", **sent)).status_code == 422


async def test_an_exception_is_decided_in_its_case_or_in_the_list(pages: Pages, text_of: Callable[[str], str]) -> None:
    talk = await pages.world.open("lucia-hernandez")
    await talk.say("la cobija del pedido 10007 me llegó rota, quiero que me devuelvan el dinero")
    await talk.say("sí")
    file = await talk.file()
    action, handoff = file.actions[-1], file.open_handoff
    assert handoff is not None
    alma = await pages.at_desk("Alma")
    listed = text_of((await alma.get("/console/exceptions")).text)
    assert "Pasó el plazo para reclamar" in listed
    assert "10007" in listed
    opened = (await alma.get(f"/console/cases/{handoff.id}")).text
    assert "Aprobar" in text_of(opened)
    assert "Pide una excepción Pasó el plazo para reclamar" in text_of(opened)
    page = await alma.post(f"/console/actions/{action.id}/approve", note="cliente de años", back=handoff.id)
    assert page.url.path == f"/console/cases/{handoff.id}"
    assert "Alma aprobó el cambio: cliente de años" in text_of(page.text)
    assert (await alma.post(f"/console/actions/{action.id}/decline")).status_code == 409
    assert "Nada por decidir" in (await alma.get("/console/exceptions")).text
    assert "cliente de años" not in (await talk.file()).messages[-1].text


async def test_the_next_one_to_take_is_of_ones_own_languages_when_there_is_one(pages: Pages) -> None:
    ids = {}
    for who, language in (("lucia-hernandez", "es"), ("joao-pereira", "pt")):
        talk = await pages.world.open(who, locale=language)
        ids[language] = (await talk.press(TurnKind.HANDOFF))["handoff"]["id"]
        pages.world.clock.pass_time(minutes=1)
    browser = await pages.at_desk("Alma")
    for spoken, offered in ((), "es"), (("pt",), "pt"), (("en",), "es"):
        await pages.parts.desk.set_presence(ALMA, Presence.ONLINE, languages=spoken)
        assert f'action="/console/cases/{ids[offered]}/claim"' in (await browser.get("/console")).text
