"""The regular expression for SQL finds, in a real PostgreSQL, whatever decoding would find."""

import json
import random

import psycopg
import pytest

from agents_app.text.search import contains, needle_regex
from tests.cluster import Cluster

CHARACTERS = [
    *'бБsSßſKkfiıİéÉaΣσςn"\\()[]*.^$-/{|\n\t',
    "\u212a",
    "ﬁ",
    "ﬃ",
    "ŉ",
    "ǰ",
    "🎂",
    "𐐀",
    "𐐨",
]
CHARACTERS += ["e\u0301", "\u200b", "\u202e", "\ufffd"]


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, str, str]]:
    """Decoded text, one of its stored spellings, and a needle cut out of it in some case."""
    chance = random.Random(7)
    made = []
    for _ in range(1500):
        text = "".join(chance.choices(CHARACTERS, k=chance.randint(1, 9)))
        start = chance.randrange(len(text))
        needle = text[start : start + chance.randint(1, 5)]
        change = chance.choice([str, str.upper, str.lower, str.title, str.casefold])
        made.append((text, chance.choice(_spellings(text)), change(needle)))
    return made


def _spellings(text: str) -> list[str]:
    packed = json.dumps({"message": text})
    readable = json.dumps({"message": text}, ensure_ascii=False)
    return [
        text,
        json.dumps(text),
        json.dumps(text, ensure_ascii=False),
        json.dumps(packed),
        json.dumps(readable),
        json.dumps(text).upper().replace("\\U", "\\u") if text.isalpha() else json.dumps(text),
    ]


def test_it_never_misses(cluster: Cluster, rows: list[tuple[str, str, str]]) -> None:
    wanted = [row for row in rows if contains(row[0], row[2])]
    assert len(wanted) > 1000
    with psycopg.connect(cluster.dsn()) as connection:
        pairs = [(stored, needle_regex(needle)) for _, stored, needle in wanted]
        matched = [
            connection.execute("SELECT %s::text ~ %s", pair).fetchone() == (True,) for pair in pairs
        ]
    assert [row for row, found in zip(wanted, matched, strict=True) if not found] == []


@pytest.mark.parametrize(
    ("stored", "needle"), [("tea", "coffee"), ('"\\u0431"', "ж"), ("abc", "a.c")]
)
def test_it_does_not_match_other_words(cluster: Cluster, stored: str, needle: str) -> None:
    with psycopg.connect(cluster.dsn()) as connection:
        row = connection.execute("SELECT %s::text ~ %s", (stored, needle_regex(needle))).fetchone()
    assert row == (False,)
