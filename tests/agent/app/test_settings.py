"""Every setting is documented with its default, and everything documented is a setting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from agent.errors import Misconfigured
from agent.settings import Settings, read_settings

EXAMPLE = Path(__file__).parents[3] / ".env.example"
LINE = re.compile(r"^#?([A-Z][A-Z_]*)=(.*)$", re.MULTILINE)


def documented() -> dict[str, str]:
    return dict(LINE.findall(EXAMPLE.read_text(encoding="utf-8")))


def variables() -> dict[str, FieldInfo]:
    """Fields by the environment variable that sets them."""
    return {
        str(field.validation_alias or f"POSTVENTA_{name.upper()}"): field
        for name, field in Settings.model_fields.items()
    }


def test_settings_and_their_example_name_the_same_variables() -> None:
    assert documented().keys() == variables().keys()


@pytest.mark.parametrize("name", sorted(variables()))
def test_the_example_shows_the_default(name: str) -> None:
    default = variables()[name].default
    plain = default.get_secret_value() if isinstance(default, SecretStr) else default
    assert documented()[name] == str(plain)


def test_every_documented_value_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in documented().items():
        monkeypatch.setenv(name, value)
    assert Settings(_env_file=None) == Settings.model_construct()  # type: ignore[call-arg]


def test_every_variable_is_explained_above_it() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if LINE.match(line):
            above = [one for one in lines[:number] if one and not LINE.match(one)]
            assert above[-1].startswith("# "), line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSTVENTA_SHOP_LANGUAGE", "fr"),
        ("POSTVENTA_LEASE_S", "0"),
        ("POSTVENTA_MESSAGES_PER_MINUTE", "none"),
        ("PORT", "99999"),
        ("POSTVENTA_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name.removeprefix("POSTVENTA_").lower() if name != "PORT" else "PORT"):
        Settings(_env_file=None)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "hunter2", "PORT: "),
        ("POSTVENTA_LOG_LEVEL", "hunter2", "POSTVENTA_LOG_LEVEL: "),
        ("POSTVENTA_WEBHOOKS", '[{"name": "crm", "url": "hunter2", "secrets": ["x"]}]', "POSTVENTA_WEBHOOKS.0.url: "),
        ("POSTVENTA_WEBHOOKS", "[hunter2", '"webhooks"'),
    ],
)
def test_a_start_with_a_wrong_value_is_refused_in_one_line_without_the_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured) as refused:
        read_settings()
    text = str(refused.value)
    assert "the environment or .env" in text
    assert told in text
    assert "hunter2" not in text
    assert "\n" not in text


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "POSTVENTA_SHOP_SECRET", "POSTVENTA_WEBHOOK_SECRET"):
        monkeypatch.setenv(name, "hunter2-hunter2")
    assert "hunter2" not in repr(Settings(_env_file=None))  # type: ignore[call-arg]
