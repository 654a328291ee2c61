"""Search by meaning against a real HTTP server: what is sent, when, and what every odd answer becomes."""

import json
import logging
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.test import Client
from pytest_django import Settings

from agents_app.accounts.models import AccessEvent
from agents_app.embeddings import endpoint
from tests.endpoint import KEY, Server
from tests.lettadb import LettaDatabase
from tests.vectors import Usable, usable

pytestmark = pytest.mark.django_db
WORDS = "where is the zebra of order 4711"


@pytest.fixture
def target(letta: LettaDatabase) -> Usable:
    """A passage of the largest archive and model."""
    passages = [one for one in usable(letta) if one.table == "archival_passages"]
    sizes = {one.parent: sum(other.parent == one.parent for other in passages) for one in passages}
    return max(passages, key=lambda one: (sizes[one.parent], one.space.dimension == 1536))


def model(target: Usable) -> str:
    return f"{target.space.dimension}:{target.space.model}"


def search(client: Client, target: Usable, **more: str) -> Any:
    data = {"archive": target.parent, "text": WORDS, "model": model(target)} | more
    return client.post("/meaning/search/", data)


def test_nothing_is_sent_before_the_button_is_pressed(
    server: Server, target: Usable, superuser: Client
) -> None:
    page = superuser.get(f"/meaning/?archive={target.parent}").content.decode()
    assert server.asked == []
    assert f"http://127.0.0.1:{server.server_port}/v1/embeddings" in page
    assert "not encrypted" in page
    assert KEY not in page


def test_words_are_embedded_by_the_model_of_the_archive_and_compared(
    server: Server, letta: LettaDatabase, target: Usable, superuser: Client
) -> None:
    server.give([float(value) for value in target.vector[: target.space.dimension]])
    response = search(superuser, target, k="3")
    path, headers, question = server.asked[0]
    assert (path, question["model"], question["input"]) == (
        "/v1/embeddings",
        target.space.model,
        WORDS,
    )
    assert headers["Authorization"] == f"Bearer {KEY}"
    rows = response.context["rows"]
    assert rows[0].near.id == target.id
    assert rows[0].near.distance == pytest.approx(0, abs=1e-5)
    alike = [
        one for one in usable(letta) if (one.parent, one.space) == (target.parent, target.space)
    ]
    true = sorted(float(1 - one.vector @ target.vector) for one in alike)
    assert [row.near.distance for row in rows] == pytest.approx(true[:3], abs=1e-5)
    assert "Compared with all" in response.content.decode()


def test_readers_of_masked_texts_are_told_the_order_and_tenths(
    server: Server, target: Usable, superuser: Client, browser_of: Callable[[str], Client]
) -> None:
    server.give([float(value) for value in target.vector[: target.space.dimension]])
    exact, told = (search(one, target, k="9") for one in (superuser, browser_of("support")))
    ids = [[row.near.id for row in one.context["rows"]] for one in (exact, told)]
    assert ids[0] == ids[1]
    for before, row in zip(exact.context["rows"], told.context["rows"], strict=True):
        assert row.near.distance == round(before.near.distance, 1)
    assert '<span class="near__number">1.0</span>' in told.content.decode()
    assert '<span class="near__number">1.000</span>' in exact.content.decode()


def test_what_was_sought_is_in_no_log_no_address_and_no_record(
    server: Server, target: Usable, superuser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    server.give([1.0] * target.space.dimension)
    with caplog.at_level(logging.DEBUG):
        response = search(superuser, target)
    assert response.status_code == 200
    assert "zebra" not in caplog.text + json.dumps(
        [record.__dict__ for record in caplog.records], default=str
    )
    assert "zebra" not in str(list(AccessEvent.objects.values()))
    assert {"meaning.search", "passage.read"} <= set(
        AccessEvent.objects.values_list("action", flat=True)
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [(301, "does not follow"), (400, "may not know the model"), (401, "refused the key"),
     (404, "does not know the model"), (429, "slow down"), (500, "failed (HTTP 500)")],
)  # fmt: skip
def test_a_refusal_is_a_sentence(
    status: int, words: str, server: Server, target: Usable, superuser: Client
) -> None:
    server.status, server.headers_sent = status, {"Location": "http://127.0.0.1:1/"}
    page = search(superuser, target).content.decode()
    assert words in page
    assert KEY not in page
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"<html>", "no embedding"), (b"[]", "no embedding"), (b'{"data": []}', "no embedding"),
     (b'{"data": [{"embedding": "AAAA"}]}', "no list of numbers"), (b'{"data": [{"embedding": [1, null]}]}', "no list of numbers"),
     (b'{"data": [{"embedding": [1e999]}]}', "no list of numbers"), (b'{"data": [{"embedding": [true]}]}', "no list of numbers"),
     (b'{"data": [{"embedding": []}]}', "0 numbers"), (b'{"data": [{"embedding": [0, 0]}]}', "zeros only"),
     (b"[" * 100_000, "no embedding"), (b" " * 1_100_000, "far more than a vector"), (b"\xff\xfe", "no embedding"),
     (b'{"data": [{"embedding": [' + b"9" * 400 + b"]}]}", "no list of numbers")],
)  # fmt: skip
def test_an_odd_answer_is_a_sentence(
    body: bytes, words: str, server: Server, target: Usable, superuser: Client
) -> None:
    server.body = body
    response = search(superuser, target)
    assert response.status_code == 200
    assert words in response.content.decode()


def test_another_dimension_is_not_compared(
    server: Server, target: Usable, superuser: Client
) -> None:
    server.give([0.5] * 768)
    page = search(superuser, target).content.decode()
    assert "768 numbers" in page
    assert "nothing was compared" in page


def test_a_silent_endpoint_is_given_up(
    server: Server, target: Usable, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "LONGEST_WAIT_S", 0.2)
    server.pause_s = 1.0
    assert "gave no answer" in search(superuser, target).content.decode()


def test_an_endpoint_that_is_not_there_is_a_sentence(
    settings: Settings, target: Usable, superuser: Client
) -> None:
    settings.INSPECTOR_EMBEDDING_BASE_URL = "http://127.0.0.1:9/v1"
    assert "could not be reached" in search(superuser, target).content.decode()


@pytest.mark.parametrize(
    "url", ["ftp://host/v1", "host/v1", "http://", "http://[::1", "http://host:99999"]
)
def test_a_setting_that_is_no_address_is_a_sentence(
    url: str, settings: Settings, target: Usable, superuser: Client
) -> None:
    settings.INSPECTOR_EMBEDDING_BASE_URL = url
    assert "is not an address" in search(superuser, target).content.decode()


def test_without_an_endpoint_the_page_says_so_and_offers_the_text(
    target: Usable, superuser: Client
) -> None:
    page = superuser.get(f"/meaning/?archive={target.parent}").content.decode()
    assert "No embedding endpoint is set up" in page
    assert f'href="/archives/{target.parent}/"' in page
    assert search(superuser, target).context["rows"] == []


def test_a_wait_for_the_endpoint_does_not_use_up_the_time_for_letta(
    server: Server, target: Usable, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents_app.ui.middleware.LETTA_SECONDS", 1.5)
    server.give([1.0] * target.space.dimension)
    server.pause_s = 1.6
    assert search(superuser, target).context["rows"]


def test_those_without_the_right_to_content_do_not_search(
    server: Server, target: Usable, browser_of: Callable[[str], Client]
) -> None:
    assert search(browser_of("ops"), target).status_code == 403
    assert server.asked == []


def test_odd_forms_are_answered(server: Server, target: Usable, superuser: Client) -> None:
    for more in ({"model": "7:x"}, {"text": ""}, {"text": "x" * 5_000}, {"k": "0"}):
        assert search(superuser, target, **more).status_code == 200
    assert superuser.post("/meaning/search/", {"text": "x"}).status_code == 400
    assert (
        superuser.post("/meaning/search/", {"archive": "archive-none", "text": "x"}).status_code
        == 404
    )
    assert server.asked == []


def test_vectors_of_a_row_that_claims_too_many_dimensions_still_compare(
    server: Server, letta: LettaDatabase, target: Usable, superuser: Client
) -> None:
    from agents_app.embeddings import meaning

    found = meaning.place("archive", target.parent)
    where = endpoint.endpoint()
    assert found
    assert where
    width = int(np.flatnonzero(target.vector).max()) + 1
    assert width == target.space.dimension
    with pytest.raises(endpoint.EndpointError, match="nothing was compared"):
        meaning._fits(where, np.ones(width - 1, dtype=np.float32), found, space=target.space)
