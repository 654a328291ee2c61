"""The catalogue of hostile rows."""

from collections import Counter

from agents_app.demo.hostile import NEIGHBOURS, hostile_rows

# Inputs that come as requests; a database cannot hold them.
REQUESTS = {48, 49, 50, 51, 53}


def test_every_input_a_database_can_hold_has_a_row() -> None:
    assert {row.number for row in hostile_rows()} == set(range(1, 65)) - REQUESTS


def test_each_row_is_named_once() -> None:
    counts = Counter((row.table, row.id) for row in hostile_rows())
    assert max(counts.values()) == 1


def test_messages_stand_among_forty_nine_good_ones() -> None:
    for row in hostile_rows():
        if row.table == "messages":
            assert len(row.neighbours) == NEIGHBOURS == 49


def test_ids_carry_the_number_of_their_input() -> None:
    assert all(f"-bad{row.number:05d}-" in row.id for row in hostile_rows())
