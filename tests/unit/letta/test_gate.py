"""The statement gate: what passes, what does not, and that nothing can be smuggled past it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.letta.engine import gate
from agents_app.letta.errors import LettaWriteRefused
from tests.writes import ATTEMPTS

PASSES = [
    "SELECT 1",
    "select count(*) filter (where x > 1) from messages;",
    "(SELECT 1) UNION ALL (SELECT 2) ORDER BY 1",
    "WITH recent AS MATERIALIZED (SELECT id FROM messages LIMIT 5) SELECT * FROM recent",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT * FROM t",
    "VALUES (1, 'a'), (2, 'b')",
    "SHOW server_version",
    "EXPLAIN SELECT * FROM messages",
    "EXPLAIN (FORMAT JSON) SELECT * FROM messages",
    "SELECT 'DROP TABLE x; DELETE' AS \"insert; into\"",
    "SELECT E'it\\'s' || 'it''s'",
    'SELECT m.update, t."delete" FROM t AS m',
    "SELECT x::varchar(10), CAST(y AS numeric(10, 2)) FROM t",
    "SELECT * FROM unnest(ARRAY['a']) WITH ORDINALITY AS key (name, place)",
    "SELECT substring(x FROM 1 FOR (2 + 3)) FROM t -- a note",
    "SELECT /* outer /* inner */ still outer */ 1",
    "SELECT embedding OPERATOR(ext.<=>) '[1]' FROM p",
    'SELECT pg_catalog.count(*), "ext".vector_dims(embedding) FROM p GROUP BY GROUPING SETS ((a), ())',
    "SELECT row_number() OVER (PARTITION BY a ORDER BY b) FROM t WHERE x IN (1, 2) AND NOT (y)",
    "SELECT DISTINCT ON (a) a FROM t CROSS JOIN LATERAL (SELECT 1) AS l",
]

WITH_PARAMS = [
    "SELECT * FROM t WHERE a = %s AND b LIKE '%%x%%'",
    "SELECT %(name)s::text, 7 %% 3",
    "SELECT * FROM t WHERE a IN (%s, %s)",
]

SMUGGLED = [
    "",
    ";",
    "SELECT 1; SELECT 2",
    "SELECT 1;; ",
    "SELECT set_config('statement_timeout', '0', false)",
    "SELECT pg_catalog . set_config ('a', 'b', false)",
    "SELECT \"set_config\"('a', 'b', false)",
    "SELECT SET_CONFIG/* */('a', 'b', false)",
    "SELECT set_config -- a comment\n ('a', 'b', false)",
    "SELECT U&\"\\0073et_config\"('a', 'b', false)",
    "SELECT E'a'\n'\\'' , pg_sleep(9), '...'",
    "SELECT $$ ; $$",
    "SELECT $tag$ x $tag$",
    "SELECT $1",
    "SELECT /* open",
    "SELECT 'open",
    "SELECT 1 \x00; DELETE FROM t",
    "SELECT 1 FROM t FOR UPDATE",
    "SELECT 1 FROM t FOR/**/SHARE",
    "SELECT 1 FROM t FOR NO KEY UPDATE",
    "SELECT * INTO t2 FROM t",
    "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone",
    "EXPLAIN ANALYZE SELECT 1",
    "EXPLAIN (ANALYZE, BUFFERS) SELECT 1",
    "EXPLAIN (ANALYSE) SELECT 1",
    "EXPLAIN INSERT INTO t VALUES (1)",
    "TABLE t",
    "SELECT ran\u212a(1)",
    "SELECT 1 %s",
]


@pytest.mark.parametrize("sql", PASSES)
def test_a_reading_statement_passes(sql: str) -> None:
    gate.check(sql, has_params=False)


@pytest.mark.parametrize("sql", WITH_PARAMS)
def test_placeholders_pass_with_parameters(sql: str) -> None:
    gate.check(sql, has_params=True)


@pytest.mark.parametrize("sql", SMUGGLED)
def test_a_disguise_is_refused(sql: str) -> None:
    with pytest.raises(LettaWriteRefused):
        gate.check(sql, has_params=False)


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.sql[:40])
def test_each_write_attempt_is_refused(attempt) -> None:
    with pytest.raises(LettaWriteRefused):
        gate.check(attempt.sql, has_params=False)


@pytest.mark.parametrize(
    "sql", ["SELECT '%s'", 'SELECT "%s"', "SELECT 1 /* %s */", "SELECT 1 -- %s"]
)
def test_a_placeholder_inside_quotes_is_refused(sql: str) -> None:
    with pytest.raises(LettaWriteRefused):
        gate.check(sql, has_params=True)


def test_the_refusal_shows_readers_no_sql() -> None:
    with pytest.raises(LettaWriteRefused) as refused:
        gate.check("SELECT secret_thing(1)", has_params=False)
    assert "secret_thing" not in str(refused.value)


def _disguised(word: str) -> st.SearchStrategy[str]:
    return st.lists(st.booleans(), min_size=len(word), max_size=len(word)).map(
        lambda ups: "".join(c.upper() if up else c for c, up in zip(word, ups, strict=True))
    )


GAPS = st.sampled_from(
    [" ", "\n", "\t\r\n", "/**/", "/* ; ' \" */", "-- ' ;\n", "/* a /* b */ c */", "\f"]
)
# Texts that are whole for the scanner: whatever they hold, they must not hide what follows.
WHOLE = st.one_of(
    st.text().filter(lambda t: "\x00" not in t).map(lambda t: "'" + t.replace("'", "''") + "'"),
    st.text(min_size=1)
    .filter(lambda t: "\x00" not in t)
    .map(lambda t: '"' + t.replace('"', '""') + '"'),
    st.text(alphabet="a'\\\n; -/*").map(
        lambda t: "E'" + t.replace("\\", "\\\\").replace("'", "\\'") + "'"
    ),
)


@given(whole=WHOLE, gap=GAPS, word=_disguised("delete"))
def test_no_text_hides_a_second_statement(whole: str, gap: str, word: str) -> None:
    with pytest.raises(LettaWriteRefused):
        gate.check(f"SELECT {whole};{gap}{word}{gap}FROM{gap}messages", has_params=False)


@given(whole=WHOLE, gap=GAPS, name=_disguised("pg_sleep"))
def test_no_text_or_comment_hides_a_call(whole: str, gap: str, name: str) -> None:
    with pytest.raises(LettaWriteRefused):
        gate.check(f"SELECT {whole}{gap},{gap}{name}{gap}(9)", has_params=False)


@given(whole=WHOLE)
def test_every_whole_text_may_be_selected(whole: str) -> None:
    gate.check(f"SELECT {whole}, 1", has_params=False)


@given(
    noise=st.text(alphabet="'\"\\E-/*$;%( \n"),
    call=st.sampled_from(["pg_sleep(1)", "; DELETE FROM t"]),
)
def test_noise_is_refused_or_leaves_the_rest_inside_a_text(noise: str, call: str) -> None:
    sql = f"SELECT {noise} {call}"
    try:
        gate.check(sql, has_params=False)
    except LettaWriteRefused:
        return
    kinds = {token.text for token in gate.tokens(sql, has_params=False)}
    assert not {"pg_sleep", "delete"} & kinds
