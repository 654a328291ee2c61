"""The description of the releases and its notation."""

import pytest

from agents_app.demo.copying import load_order
from agents_app.demo.releases import RELEASES, UnknownRelease, enums, tables, within

TABLE_COUNTS = {"0.6.54": 31, "0.8.17": 35, "0.11.7": 41, "0.13.0": 43, "0.16.8": 49}


@pytest.mark.parametrize(("release", "count"), TABLE_COUNTS.items())
def test_each_release_has_as_many_tables_as_its_migrations_make(release: str, count: int) -> None:
    assert len(tables(release)) == count


@pytest.mark.parametrize(
    ("span", "covered"),
    [
        ("0.8.17+", ["0.8.17", "0.11.7", "0.13.0", "0.16.8"]),
        ("-0.8.17", ["0.6.54", "0.8.17"]),
        ("0.11.7-0.13.0", ["0.11.7", "0.13.0"]),
        ("0.13.0", ["0.13.0"]),
    ],
)
def test_a_mark_covers_the_releases_it_names(span: str, covered: list[str]) -> None:
    assert [release for release in RELEASES if within(span, release)] == covered


def test_columns_come_and_go_with_their_release() -> None:
    assert "approvals" not in tables("0.11.7")["messages"].column_names
    assert {"approvals", "run_id"} <= tables("0.13.0")["messages"].column_names
    assert "job_id" not in tables("0.13.0")["steps"].column_names


def test_the_three_tables_without_primary_key_have_none() -> None:
    keyless = {
        name
        for name, table in tables("0.16.8").items()
        if not any(constraint.kind == "pk" for constraint in table.constraints)
    }
    assert keyless == {"agents_tags", "blocks_agents", "tools_agents"}


def test_an_enumeration_has_the_labels_of_its_time() -> None:
    assert enums("0.8.17")["sandboxtype"] == ("E2B", "LOCAL")
    assert enums("0.16.8")["vectordbprovider"] == ("NATIVE", "TPUF", "PINECONE")
    assert "stepstatus" not in enums("0.8.17")


def test_an_undescribed_release_is_refused_by_name() -> None:
    with pytest.raises(UnknownRelease, match=r"0\.7\.0 is not described; choose one of 0\.6\.54"):
        tables("0.7.0")


@pytest.mark.parametrize("release", RELEASES)
def test_parents_are_loaded_before_their_children(release: str) -> None:
    order = load_order(tables(release))
    assert order.index("organizations") < order.index("agents") < order.index("messages")
    assert order.index("block") < order.index("blocks_agents")
