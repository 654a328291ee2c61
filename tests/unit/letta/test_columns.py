"""One rule for columns that a database may lack: NULL of the kind that the models give them."""

from types import SimpleNamespace

import pytest

from agents_app.letta import catalogue
from agents_app.letta.columns import column, live, selected


@pytest.fixture(autouse=True)
def _only_ids_are_here(monkeypatch: pytest.MonkeyPatch) -> None:
    known = SimpleNamespace(has_column=lambda _, name: name == "id")
    monkeypatch.setattr(catalogue, "current", lambda: known)


@pytest.mark.parametrize(
    ("table", "name", "kind"),
    [
        ("messages", "is_err", "boolean"),
        ("messages", "sequence_id", "bigint"),
        ("messages", "created_at", "timestamp with time zone"),
        ("messages", "tool_calls", "text"),
        ("agents", "metadata_", "text"),
        ("block", "limit", "bigint"),
        ("step_metrics", "step_ns", "bigint"),
        ("no_table", "of_letta", "text"),
    ],
)
def test_an_absent_column_is_a_null_of_its_kind(table: str, name: str, kind: str) -> None:
    assert column(table, name, alias="x") == f"NULL::{kind}"


def test_a_column_that_is_here_is_named() -> None:
    assert column("messages", "id", alias="m") == 'm."id"'


def test_a_select_list_keeps_the_names() -> None:
    assert selected("runs", ("id", "status"), alias="r") == 'r."id" AS "id", NULL::text AS "status"'


def test_a_row_that_cannot_say_so_is_not_deleted() -> None:
    assert live("messages", alias="m") == "NULL::boolean IS NOT TRUE"
