"""The family of errors: each fault has its class, and readers see no host, user or SQL."""

import psycopg
import pytest
from django.db import utils as django_errors

from agents_app.letta import errors
from agents_app.letta.errors import LettaError, classify

FAMILY = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, LettaError)
]


@pytest.mark.parametrize(
    ("state", "slug"),
    [
        ("57014", "timeout"), ("55P03", "locked"), ("57P03", "recovering"), ("28P01", "password"),
        ("28000", "password"), ("53300", "busy"), ("3D000", "missing"), ("42P01", "drift"),
        ("42703", "drift"), ("42501", "denied"), ("40001", "conflict"), ("53100", "disk"),
        ("53200", "disk"), ("57P01", "lost"), ("08006", "lost"), ("08P01", "lost"),
        ("25006", "write-refused"), ("22003", "failed"), ("42601", "failed"),
    ],
)  # fmt: skip
def test_each_sqlstate_has_its_error(state: str, slug: str) -> None:
    assert classify(psycopg.errors.lookup(state)("x")).slug == slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ('connection to server at "db", port 5432 failed: Connection refused', "down"),
        ("connection failed: could not translate host name", "down"),
        ("failed to resolve host 'db.example': [Errno -2] Name or service not known", "down"),
        ("connection timeout expired", "down"),
        ('connection failed: FATAL:  password authentication failed for user "ada"', "password"),
        ('connection failed: FATAL:  no pg_hba.conf entry for host "1.2.3.4"', "password"),
        ('connection failed: FATAL:  role "ada" does not exist', "password"),
        ('connection failed: FATAL:  database "letta" does not exist', "missing"),
        ("connection failed: FATAL:  sorry, too many clients already", "busy"),
        ('connection failed: FATAL:  too many connections for role "ada"', "busy"),
        ("connection failed: FATAL:  remaining connection slots are reserved", "busy"),
        ("connection failed: FATAL:  the database system is starting up", "recovering"),
        ("connection failed: SSL error: certificate verify failed", "tls-authority"),
        ("connection failed: server does not support SSL, but SSL was required", "tls-plain"),
        ('root certificate file "/x" does not exist', "tls-bundle"),
        ('server certificate for "a" does not match host name "b"', "tls-host"),
        ('FATAL:  PAM authentication failed for user "x"', "password"),
        ("connection failed: SSL error: unsupported protocol", "tls"),
        ("connection failed: port 5432 failed: SSL error: unexpected eof while reading", "down"),
        ("consuming input failed: SSL SYSCALL error: EOF detected", "lost"),
        ("SSL connection has been closed unexpectedly", "lost"),
        ("consuming input failed: server closed the connection unexpectedly", "lost"),
        ("the connection is lost", "lost"),
        ("the connection is closed", "lost"),
        ("something nobody has seen", "lost"),
    ],
)
def test_each_text_of_libpq_has_its_error(text: str, slug: str) -> None:
    assert classify(psycopg.OperationalError(text)).slug == slug


def test_while_connecting_nothing_can_break() -> None:
    assert (
        classify(psycopg.OperationalError("the connection is lost"), connecting=True).slug == "down"
    )


def test_djangos_wrapping_is_looked_through() -> None:
    wrapped = django_errors.OperationalError("x")
    wrapped.__cause__ = psycopg.errors.QueryCanceled("x")
    assert classify(wrapped).slug == "timeout"


def test_an_error_of_the_family_is_given_back() -> None:
    error = errors.LettaBusy()
    assert classify(error) is error


def test_detail_never_quotes_content() -> None:
    content = 'invalid input syntax for type json: "my customer said"'
    assert "customer" not in classify(psycopg.errors.InvalidTextRepresentation(content)).detail


def test_detail_names_the_missing_column() -> None:
    found = classify(psycopg.errors.UndefinedColumn('column "sequence_id" does not exist'))
    assert "sequence_id" in found.detail
    assert "sequence_id" not in str(found)


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_each_says_what_happened_and_what_to_do(kind: type[LettaError]) -> None:
    error = kind()
    assert error.happened.endswith(".")
    assert error.todo.endswith(".")
    assert str(error) == f"{error.happened} {error.todo}"
    assert 500 <= error.status < 600


def test_slugs_are_distinct() -> None:
    assert len({kind.slug for kind in FAMILY}) == len(FAMILY)


def test_a_copy_keeps_everything_but_the_traceback() -> None:
    error = errors.LettaWaking(since=5.0, detail="d")
    twin = error.copy()
    assert (type(twin), str(twin), twin.since, twin.detail) == (type(error), str(error), 5.0, "d")
    assert twin is not error
