"""What is shown: everything in three languages, everything escaped, everything readable."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from agent.console.answering import HEADERS
from agent.console.pages import FOLDER, marked, static, texts, waited
from agent.console.rows import Chosen, case_groups
from tests.agent.console.conftest import NOW_AT_DESK, Pages

HOSTILE = """<img src=x onerror=alert(1)><script>alert('hi')</script>"'></textarea></dialog>&lt;b&gt; {{ 7*7 }}"""
TEMPLATES = sorted(FOLDER.glob("templates/**/*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_text_a_template_asks_for_is_there(path: Path) -> None:
    asked = re.findall(r"\bt\('(\w+)'[,)]", path.read_text(encoding="utf-8"))
    assert [key for key in asked if not texts().has(f"ui.{key}")] == []


def test_every_text_is_asked_for_by_somebody() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (*TEMPLATES, *FOLDER.rglob("*.py")))
    built = r"^(role|show|empty|group|mood|log|outcome|identity|key|who)_|^(online|away|offline)$|_placeholder$|^done_"
    keys = [key.removeprefix("ui.") for key in texts().keys if key.startswith("ui.")]
    assert [
        key for key in keys if not re.search(built, key) and f"'{key}'" not in code and f'"{key}"' not in code
    ] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_a_script_or_a_style_of_its_own(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", page) == []
    assert "|safe" not in page.replace(" ", "")


def test_pages_load_nothing_from_elsewhere() -> None:
    for path in (*TEMPLATES, *FOLDER.glob("static/*")):
        found = re.findall(r"(?:src=|href=|url\(|from |import )['\"(]?(?:https?:)?//[^'\" )]+", path.read_text("utf-8"))
        assert found == [], path.name
    assert HEADERS["Content-Security-Policy"].startswith("default-src 'self'")


async def test_hostile_words_stay_words_wherever_they_stand(pages: Pages, text_of: Callable[[str], str]) -> None:
    talk = await pages.world.open("lucia-hernandez")
    await talk.say(f"me llamo {HOSTILE}")
    await talk.say(HOSTILE)
    await talk.say(f"quiero hablar con una persona {HOSTILE}")
    handoff = (await talk.file()).open_handoff
    assert handoff is not None
    alma, bruno = await pages.at_desk("Alma"), await pages.at_desk("Bruno")
    await alma.post(f"/console/cases/{handoff.id}/claim")
    await alma.post(f"/console/cases/{handoff.id}/messages", text=HOSTILE)
    await alma.post(f"/console/cases/{handoff.id}/notes", text=HOSTILE)
    await bruno.post(f"/console/cases/{handoff.id}/whisper", text=HOSTILE)
    for browser, path in product((alma, bruno), (f"/console/cases/{handoff.id}", "/console", "/console/search")):
        page = (await browser.get(path, params={"q": HOSTILE, "queue": HOSTILE, "show": HOSTILE})).text
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "49" not in re.findall(r"&gt; (\S+)", page)
    shown = (await alma.get(f"/console/cases/{handoff.id}")).text
    assert text_of(shown).count("alert('hi')") >= 4
    door = pages.browse()
    await door.get("/console/sign-in")
    assert "<img" not in (await door.post("/console/sign-in", name=HOSTILE[:100], password="x")).text.replace(
        '<img src="/console', ""
    )


def test_evidence_is_marked_in_the_words_and_both_are_escaped() -> None:
    assert marked("a <b> c", ["<b>"]) == "a <mark>&lt;b&gt;</mark> c"
    assert marked("one two three", ["two", "nowhere", "two t", ""]) == "one <mark>two</mark> three"
    assert marked("<i>", []) == "&lt;i&gt;"


def test_waiting_times_are_short() -> None:
    assert [waited(seconds) for seconds in (-3, 0, 67, 3599, 3600, 7500, 90000, 259200)] == [
        "0:00", "0:00", "1:07", "59:59", "1 h 00", "2 h 05", "1 d", "3 d",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["../pages.py", "..%2Fpages.py", "desk.js.map", "", "/etc/passwd"])
def test_only_what_is_static_is_served_as_static(name: str) -> None:
    assert static(name) is None


async def test_static_files_need_no_session_and_have_their_type(pages: Pages) -> None:
    for name, kind in (("desk.js", "text/javascript"), ("tokens.css", "text/css"), ("icon.svg", "image/svg+xml")):
        response = await pages.browse().get(f"/console/static/{name}")
        assert response.status_code == 200
        assert response.headers["content-type"].startswith(kind)


@pytest.mark.parametrize(("query", "wanted"), [
    ({}, ""), ({"show": "mine"}, "show=mine"), ({"show": "x", "spoken": "xx", "queue": "care"}, "queue=care"),
    ({"spoken": "pt", "show": "open"}, "spoken=pt"),
])  # fmt: skip
def test_what_is_chosen_stays_in_the_address(query: dict[str, str], wanted: str) -> None:
    assert Chosen.of(query).query == wanted


def test_the_list_has_mine_then_the_waiting_then_the_others() -> None:
    def row(name: str, holder: str | None, language: str = "es") -> dict[str, object]:
        return {
            "id": name, "status": "human" if holder else "queued", "language": language, "customer": name, "queue": "general",
            "priority": 2, "frustration": 0.0, "reasons": [], "last_message": None, "created_at": NOW_AT_DESK.isoformat(),
            "waiting_s": 60, "promised_by": "2026-11-20T17:59:00+00:00", "claimed_by": holder, "closed_at": None, "callback": "",
        }  # fmt: skip

    rows = [row("a", None), row("b", "Bruno"), row("c", "Alma"), row("d", None, "pt")]
    groups = case_groups(rows, Chosen(), "Alma", NOW_AT_DESK)
    assert [(group["key"], [one["key"] for one in group["rows"]]) for group in groups] == [
        ("mine", ["c"]), ("queued", ["a", "d"]), ("others", ["b"]),
    ]  # fmt: skip
    assert groups[1]["rows"][0]["late"]
    assert not groups[2]["rows"][0]["late"]
    spoken = case_groups(rows, Chosen(spoken="pt"), "Alma", NOW_AT_DESK)
    assert [one["key"] for group in spoken for one in group["rows"]] == ["d"]


async def test_a_photo_of_the_shoppers_is_seen_with_the_case_and_saved_by_people_of_the_desk_alone(
    pages: Pages,
) -> None:
    case = await pages.handed_over("la cobija me llegó rota")
    shop_id, store = pages.parts.shop_id, pages.parts.attachments
    handoff = await pages.world.services.store.handoff(shop_id, case)
    assert handoff is not None
    now = pages.world.clock.now
    kept = await store.keep(shop_id, handoff.conversation_id, "att_1", b"photo", "image/jpeg", now)
    alma = await pages.at_desk("Alma")
    page = (await alma.get(f"/console/cases/{case}")).text
    address = f"/console/conversations/{handoff.conversation_id}/photos/{kept.name}"
    assert page.count(f'<img src="{address}"') == 2, "in the thread and beside it"
    got = await alma.get(address)
    assert (got.content, got.headers["content-type"]) == (b"photo", "image/jpeg")
    assert got.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in got.headers["content-security-policy"]
    assert (await alma.get(address.replace("att_1", "att_2"))).status_code == 404
    outside = await pages.browse().get(address)
    assert outside.url.path == "/console/sign-in"
    talk = await pages.world.open("lucia-hernandez")
    await store.keep(shop_id, talk.opened.conversation.id, "att_3", b"photo", "image/jpeg", now)
    own = f"/console/conversations/{talk.opened.conversation.id}/photos/att_3.jpg"
    assert (await alma.get(own)).status_code == 404, "it has no case"
    assert (await (await pages.at_desk("Bruno")).get(own)).status_code == 200
