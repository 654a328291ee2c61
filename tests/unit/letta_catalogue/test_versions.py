"""Revisions, spans of releases and landmarks."""

import pytest

from agents_app.demo.releases import ALEMBIC_HEADS, RELEASES, tables
from agents_app.letta.versions import TABLES, expected_tables, looks_like, release_of


@pytest.mark.parametrize(
    ("revision", "text"),
    [
        ("1c28e167b74f", "0.16.7 or 0.16.8"),
        ("b1c2d3e4f5a6", "0.14.0 to 0.15.1"),
        ("a3c7d62e08ca", "0.6.54 to 0.7.1"),
        ("f6cd5a1e519d", "0.13.0"),
        ("9a505cc7eca9", "0.5.0 or 0.5.1"),
        ("2dbb2cf49e07", "after 0.13.0, before 0.14.0"),
        ("a1b2c3d4e5f7", "after 0.16.2, before 0.16.4"),
    ],
)
def test_a_revision_names_its_releases(revision: str, text: str) -> None:
    assert release_of(revision).text == text


def test_look_alike_revisions_are_compared_whole() -> None:
    looks = ["a1b2c3d4e5f6", "a1b2c3d4e5f7", "a1b2c3d4e5f8", "b1c2d3e4f5a6", "b2c3d4e5f6a8"]
    assert [release_of(one).exact for one in looks] == [False, False, True, True, True]


@pytest.mark.parametrize("revision", [None, "", "000000000000", "1c28e167b74"])
def test_a_revision_of_no_release_is_unknown(revision: str | None) -> None:
    assert release_of(revision).text == "unknown"
    assert not release_of(revision).exact


@pytest.mark.parametrize("release", RELEASES)
def test_the_columns_alone_lead_near_the_release(release: str) -> None:
    columns = {name: table.column_names for name, table in tables(release).items()}
    truth = release_of(ALEMBIC_HEADS[release])
    assert looks_like(columns).text.startswith("unknown, like ")
    assert looks_like(columns).first == truth.first


def test_the_newest_release_by_columns_may_be_newer_still() -> None:
    columns = {name: table.column_names for name, table in tables("0.16.8").items()}
    assert looks_like(columns).text == "unknown, like 0.16.7 or newer"


def test_one_dropped_column_does_not_make_a_database_old() -> None:
    columns = {name: table.column_names for name, table in tables("0.13.0").items()}
    columns["messages"] -= {"sequence_id"}
    assert looks_like(columns).text == "unknown, like 0.13.0"


def test_a_database_without_any_landmark_is_called_old() -> None:
    assert looks_like({"agents": frozenset({"id"})}).text == "unknown, older than 0.6.5"


@pytest.mark.parametrize("release", RELEASES)
def test_every_table_of_a_release_is_known_and_expected(release: str) -> None:
    present = frozenset(tables(release))
    assert present <= TABLES.keys()
    assert expected_tables(release_of(ALEMBIC_HEADS[release])) == present


def test_nothing_is_expected_of_an_unknown_release() -> None:
    assert expected_tables(release_of(None)) == frozenset()
