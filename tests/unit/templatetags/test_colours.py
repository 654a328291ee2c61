"""Contrast of the colours, in both themes, by the formula of WCAG 2."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = Path(settings.BASE_DIR) / "static" / "css"
PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLOURS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in PAIR.findall((CSS / "tokens.css").read_text())
}

BACKGROUNDS = ("canvas", "surface", "sunken", "hover", "customer")
TEXTS = [(text, ground) for text in ("text", "muted", "accent") for ground in BACKGROUNDS]
TEXTS += [(level, f"{level}-tint") for level in ("ok", "warn", "danger", "info", "quiet", "accent")]
TEXTS += [(level, "surface") for level in ("ok", "warn", "danger", "quiet")]
TEXTS += [
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("hit-text", "hit"),
    ("text", "accent-tint"),
]
EDGES = [
    (edge, ground) for edge in ("control", "accent") for ground in ("canvas", "surface", "sunken")
]


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read_on_its_ground(text: str, ground: str, theme: str) -> None:
    assert contrast(COLOURS[text][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_the_edge_of_a_control_can_be_seen(edge: str, ground: str, theme: str) -> None:
    assert contrast(COLOURS[edge][theme], COLOURS[ground][theme]) >= 3


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_colours_are_written_in_the_tokens_only(sheet: Path) -> None:
    if sheet.name != "tokens.css":
        assert not re.search(r"#[0-9a-f]{3,8}\b|\brgb|\bhsl|oklch", sheet.read_text())


def test_the_style_sheets_stay_small() -> None:
    assert sum(path.read_text().count("\n") for path in CSS.glob("*.css")) <= 1200
