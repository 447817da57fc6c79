"""A prompt file that is wrong stops the start, and the message names the file and the key."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from prompts.loader import LANGUAGES, PromptRefused, Sentences


def write(folder: Path, **texts: str) -> Path:
    """``es``, ``en`` and ``pt`` with one file each."""
    for language in LANGUAGES:
        (folder / language).mkdir()
        (folder / language / "talk.yaml").write_text(texts[language], encoding="utf-8")
    return folder


def same(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


def test_a_sentence_is_said_with_its_values(tmp_path: Path) -> None:
    sentences = Sentences.load(write(tmp_path, **same('hi: "Hola {{ name }}"')))
    assert sentences.say("talk.hi", "es", name="Ana") == "Hola Ana"
    assert sentences.keys == {"talk.hi": frozenset({"name"})}
    assert sentences.has("talk.hi")
    assert not sentences.has("talk.bye")


def test_variants_take_turns_and_the_same_pick_says_the_same(tmp_path: Path) -> None:
    sentences = Sentences.load(write(tmp_path, **same('hi: ["a", "b"]')))
    assert [sentences.say("talk.hi", "pt", pick=n) for n in range(4)] == ["a", "b", "a", "b"]
    assert sentences.variants("talk.hi", "en") == 2


@pytest.mark.parametrize("value", ["Ana", "", 3, 0, None, True, Decimal("4.50"), ["a"], "<b> & {{ x }}"], ids=repr)
def test_a_place_reads_the_same_with_and_without_the_template_engine(tmp_path: Path, value: object) -> None:
    texts = same('plain: " {{ it }}: {{ it }}.\n"\ntemplate: " {{it}}: {{it}}.\n"')
    sentences = Sentences.load(write(tmp_path, **texts))
    assert sentences.say("talk.plain", "es", it=value) == sentences.say("talk.template", "es", it=value)


def test_values_are_words_and_no_templates(tmp_path: Path) -> None:
    sentences = Sentences.load(write(tmp_path, **same('hi: "Hola {{ name }}"')))
    assert sentences.say("talk.hi", "es", name="{{ 7 * 7 }} <b>") == "Hola {{ 7 * 7 }} <b>"


def test_an_unknown_sentence_is_refused(tmp_path: Path) -> None:
    sentences = Sentences.load(write(tmp_path, **same('hi: "Hola"')))
    with pytest.raises(PromptRefused, match=r"talk\.bye"):
        sentences.say("talk.bye", "es")


@pytest.mark.parametrize(
    "values", [{}, {"name": "Ana", "age": 3}, {"nombre": "Ana"}], ids=["missing", "unused", "other"]
)
def test_a_missing_and_an_unused_value_are_refused(tmp_path: Path, values: dict[str, object]) -> None:
    sentences = Sentences.load(write(tmp_path, **same('hi: "Hola {{ name }}"')))
    with pytest.raises(PromptRefused, match=r"talk\.hi.*\['name'\]"):
        sentences.say("talk.hi", "es", **values)


WRONG = {
    "a key that one language lacks": (
        {"es": 'a: "x"\nb: "y"', "en": 'a: "x"', "pt": 'a: "x"\nb: "y"'},
        r"en: .*talk\.b",
    ),
    "a key that only one language has": ({"es": 'a: "x"', "en": 'a: "x"', "pt": 'a: "x"\nc: "z"'}, r"pt: .*talk\.c"),
    "a value that one language does not take": (
        {"es": 'a: "{{ x }}"', "en": 'a: "{{ x }}"', "pt": 'a: "{{ y }}"'},
        r"pt: talk\.a takes \['y'\], in es \['x'\]",
    ),
    "a template that does not close": (same('a: "{{ x"'), r"es/talk\.yaml: a: "),
    "an unknown filter": (same('a: "{{ x | shout }}"'), r"es/talk\.yaml: a: .*shout"),
    "a number": (same("a: 3"), r"es/talk\.yaml: a: a sentence"),
    "no variants": (same("a: []"), r"es/talk\.yaml: a: a sentence"),
    "a variant that is no text": (same('a: ["x", 3]'), r"es/talk\.yaml: a: a sentence"),
    "a list": (same("- a"), r"es/talk\.yaml: a mapping"),
    "a key that is there twice": (same('a: "x"\na: "y"'), r"es/talk\.yaml: a: there is more than one"),
    "no YAML": (same('a: "x'), r"es/talk\.yaml: "),
}


@pytest.mark.parametrize(("texts", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, texts: dict[str, str], message: str) -> None:
    with pytest.raises(PromptRefused, match=message):
        Sentences.load(write(tmp_path, **texts))


def test_a_folder_without_sentences_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PromptRefused, match="no sentences"):
        Sentences.load(tmp_path)
