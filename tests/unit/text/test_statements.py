"""Statements lose every value, whatever it looks like, and keep their shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.text.statements import without_values


@pytest.mark.parametrize(
    ("sql", "shape"),
    [
        (
            "SELECT * FROM messages WHERE id = 'message-1' AND n > 12.5",
            "SELECT * FROM messages WHERE id = ? AND n > ?",
        ),
        ("SELECT 'it''s me', E'a\\'b', $$secret$$, $x$secret$x$", "SELECT ?, ?, ?, ?"),
        ('SELECT "a b", col1 FROM t2', 'SELECT "a b", col1 FROM t2'),
        ("SELECT 1 -- secret\nFROM t /* secret */", "SELECT ? ? FROM t ?"),
        ("INSERT INTO t VALUES ('cut off in the middle of a sec", "INSERT INTO t VALUES (?"),
        ("SELECT $1, U&'x', N'y', X'ff'", "SELECT $1, ?, ?, ?"),
    ],
)
def test_shapes(sql: str, shape: str) -> None:
    assert without_values(sql) == shape


@given(st.text(alphabet="secrt'\\ \n", max_size=30))
def test_no_word_of_a_string_is_left(text: str) -> None:
    quoted = text.replace("'", "''")
    assert "secret" not in without_values(f"SELECT '{quoted} secret' FROM t")
