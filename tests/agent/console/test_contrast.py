"""Every pair of text and ground of the pages can be read: WCAG 2.2, 1.4.3, in both themes."""

from __future__ import annotations

import re

import pytest

from agent.console.pages import FOLDER

PAIRS = [
    *((ink, ground) for ink in ("ink", "quiet", "accent-text") for ground in ("ground", "panel", "raised", "sunken", "hover", "chosen")),
    *((ink, ground) for ink in ("ink", "quiet") for ground in ("note", "whisper", "accent-soft")),
    ("accent-text", "accent-soft"), ("accent-ink", "accent"), ("good", "good-soft"), ("warn", "warn-soft"),
    ("bad", "bad-soft"), ("bad", "panel"), ("bad", "chosen"), ("panel", "bad"), ("ground", "ink"), ("ink", "mark"),
]  # fmt: skip


def theme(css: str, start: str) -> dict[str, str]:
    block = css[css.index(start) :].split("}")[0]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("start", [":root {", ':root[data-theme="dark"]'])
def test_text_stands_out_from_its_ground(start: str) -> None:
    colours = theme((FOLDER / "static" / "tokens.css").read_text("utf-8"), start)
    low = {pair: round(contrast(*(colours[name] for name in pair)), 2) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


def test_the_two_ways_to_the_dark_are_one() -> None:
    css = (FOLDER / "static" / "tokens.css").read_text("utf-8")
    assert theme(css, ':root:not([data-theme="light"])') == theme(css, ':root[data-theme="dark"]')
