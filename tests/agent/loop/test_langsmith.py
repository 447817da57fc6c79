"""LangSmith's own variables turn its tracing on, and a turn goes on as before."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from evals.served import serve_app

TURN = """
import asyncio, sys
from pathlib import Path
from evals.world import open_library, open_world
from langchain_core.tracers.langchain import wait_for_all_tracers
async def main():
    library = await open_library(Path(sys.argv[1]))
    async with open_world(library, Path(sys.argv[2])) as world:
        talk = await world.open("lucia-hernandez")
        answer = await talk.say("¿dónde está mi pedido 10002?")
        print(answer["reply"]["text"])
        print([one["name"] for one in answer["tools"] if one["ok"]])
asyncio.run(main())
wait_for_all_tracers()
"""

BATCHES = {
    "use_multipart_endpoint": True,
    "scale_up_qsize_trigger": 1000,
    "scale_up_nthreads_limit": 16,
    "scale_down_nempty_trigger": 4,
    "size_limit": 100,
    "size_limit_bytes": 20_971_520,
}
"""What a server of theirs says of itself."""


async def test_its_variables_switch_it_on_and_the_turn_is_the_same(
    library_folder: Path, library: object, tmp_path: Path
) -> None:
    received: list[str] = []

    async def take(request: Request) -> JSONResponse:
        received.append(f"{request.method} {request.url.path}")
        await request.body()
        return JSONResponse({"batch_ingest_config": BATCHES})

    app = Starlette(routes=[Route("/{path:path}", take, methods=["GET", "POST", "PATCH"])])
    said = {}
    async with serve_app(app) as url:
        traced = {"LANGSMITH_TRACING": "true", "LANGSMITH_ENDPOINT": url, "LANGSMITH_API_KEY": "lsv2_test"}
        for name, extra in (("off", {}), ("on", traced)):
            (tmp_path / name).mkdir()
            run = await asyncio.create_subprocess_exec(
                sys.executable, "-c", TURN, str(library_folder), str(tmp_path / name),
                env={**os.environ, **extra}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            out, errors = await asyncio.wait_for(run.communicate(), 120)
            assert run.returncode == 0, errors.decode()[-2000:]
            said[name] = [line for line in out.decode().splitlines() if "turn_answered" not in line]
            assert bool([one for one in received if one.startswith("POST /runs")]) is (name == "on"), received
    assert said["on"] == said["off"]
    assert "track_order" in said["on"][-1]
