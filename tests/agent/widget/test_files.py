"""The widget's files: small, vouched for, without markup made of words, and in three languages."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re

import pytest

from agent.api.wire.cards import AddressCard, Card
from agent.widget.files import FOLDER, LAUNCHER, embed_tag, widget_files

KIB = 1024
SCRIPTS = [FOLDER / LAUNCHER, *sorted((FOLDER / "widget").glob("*.js"))]


def packed(*names: str) -> int:
    return sum(len(widget_files()[name].packed) for name in names)


def test_the_whole_weighs_less_than_25_kib_and_the_launcher_less_than_3() -> None:
    languages = [name for name in widget_files() if "/texts/" in name]
    rest = [name for name in widget_files() if name not in languages]
    assert packed(LAUNCHER) <= 3 * KIB
    assert packed(*rest, languages[0]) <= 25 * KIB


def test_the_launcher_vouches_for_every_part() -> None:
    files = widget_files()
    known = json.loads(re.search(r"const PARTS = (\{.*?\});", files[LAUNCHER].content.decode())[1])  # type: ignore[index]
    assert known == {name.removeprefix("widget/"): file.integrity for name, file in files.items() if name != LAUNCHER}
    for file in files.values():
        algorithm, _, digest = file.integrity.partition("-")
        assert base64.b64decode(digest) == hashlib.new(algorithm, file.content).digest()
        assert gzip.decompress(file.packed) == file.content
    tag = embed_tag("https://support.example.com/", "pk_1")
    assert files[LAUNCHER].integrity in tag
    assert 'src="https://support.example.com/widget.js"' in tag


def test_the_panel_is_served_with_all_that_it_imports_each_once() -> None:
    served = widget_files()["widget/panel.js"].content.decode()
    assert not re.search(r"^import ", served, re.MULTILINE)
    assert re.findall(r"^export .*?(\w+)\(", served, re.MULTILINE) == ["makePanel"]
    named = re.findall(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", served, re.MULTILINE)
    for path in SCRIPTS[1:]:
        own = re.findall(r"^export (?:async )?(?:function|class|const) (\w+)", path.read_text("utf-8"), re.MULTILINE)
        assert own
        assert set(own) <= set(named), path.name


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_words_never_become_markup_or_code(path: object) -> None:
    text = path.read_text("utf-8")  # type: ignore[attr-defined]
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.cookie", text)


def test_the_texts_have_the_same_keys_and_every_key_that_is_used() -> None:
    texts = {path.stem: json.loads(path.read_text("utf-8")) for path in (FOLDER / "widget" / "texts").glob("*.json")}
    assert texts.keys() == {"es", "en", "pt"}
    assert texts["es"].keys() == texts["en"].keys() == texts["pt"].keys()
    assert texts["es"]["data"].keys() == texts["en"]["data"].keys() == texts["pt"]["data"].keys()
    used = {key for path in SCRIPTS for key in re.findall(r"\bsays\.(\w+)", path.read_text("utf-8"))}
    assert used - texts["es"].keys() == set()


def test_every_card_of_the_contract_is_drawn_with_fields_it_has() -> None:
    """One definition: the API's models. What the script reads of a card has to be a field of it."""
    source = (FOLDER / "widget" / "cards.js").read_text("utf-8")
    drawn = source.split("const DRAW = {")[1].split("\n};")[0]
    for model in Card.__origin__.__args__:  # type: ignore[attr-defined]
        kind = model.model_fields["type"].annotation.__args__[0]
        block = re.search(rf"^  {kind}: \(card.*?(?=^  \w+: \(card|\Z)", drawn, re.MULTILINE | re.DOTALL)
        assert block, f"{kind} is not drawn"
        read = set(re.findall(r"\bcard\.(\w+)", block[0]))
        assert read <= model.model_fields.keys(), f"{kind}: {read - model.model_fields.keys()}"
    assert AddressCard.model_fields["labels"]
