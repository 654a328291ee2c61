"""The printed list in the documentation is the list that is looked for."""

from pathlib import Path

from agents_app.text.masking.formats import FORMATS
from agents_app.text.masking.printed import table

PAGE = Path(__file__).parents[4] / "docs" / "masking.md"


def test_the_documentation_prints_every_format() -> None:
    assert table() in PAGE.read_text(encoding="utf-8")


def test_the_list_has_at_least_forty_formats() -> None:
    assert len({one.name for one in FORMATS}) >= 40
