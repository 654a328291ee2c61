"""Replay, undo and the counts of a diff agree with each other on any text."""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agents_app.revisions.counting import lines_changed
from agents_app.revisions.replay import apply, undo

TEXTS = st.text(alphabet="ab \t\n\r\u2192é🙂1:", max_size=30)
CALLS = st.one_of(
    st.tuples(st.just("core_memory_append"), st.fixed_dictionaries({"content": TEXTS})),
    st.tuples(
        st.just("core_memory_replace"),
        st.fixed_dictionaries({"old_content": TEXTS, "new_content": TEXTS}),
    ),
    st.tuples(
        st.just("memory_replace"), st.fixed_dictionaries({"old_str": TEXTS, "new_str": TEXTS})
    ),
    st.tuples(
        st.just("memory_insert"),
        st.fixed_dictionaries({"new_string": TEXTS, "insert_line": st.integers(-2, 5)}),
    ),
    st.tuples(
        st.just("memory_apply_patch"),
        st.fixed_dictionaries({"patch": TEXTS.map(lambda text: f"+{text}")}),
    ),
)


def without_tabs(tool: str, value: str) -> str:
    """What is left to be found again after a call that expands tabs."""
    return value if tool.startswith("core_") else value.expandtabs()


@settings(max_examples=400)
@given(CALLS, TEXTS)
def test_what_is_undone_for_certain_is_what_was_there(
    call: tuple[str, dict[str, Any]], value: str
) -> None:
    tool, arguments = call[0], {"label": "l", **call[1]}
    done = apply(tool, arguments, value, label="l")
    if done.value is None:
        return
    was = undo(tool, arguments, done.value, label="l")
    assert was.kind != "failed"
    if was.kind == "value":
        assert was.value == without_tabs(tool, value)


@given(CALLS, TEXTS)
def test_an_undone_value_leads_back_to_the_value(
    call: tuple[str, dict[str, Any]], value: str
) -> None:
    tool, arguments = call[0], {"label": "l", **call[1]}
    was = undo(tool, arguments, value, label="l")
    for found in (was.value, *was.candidates):
        assert found is None or apply(tool, arguments, found, label="l").value == value


@given(TEXTS, TEXTS)
def test_counted_lines_are_those_of_a_whole_comparison(before: str, after: str) -> None:
    old, new = (Counter(text.split("\n") if text else []) for text in (before, after))
    assert lines_changed(before, after) == ((new - old).total(), (old - new).total())


@given(TEXTS, TEXTS)
def test_appending_adds_as_many_lines_as_it_says(value: str, content: str) -> None:
    after = apply("core_memory_append", {"label": "l", "content": content}, value, label="l").value
    added, removed = lines_changed(value, after)
    assert removed == 0
    assert added == content.count("\n") + 1 + (not value)
