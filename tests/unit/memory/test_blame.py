"""Lines are followed back to the revision that brought them."""

from hypothesis import given
from hypothesis import strategies as st

from agents_app.memory.blame import Blame, blamed, is_rewrite
from agents_app.revisions.revision import Revision

LINES = st.lists(st.sampled_from(["", "alpha one", "beta two", "gamma three", "x"]), max_size=6)
VALUES = st.lists(LINES.map("\n".join) | st.none(), max_size=7)


def revisions(*values: str | None) -> list[Revision]:
    return [
        Revision(f"call:m{n}:0", None, value, "observed", "call", float(n))
        for n, value in enumerate(values)
    ]


def found(
    *values: str | None, ignore_rewrites: bool = False, until: str | None = None
) -> list[str]:
    blame = blamed(revisions(*values), until=until, ignore_rewrites=ignore_rewrites)
    return [line.origin.revision.id[6:7] for line in blame.lines()]


@given(VALUES)
def test_every_line_of_the_last_known_value_has_an_origin(values: list[str | None]) -> None:
    blame = blamed(revisions(*values), until=None, ignore_rewrites=False)
    known = [value for value in values if value is not None]
    assert "\n".join(line.text for line in blame.lines()) == (known[-1] if known else "")


@given(VALUES)
def test_the_origin_of_a_telling_line_is_a_revision_that_has_it(values: list[str | None]) -> None:
    for line in blamed(revisions(*values), until=None, ignore_rewrites=False).lines():
        assert line.text in (line.origin.revision.value or "").split("\n")


def test_a_line_stays_with_the_revision_that_brought_it() -> None:
    assert found("Name: Ada", "Name: Ada\nLikes tea", "Pets: none\nName: Ada\nLikes tea") == [
        "2",
        "0",
        "1",
    ]


def test_a_changed_line_belongs_to_the_change_and_knows_what_it_was() -> None:
    blame = blamed(
        revisions("Ada likes green tea", "Ada likes black tea"), until=None, ignore_rewrites=False
    )
    (line,) = blame.lines()
    assert line.origin.revision.id == "call:m1:0"
    assert [span.text for span in line.origin.spans if span.changed] == ["black"]
    assert line.origin.before is not None
    assert line.origin.before.id == "call:m0:0"


def test_a_moved_line_keeps_its_origin() -> None:
    assert found(
        "Name: Ada\nJob: cook", "Name: Ada\nJob: cook\nTea", "Job: cook\nTea\nName: Ada"
    ) == ["0", "1", "0"]


def test_text_that_vanished_and_came_back_is_recognised() -> None:
    blame = blamed(
        revisions("Name: Ada\nLikes tea", "Name: Ada", "Name: Ada\nLikes tea"),
        until=None,
        ignore_rewrites=False,
    )
    last = blame.lines()[1].origin
    assert last.revision.id == "call:m0:0"
    assert last.returned is not None
    assert last.returned.id == "call:m2:0"


def test_a_gap_does_not_lose_what_came_before_it() -> None:
    assert found("Name: Ada", None, "Name: Ada\nLikes tea") == ["0", "2"]


def test_an_ignored_rewrite_hands_its_lines_on() -> None:
    before = "Ada likes green tea\nAda works as a cook"
    after = "Ada likes green tea.\nAda works as a cook."
    assert found(before, after) == ["1", "1"]
    assert found(before, after, ignore_rewrites=True) == ["0", "0"]


def test_a_rewrite_loses_at_least_half_and_brings_something() -> None:
    assert is_rewrite("a\nb\nc", "x\ny\nc")
    assert not is_rewrite("a\nb\nc", "a\nb\nx")
    assert not is_rewrite("a\nb", "")


def test_an_earlier_revision_can_be_asked_for() -> None:
    assert found("Name: Ada", "Name: Ada\nLikes tea", "gone", until="call:m1:0") == ["0", "1"]


def test_300_revisions_of_a_block_of_2000_lines_take_less_than_two_seconds() -> None:
    import time

    base = [f"line {n} of a long block that says something" for n in range(2_000)]
    blame, began = Blame(), time.thread_time()
    for n in range(300):
        base[n * 5] = f"line {n} was changed"
        value = "\n".join(base)
        blame.feed(Revision(f"call:m{n}:0", None, value, "observed", "call", float(n)))
    assert time.thread_time() - began < 2
