"""What memory tools do to a value, and what they answer, per release."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from agents_app.demo.world import memory
from agents_app.demo.world.era import Era
from agents_app.demo.world.memory import Block

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATE, EARLY = Era("0.16.8"), Era("0.6.54")
LINES = st.lists(st.text(st.characters(exclude_characters="\n\t"), max_size=9), min_size=1)


def block(value: str, *, read_only: bool = False) -> Block:
    return Block(
        id="block-1", label="human", value=value, limit=5000, organization_id="org-1",
        description="", created=NOW, updated=NOW, updated_by=None, read_only=read_only,
    )  # fmt: skip


@given(LINES, st.text())
def test_append_puts_a_newline_before_the_content(lines: list[str], content: str) -> None:
    value = "\n".join(lines)
    assert memory.append(block(value), content).value == f"{value}\n{content}"


@given(LINES, st.integers(min_value=0, max_value=12))
def test_insert_adds_exactly_one_line_after_the_given_one(lines: list[str], line: int) -> None:
    edit = memory.insert(block("\n".join(lines)), "NEW", line, era=LATE)
    at = min(line, len(lines))
    assert (edit.value or "").split("\n") == [*lines[:at], "NEW", *lines[at:]]


def test_argument_names_follow_the_release() -> None:
    edit = memory.replace(block("City: Lyon"), "Lyon", "Graz", era=LATE)
    assert set(edit.arguments) == {"label", "old_string", "new_string"}
    edit = memory.replace(block("City: Lyon"), "Lyon", "Graz", era=EARLY)
    assert set(edit.arguments) == {"label", "old_str", "new_str"}


def test_replace_refuses_what_is_not_there_exactly_once() -> None:
    edit = memory.replace(block("a a"), "a", "b", era=LATE)
    assert edit.value is None
    assert "did not appear verbatim" in (edit.error or "")


def test_a_read_only_block_cannot_be_edited() -> None:
    edit = memory.replace(block("a", read_only=True), "a", "b", era=LATE)
    assert edit.error == "Error This block is read-only and cannot be edited."


def test_late_releases_answer_with_the_whole_value_and_early_ones_do_not() -> None:
    edit = memory.append(block("A"), "B")
    assert memory.answer(edit, era=LATE) == "A\nB"
    assert memory.answer(edit, era=EARLY) == "None"


def test_only_a_changed_value_raises_the_version() -> None:
    one = block("A")
    assert not one.write("A", at=NOW, by=None)
    assert one.write("B", at=NOW, by=None)
    assert one.version == 2


def test_a_patch_names_the_line_before_as_context() -> None:
    edit = memory.apply_patch(block("a\nb\nc"), "b", "B")
    assert edit.arguments["patch"] == "@@\n a\n-b\n+B"
    assert edit.value == "a\nB\nc"
