"""Content parts of every kind, era and shape."""

import json

import pytest

from agents_app.letta.reading.parts import read_parts
from tests.unit.reading.rows import row


def kinds(columns: dict[str, object]) -> list[tuple[str, str]]:
    return [(part.kind, part.text) for part in read_parts(columns, [])]


def test_old_rows_hold_their_text_in_its_own_column() -> None:
    assert kinds({"text": "hello", "content": None}) == [("text", "hello")]
    assert kinds({"text": "hello", "content": "[]"}) == [("text", "hello")]
    assert kinds({"text": None, "content": None}) == []
    assert kinds({}) == []


def test_content_wins_but_a_different_text_is_still_shown() -> None:
    problems: list[str] = []
    parts = read_parts({**row("user", "new"), "text": "old"}, problems)
    assert [(part.kind, part.text) for part in parts] == [("text", "new"), ("legacy", "old")]
    assert problems == ["text: differs from content; Letta reads content"]
    assert kinds({**row("user", "same"), "text": "same"}) == [("text", "same")]


def test_reasoning_of_all_kinds() -> None:
    content = [
        {"type": "reasoning", "is_native": True, "reasoning": "hm", "signature": "x"},
        {
            "type": "summarized_reasoning",
            "summary": [{"index": 0, "text": "a"}, {"index": 1, "text": "b"}],
        },
        {"type": "redacted_reasoning", "data": "opaque"},
        {"type": "omitted_reasoning"},
    ]
    assert [text for _, text in kinds(row("assistant", content))] == ["hm", "a\n\nb", "", ""]


def test_an_image_is_described_and_its_bytes_are_left_behind() -> None:
    source = {"type": "letta", "file_id": "file-1", "media_type": "image/png", "data": "QUJDRA=="}
    (part,) = read_parts(row("user", [{"type": "image", "source": source}]), [])
    assert part.image is not None
    assert (part.image.media_type, part.image.size_bytes, part.index) == ("image/png", 4, 0)
    assert "QUJDRA" not in repr(part)


def test_an_image_without_its_bytes_has_no_size() -> None:
    (part,) = read_parts(
        row("user", [{"type": "image", "source": {"type": "letta", "data": ""}}]), []
    )
    assert part.image is not None
    assert part.image.size_bytes is None


def test_a_copied_tool_call_is_a_duplicate() -> None:
    (part,) = read_parts(
        row("assistant", [{"type": "tool_call", "id": "c", "name": "f", "input": {}}]), []
    )
    assert part.duplicate


@pytest.mark.parametrize(
    "content",
    [
        '"text"',
        "0",
        "{}",
        "[[]]",
        "[null]",
        "[7]",
        '[{"text": "no type"}]',
        '[{"type": 7}]',
        "nonsense",
        "[1e999]",
    ],
)
def test_unexpected_shapes_are_shown_with_a_note(content: str) -> None:
    problems: list[str] = []
    parts = read_parts({"content": content}, problems)
    assert len(parts) == 1
    assert parts[0].text or parts[0].raw is not None
    assert problems


def test_a_huge_type_is_clipped() -> None:
    problems: list[str] = []
    parts = read_parts(row("user", [{"type": "x" * 10**6}]), problems)
    assert len(problems[0]) < 200
    assert len(parts[0].raw or "") <= 20_001


def test_bad_parts_leave_their_neighbours_whole() -> None:
    content = [{"type": "text", "text": "a"}, {"type": "video"}, {"type": "text", "text": "b"}]
    assert kinds(row("user", content)) == [("text", "a"), ("unknown", ""), ("text", "b")]


def test_a_text_that_is_no_string_is_shown() -> None:
    (part,) = read_parts(row("user", [{"type": "text", "text": {"a": 1}}]), [])
    assert json.loads(part.text) == {"a": 1}


def test_a_column_of_which_only_the_beginning_was_fetched_is_read_that_far() -> None:
    problems: list[str] = []
    parts = read_parts(
        {"content": '[{"type": "text", "text": "a long st'}, problems, cut={"content"}
    )
    assert parts[0].text == "a long st"
    assert problems == ["content: cut off"]
