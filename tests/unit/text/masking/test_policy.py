"""Who sees what: the policy in force, cuts, streams, searches."""

import threading

import pytest

from agents_app.text.masking import policy
from agents_app.text.masking.policy import MASKED, UNMASKED, using

MAIL = "alice@example.com"


def test_nothing_is_masked_outside_of_requests() -> None:
    assert policy.shown(MAIL) == MAIL
    assert not policy.masks()


def test_a_server_masks_where_nobody_set_a_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_default", [UNMASKED])
    policy.mask_by_default()
    assert policy.shown(MAIL) == "‹e-mail›"


def test_a_policy_ends_with_its_block() -> None:
    with using(MASKED):
        assert policy.shown(MAIL) == "‹e-mail›"
        with using(UNMASKED):
            assert policy.shown(MAIL) == MAIL
    assert policy.shown(MAIL) == MAIL


def test_another_thread_does_not_inherit_it() -> None:
    seen: list[str] = []
    with using(MASKED):
        thread = threading.Thread(target=lambda: seen.append(policy.shown(MAIL)))
        thread.start()
        thread.join()
    assert seen == [MAIL]


@pytest.mark.parametrize("limit", range(1, 40))
def test_a_cut_text_never_shows_part_of_what_is_masked(limit: int) -> None:
    with using(MASKED):
        shown, left = policy.beginning(f"mail to {MAIL} now", limit)
    assert "alice" not in shown
    assert "example" not in shown
    assert left >= 0


@pytest.mark.parametrize("size", [1, 7, 1_000, 300_000])
def test_a_stream_is_masked_wherever_its_pieces_end(size: int) -> None:
    text = f"some words and {MAIL}, phone +49 30 901820; " * 20_000
    pieces = (text[at : at + size] for at in range(0, len(text), size))
    with using(MASKED):
        masked = "".join(policy.streamed(pieces if size > 1 else [text]))
        assert masked == policy.shown(text)


def test_a_search_does_not_see_what_is_masked_nor_its_mark() -> None:
    with using(MASKED):
        seen = policy.searchable(f"mail {MAIL} now")
    assert "alice" not in seen
    assert "e-mail" not in seen
    assert seen.startswith("mail ")
