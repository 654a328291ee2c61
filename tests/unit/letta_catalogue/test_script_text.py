"""The pieces of the provision script, whatever the names are."""

from hypothesis import given
from hypothesis import strategies as st

from agents_app.letta.privileges.findings import quoted, unlimited
from agents_app.letta.provision.script import _comment, _do, _text, _wrapped

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@given(NAMES)
def test_a_quoted_name_cannot_end_its_quotes(name: str) -> None:
    inner = quoted(name)[1:-1]
    assert inner.replace('""', "").count('"') == 0
    assert inner.replace('""', '"') == name


@given(NAMES)
def test_a_literal_cannot_end_its_quotes(name: str) -> None:
    literal = _text(name)
    inner = literal.removeprefix("E")[1:-1]
    assert inner.replace("''", "").count("'") == 0
    assert ("\\" in name) == literal.startswith("E")


@given(NAMES)
def test_a_dollar_quote_does_not_occur_inside(name: str) -> None:
    first, *body, last = list(_do(f"-- {name}", "$do$ $doo$"))
    tag = last.removeprefix("END ").removesuffix(";")
    assert first == f"DO {tag} BEGIN"
    assert not any(tag in line for line in body)


@given(NAMES)
def test_a_comment_stays_on_its_line(name: str) -> None:
    assert len(f"-- {_comment(name)}".splitlines()) == 1


@given(st.lists(st.sampled_from(["a", "bb", "ccc" * 12]), min_size=1, max_size=40))
def test_wrapping_keeps_every_name_in_order(names: list[str]) -> None:
    text = " ".join(_wrapped("GRANT SELECT ON", names, "TO x;"))
    listed = text.removeprefix("GRANT SELECT ON").removesuffix("TO x;")
    assert [name.strip() for name in listed.split(",")] == names


def test_no_names_give_no_statement() -> None:
    assert list(_wrapped("REVOKE ALL ON", [], "FROM x;")) == []


def test_zero_in_any_unit_is_no_limit() -> None:
    assert [unlimited(text) for text in ("0", "0ms", "0 s", "3s", "500ms", "10")] == [
        True, True, True, False, False, False]  # fmt: skip
