"""Case files: sound as they ship, and refused with file and key when they are not."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from evals.suite.casefile import CaseRefused, read_case, read_cases
from evals.suite.casefile.reading import case_files, unpaired
from evals.suite.casefile.schema import SCHEMA, schema_text

SOUND = "title: a sound case\nshopper: {lines: [hola]}\nexpect: {actions: []}\n"


def test_every_case_is_sound_and_paired() -> None:
    assert list(unpaired(read_cases())) == []


def test_the_published_schema_is_the_one_of_the_code_and_takes_every_case() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in case_files():
        raw = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
        jsonschema.validate(raw, schema)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (SOUND + "expects: {}\n", "expects"),
        (SOUND.replace("{actions: []}", "{}"), "expect"),
        (SOUND.replace("{actions: []}", "{budget: {turns: 3}}"), "expect"),
        (SOUND.replace("[hola]", "[]"), "shopper.script.lines"),
        (SOUND.replace("[hola]", "[{press: maybe}]"), "shopper.script.lines.0"),
        (SOUND + "fixture: {identity: signed_in}\n", "fixture"),
        (SOUND + "fixture: {world: [{after_turn: 1}]}\n", "fixture.world.0"),
        (SOUND.replace("{actions: []}", "{replies: [{says: ['(']}]}"), "expect.replies.0.says.0"),
        (SOUND.replace("{actions: []}", "{replies: [{money: ['12 dollars']}]}"), "expect.replies.0.money.0"),
    ],
)
def test_a_case_that_cannot_be_used_is_named_with_its_key(text: str, key: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.es.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseRefused) as refused:
        read_case(path)
    assert any(one.startswith(f"{path}: {key}") for one in refused.value.problems), refused.value.problems


def test_a_name_without_its_language_is_refused(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(SOUND, encoding="utf-8")
    with pytest.raises(CaseRefused, match="NAME.LANGUAGE.yaml"):
        read_cases([tmp_path])


def test_a_language_that_is_missing_is_told_unless_it_is_excused(tmp_path: Path) -> None:
    path = tmp_path / "alone.es.yaml"
    path.write_text(SOUND, encoding="utf-8")
    assert "en, pt missing" in next(unpaired([read_case(path)]))
    path.write_text(SOUND + "alone: only Spain has this rule\n", encoding="utf-8")
    assert list(unpaired([read_case(path)])) == []
