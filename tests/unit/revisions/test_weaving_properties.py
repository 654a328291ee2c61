"""Whatever was written and whatever of it is stored: nothing sure is invented, and the end is right."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agents_app.revisions.evidence import Call, Sight
from agents_app.revisions.replay import apply
from tests.unit.revisions.evidence import call, present, sight, told

WORDS = st.text(alphabet="ab \n", max_size=6)
CALLS = st.one_of(
    st.tuples(st.just("core_memory_append"), st.fixed_dictionaries({"content": WORDS})),
    st.tuples(st.just("core_memory_replace"),
              st.fixed_dictionaries({"old_content": WORDS, "new_content": WORDS})),
    st.tuples(st.just("memory_replace"), st.fixed_dictionaries({"old_str": WORDS, "new_str": WORDS})),
    st.tuples(st.just("memory_insert"),
              st.fixed_dictionaries({"new_string": WORDS, "insert_line": st.integers(-1, 3)})),
    st.tuples(st.just("memory_rethink"), st.fixed_dictionaries({"new_memory": WORDS})),
)  # fmt: skip
TURNS = st.lists(
    st.tuples(CALLS | WORDS, st.booleans(), st.booleans()), max_size=8
)  # a call or a REST edit; is the prompt stored; does the return hold the value


@dataclass
class Life:
    """What happened, and what of it is stored."""

    value: str
    truth: list[str] = field(default_factory=list)
    pieces: list[Call | Sight] = field(default_factory=list)
    writes: int = 0

    def turn(self, place: float, done: Any, *, prompt: bool, returns: bool) -> None:
        if prompt:
            self.pieces.append(sight(place, self.value, since=place - 3))
        if isinstance(done, str):
            self.write(done)
            return
        tool, arguments = done
        after = apply(tool, {"label": "human", **arguments}, self.value, label="human").value
        status = "error" if after is None else "success"
        more = {"returned": after} if returns and after is not None else {}
        self.pieces.append(call(place + 1, tool, status=status, **arguments, **more))
        self.write(self.value if after is None else after)

    def write(self, value: str) -> None:
        self.writes += value != self.value
        self.value = value
        self.truth.append(value)


def lived(first: str, turns: list[Any]) -> Life:
    life = Life(first, [first])
    for number, (done, prompt, returns) in enumerate(turns, start=1):
        life.turn(number * 3.0, done, prompt=prompt, returns=returns)
    life.pieces.append(present(life.value))
    return life


@settings(max_examples=300, deadline=None)
@given(WORDS, TURNS)
def test_no_sure_value_is_invented_and_the_end_is_the_present_one(
    first: str, turns: list[Any]
) -> None:
    life = lived(first, turns)
    found = told(*life.pieces, version=life.writes + 1)
    assert found[-1].value == life.value
    sure = [one.value for one in found if one.grade in ("observed", "verified")]
    assert [value for value in sure if value not in life.truth] == []


@settings(max_examples=150, deadline=None)
@given(WORDS, st.lists(CALLS, max_size=8))
def test_calls_alone_on_a_known_value_tell_everything(first: str, calls: list[Any]) -> None:
    life = lived(first, [(one, number == 0, False) for number, one in enumerate(calls)])
    if not calls:
        return
    found = told(*life.pieces, version=life.writes + 1)
    real = [life.truth[0]]
    real += [after for before, after in zip(life.truth, life.truth[1:], strict=False) if after != before]  # fmt: skip
    assert [one.value for one in found] == real
    assert all(one.grade != "conflict" for one in found)
