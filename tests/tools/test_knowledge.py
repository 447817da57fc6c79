from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.port import Passage
from tools.calling import call

NEAR = Passage("returns", "returns_window", "Devoluciones", "es", ("Plazo",), "30 días", "/ayuda/returns", 0.8, True)
FAR = replace(NEAR, article="gift", text="tarjeta regalo", score=0.2, supports=False)


@dataclass(frozen=True)
class Shelf:
    """Always the same two passages, in the language asked for."""

    async def search(self, text: str, language: str, limit: int = 3) -> Sequence[Passage]:
        return [replace(passage, language=language) for passage in (NEAR, FAR)][:limit]

    async def topic(self, topic: str, language: str) -> Passage | None:
        return None


async def test_anybody_may_search_and_what_was_found_can_be_cited_once(make_scope) -> None:
    scope = replace(make_scope(), knowledge=Shelf(), language="pt")
    view = await call("search_knowledge", {"question": "prazo?"}, scope)
    await call("search_knowledge", {"question": "prazo de devolução?"}, scope)
    assert [(passage["article"], passage["supports"]) for passage in view["passages"]] == [
        ("returns", True),
        ("gift", False),
    ]
    assert "score" not in view["passages"][0]
    assert [(passage.article, passage.language) for passage in scope.citations] == [("returns", "pt"), ("gift", "pt")]
