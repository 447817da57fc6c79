"""From three settings to an answer."""

from __future__ import annotations

from agent.app.thinking import open_loop
from agent.settings import Settings
from evals.openai_answers import Asked, look_then_tell
from evals.openai_server import OpenAIServer
from prompts.loader import Sentences

ON_ITS_WAY = "Tu pedido 10002 ya salió y va en camino a tu casa."


async def test_a_model_a_key_and_a_url_are_enough(world, file_of, tmp_path) -> None:
    async with OpenAIServer(look_then_tell(Asked.of("track_order", number="10002"), ON_ITS_WAY)) as server:
        given = {"OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": server.base_url}
        settings = Settings(_env_file=None, model="openai:local", data_dir=tmp_path, **given)
        loop = open_loop(settings, Sentences.load())
        said = await loop.run(world.scope("¿Dónde está?", "order_status"), file_of("¿Dónde está?"), "es")
        await loop.close()
    assert (said.text, said.model) == (ON_ITS_WAY, "openai:local")
    assert [body["model"] for body in server.requests] == ["local", "local"]
