"""Returns of search tools of all releases, taken apart; whatever else a return holds is no error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.embeddings.replay.returned import archival_hits, file_hits, line_hits
from agents_app.text.masking.policy import MASKED, using

RESULTS = [
    {"timestamp": "2026-05-01 10:00:00+00:00", "content": "It’s the \"blue\" tent\nwith 'poles'"},
    {"timestamp": "2026-05-02 10:00:00+00:00", "content": "größe 42"},
]
TEXTS = [str(one["content"]) for one in RESULTS]


@pytest.mark.parametrize(
    "returned",
    [
        str((RESULTS, 2)),
        str(RESULTS),
        json.dumps([RESULTS, 2]),
        json.dumps(RESULTS),
        json.dumps({"count": 2, "results": RESULTS}),
        json.dumps(RESULTS, indent=2, ensure_ascii=False),
    ],
)
def test_every_shape_of_archival_results_is_read(returned: str) -> None:
    found = archival_hits(returned)
    assert [hit.text for hit in found] == TEXTS
    assert found[0].timestamp.startswith("2026-05-01")


def test_ids_and_tags_of_late_releases_are_read() -> None:
    result = {"id": "passage-1", "content": "x", "tags": ["a", 1, "b"], "timestamp": None}
    (found,) = archival_hits(json.dumps([result]))
    assert (found.id, found.tags, found.timestamp) == ("passage-1", ("a", "b"), "")


@pytest.mark.parametrize("whole", [str((RESULTS * 9, 18)), json.dumps(RESULTS * 9)])
def test_a_truncated_return_gives_what_is_whole(whole: str) -> None:
    cut = whole[: len(whole) // 2] + "... [NOTE: function output was truncated"
    found = archival_hits(cut)
    assert 5 < len(found) < 18
    assert {hit.text for hit in found} <= set(TEXTS)


def test_chunks_of_files_keep_their_lines() -> None:
    returned = (
        "Found 2 semantic matches in 2 files for query: 'x'\n" + "=" * 76 + "\n\n"
        "=== Docs/a.md (passage #1) ===\n  first line\n    indented\n  \n  last\n\n"
        "=== Docs/b (1).md (passage #1) ===\n  begins\n  ... [truncated 6 more lines]\n"
    )
    first, second = file_hits(returned)
    assert (first.file_name, first.text, first.is_cut) == (
        "Docs/a.md",
        "first line\n  indented\n\nlast",
        False,
    )
    assert (second.file_name, second.text, second.is_cut) == ("Docs/b (1).md", "begins", True)


def test_lines_of_files_are_read_with_their_numbers() -> None:
    returned = (
        "Found 2 total matches across 1 files\n\n=== Docs/a.md:3 ===\n  2: before\n> 3: the: line\n  4: after\n"
        "\n=== Docs/a.md:12 ===\n  11: x\n> 12: twelve\n"
    )
    assert [(hit.file_name, hit.line, hit.text) for hit in line_hits(returned)] == [
        ("Docs/a.md", 3, "the: line"), ("Docs/a.md", 12, "twelve")]  # fmt: skip


def test_lines_are_masked_beside_their_neighbours() -> None:
    key = [
        "-----BEGIN RSA PRIVATE KEY-----",
        "MIIEpAIBAAKCAQEA7qVq9Zk2mVx7",
        "Tc1Rf6Hj3Ys5Dp0AbCdEfGhIj",
    ]
    grep = "".join(f"  {n}: {key[n - 2]}\n> {n + 1}: {key[n - 1]}\n" for n in (2,))
    returned = f"=== a.md:3 ===\n{grep}  4: {key[2]}\n\n=== a.md:7 ===\n> 7: plain\n"
    with using(MASKED):
        assert [hit.told for hit in line_hits(returned)] == ["‹secret›", "plain"]
    assert line_hits(returned)[0].told == key[1]


@pytest.mark.parametrize(
    "returned", ["", "None", "No results found.", "[]", "([], 0)", "{}", "[[[]]]", "[" * 50_000]
)
def test_nothing_found_is_no_hit(returned: str) -> None:
    assert archival_hits(returned) == file_hits(returned) == line_hits(returned) == []


@given(st.text(max_size=400))
def test_no_return_is_an_error(returned: str) -> None:
    for read in (archival_hits, file_hits, line_hits):
        assert isinstance(read(returned), list)


@given(
    st.lists(
        st.text(min_size=1, max_size=80).filter(lambda text: "\x00" not in text),
        min_size=1,
        max_size=8,
    )
)
def test_any_text_survives_both_spellings(texts: list[str]) -> None:
    results = [{"content": text} for text in texts]
    assert [hit.text for hit in archival_hits(str((results, len(results))))] == texts
