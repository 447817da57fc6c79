"""What is sent to Chatwoot is what Chatwoot's own description of its API allows."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl

import httpx2
import pytest
from jsonschema import Draft202012Validator

from agent.app.demo import SHOP_ID
from agent.casework.desk.move import Person
from evals.chatwoot_server import Asked

SWAGGER = Path(__file__).parents[5] / "shared" / "specs" / "chatwoot-swagger.json"
PRISM = "@stoplight/prism-cli@5.16.0"
ALMA = Person(SHOP_ID, "Alma", "lead")
UNDOCUMENTED = {"source_id"}
"""Chatwoot's message builder takes it and its description does not name it (other properties are not forbidden)."""


def missing(what: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@cache
def description() -> Any:
    if not SWAGGER.exists():
        missing("Chatwoot's API description is not there")
    return json.loads(SWAGGER.read_text(encoding="utf-8"))


def operation(method: str, path: str) -> tuple[str, dict[str, Any]]:
    """Where the description has that request."""
    for template, item in description()["paths"].items():
        pattern = re.sub(r"\{[^}]+\}", r"\\d+", template)
        if method.lower() in item and re.fullmatch(pattern, path):
            return template, {
                "parameters": [*item.get("parameters", ()), *item[method.lower()].get("parameters", ())]
            } | {key: item[method.lower()][key] for key in ("requestBody", "responses") if key in item[method.lower()]}
    raise AssertionError(f"{method} {path} is not in Chatwoot's description")


def schema(of: Any) -> Draft202012Validator:
    """A validator of a schema inside the description, its references resolved there."""
    return Draft202012Validator({"components": description()["components"], "allOf": [of]})


def wrong_in(asked: Asked) -> Iterator[str]:
    """Every way in which a request differs from the description."""
    _, found = operation(asked.method, asked.path)
    queried = {one["name"] for one in map(resolved, found["parameters"]) if one["in"] == "query"}
    yield from (f"{asked.path}: query {name}" for name, _ in parse_qsl(asked.query) if name not in queried)
    if "requestBody" in found:
        wanted = found["requestBody"]["content"]["application/json"]["schema"]
        yield from (f"{asked.path}: {error.message}" for error in schema(wanted).iter_errors(asked.body))
        known = set(resolved(wanted).get("properties", ()))
        yield from (f"{asked.path}: {name}" for name in set(asked.body) - known - UNDOCUMENTED)
    elif asked.body is not None:
        yield f"{asked.path}: a body"
    if asked.headers.get("api_access_token") != "cw_token":
        yield f"{asked.path}: no token"


def resolved(one: Any) -> Any:
    if "$ref" not in one:
        return one
    *_, kind, name = one["$ref"].split("/")
    return description()["components"][kind][name]


async def work_a_case(desk: Any) -> None:
    """Every kind of request there is: into it, on with it, taken here, closed and reopened."""
    talk = await desk.world.open("lucia-hernandez")
    await talk.say("¿dónde está mi pedido 10002?")
    await talk.say("huele a humo")
    await desk.settle()
    await talk.say("¿qué hago?")
    await desk.settle()
    await desk.world.parts.desk.claim(ALMA, (await desk.handoff()).id)
    await desk.world.parts.desk.resolve(ALMA, (await desk.handoff()).id, "solved")
    await desk.settle()
    await desk.world.parts.desk.reopen(ALMA, (await desk.handoff()).id)
    await desk.settle()


async def test_every_request_fits_the_description(open_outside: Any) -> None:
    desk = await open_outside()
    await work_a_case(desk)
    assert [wrong for asked in desk.chatwoot.asked for wrong in wrong_in(asked)] == []
    called = {
        (asked.method, operation(asked.method, asked.path)[0].rpartition("{account_id}")[2])
        for asked in desk.chatwoot.asked
    }
    assert called == {
        ("POST", "/contacts/filter"),
        ("POST", "/contacts"),
        ("GET", "/contacts/{id}/conversations"),
        ("POST", "/conversations"),
        ("GET", "/conversations/{conversation_id}/messages"),
        ("POST", "/conversations/{conversation_id}/messages"),
        ("POST", "/conversations/{conversation_id}/labels"),
        ("POST", "/conversations/{conversation_id}/toggle_priority"),
        ("POST", "/conversations/{conversation_id}/toggle_status"),
    }


async def test_a_team_by_queue(open_outside: Any) -> None:
    desk = await open_outside()
    await work_a_case(desk)
    assert desk.chatwoot.book.conversations[1].values["team_id"] == 4


def test_a_request_that_does_not_fit_would_be_seen() -> None:
    base = "/api/v1/accounts/1/conversations"
    headers = {"api_access_token": "cw_token"}
    good = Asked("POST", f"{base}/1/toggle_priority", "", headers, {"priority": "urgent"}, 200, None)
    bad = [
        Asked("POST", f"{base}/1/toggle_priority", "", headers, {"priority": "very"}, 200, None),
        Asked("POST", f"{base}/1/labels", "", headers, {}, 200, None),
        Asked("POST", base, "", headers, {"source_id": "x", "inbox": 2}, 200, None),
        Asked("GET", f"{base}/1/messages", "since=1", headers, None, 200, None),
        Asked("POST", f"{base}/1/toggle_status", "", {}, {"status": "open"}, 200, None),
    ]
    assert list(wrong_in(good)) == []
    assert all(list(wrong_in(asked)) for asked in bad)


@pytest.fixture(scope="session")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stoplight's validating proxy, from npm, in a folder of this run."""
    kept = os.environ.get("POSTVENTA_TEST_PRISM")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("prism")
    binary = folder / "node_modules" / ".bin" / "prism"
    if not binary.exists():
        npm = shutil.which("npm")
        if npm is None:
            missing("npm is not there")
        asyncio.run(_install(npm, folder))
    return binary


async def _install(npm: str, folder: Path) -> None:
    arguments = ("install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), PRISM)
    process = await asyncio.create_subprocess_exec(
        npm, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await asyncio.wait_for(process.communicate(), 240)
    if process.returncode:
        missing(f"npm could not install {PRISM}: {said.decode()[-400:]}")


@pytest.fixture
def requests_only(tmp_path: Path) -> Path:
    """The description without its answers: what Chatwoot's own views render differs from it (a new contact's, for one)."""
    told = json.loads(json.dumps(description()))
    for item in told["paths"].values():
        for found in item.values():
            if isinstance(found, dict) and "responses" in found:
                found["responses"] = {"200": {"description": "Success"}}
    path = tmp_path / "requests.json"
    path.write_text(json.dumps(told))
    return path


@asynccontextmanager
async def proxied(binary: Path, wanted: Path, upstream: str) -> AsyncIterator[str]:
    """Prism before ``upstream``: what does not fit the description is answered with an error and goes no further."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        str(binary), "proxy", str(wanted), upstream, "--errors", "--port", str(port), "--host", "127.0.0.1",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        await _until_it_listens(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _until_it_listens(port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.2)
            else:
                writer.close()
                return


async def test_prism_lets_a_whole_case_through(prism: Path, requests_only: Path, open_outside: Any) -> None:
    desk = await open_outside(more={"target_timeout_s": 20.0})
    upstream = desk.chatwoot.url
    async with proxied(prism, requests_only, upstream) as url:
        through = await open_outside(url=url, more={"target_timeout_s": 20.0}, name="b")
        through.chatwoot = desk.chatwoot
        desk.chatwoot.hook = through.url
        await work_a_case(through)
        assert len(desk.chatwoot.book.conversations) == 1
        assert desk.chatwoot.book.conversations[1].status == "open"
        waiting = await through.world.parts.storing.letters.letters(SHOP_ID, None)
        assert {one.status.value for one in waiting} == {"delivered"}
        async with httpx2.AsyncClient(timeout=20) as client:
            refused = await client.post(
                f"{url}/api/v1/accounts/1/conversations/1/toggle_priority",
                json={"priority": "very"},
                headers={"api_access_token": "cw_token"},
            )
        assert refused.status_code >= 400
        assert desk.chatwoot.asked[-1].body != {"priority": "very"}
