"""Markdown becomes tags without attributes, and nothing that fetches, links or runs."""

import re

import pytest
from hypothesis import given

from agents_app.text.markdown import MAX_BYTES, render
from tests.unit.text.strategies import hostile_text


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://evil.example/?q=1)",
        "[a](javascript:alert(1))",
        "<http://evil.example>",
        "<img src=x onerror=alert(1)>",
        "[a][r]\n\n[r]: http://evil.example",
        "<script>alert(1)</script>",
        "<style>@import 'http://evil.example'</style>",
        "http://evil.example",
    ],
)
def test_links_images_and_markup_stay_visible_as_source(text: str) -> None:
    html = render(text)
    assert html is not None
    assert not re.search(r"<(?:a|img|script|style)\b", html)
    assert "evil.example" not in text or "evil.example" in html


def test_common_markdown_is_rendered() -> None:
    assert (
        render("# A\n\n- **b** `c`")
        == "<h1>A</h1>\n<ul>\n<li><strong>b</strong> <code>c</code></li>\n</ul>\n"
    )
    assert "<td>2</td>" in (render("| a |\n|---|\n| 2 |") or "")


def test_entities_cannot_smuggle_in_invisible_characters() -> None:
    assert "\u202e" not in (render("a&#x202e;b &#8238;") or "")


def test_text_over_the_cap_stays_plain() -> None:
    assert render("x" * MAX_BYTES) is not None
    assert render("x" * (MAX_BYTES + 1)) is None
    assert render("ж" * (MAX_BYTES // 2 + 1)) is None


@given(hostile_text)
def test_tags_never_carry_attributes(text: str) -> None:
    html = render(text)
    assert html is None or re.fullmatch(r"(?:[^<]|</?[a-z0-9]+>)*", html)


@pytest.mark.timeout(40)
@pytest.mark.parametrize(
    "shape", ["[", "![", "*a_", "> ", "- ", "`", "|a", "a\n", "&#x", "~~", "1. "]
)
def test_the_cap_bounds_the_time(shape: str) -> None:
    assert render((shape * MAX_BYTES)[:MAX_BYTES]) is not None
