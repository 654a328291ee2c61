"""One message: decoded, raw, as a file, and its images."""

import base64
import json
from collections.abc import Callable

import pytest
from django.test import Client

from agents_app.accounts.models import AccessEvent
from tests.lettadb import LettaDatabase

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
IMAGES = {
    "png": (PNG, 200),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 404),
    "html": (b"<!doctype html><script>alert(1)</script>", 404),
}


@pytest.fixture
def pictures(threads: LettaDatabase) -> LettaDatabase:
    stored = [base64.b64encode(data).decode() for data, _ in IMAGES.values()]
    parts = [
        {"type": "image", "source": {"type": "letta", "media_type": "image/png", "data": data}}
        for data in stored
    ]
    parts += [
        {
            "type": "image",
            "source": {"type": "letta", "media_type": "image/png", "data": "no base64!"},
        },
        {"type": "image", "source": {"type": "url", "url": "https://elsewhere.example/x.png"}},
        {"type": "text", "text": "words"},
    ]
    threads.execute(
        "INSERT INTO messages (id, agent_id, role, content, tool_calls, created_at, organization_id, is_deleted)"
        " VALUES ('message-pictures', 'agent-short', 'user', %s, '[]', '2020-01-01', 'org-1', true)"
        " ON CONFLICT DO NOTHING",
        [json.dumps(parts)],
    )
    return threads


def test_it_shows_the_row_decoded_and_raw(threads: LettaDatabase, superuser: Client) -> None:
    page = superuser.get("/messages/message-old-3001/").content.decode()
    assert "Row 3001 of old" in page
    assert "find_order" in page
    assert "conv-old" in page
    assert "found 3002" in page


def test_its_json_has_the_columns_as_stored(threads: LettaDatabase, superuser: Client) -> None:
    data = superuser.get("/messages/message-old-3001/?format=json").json()
    assert data["sequence_id"] == 203_001
    assert json.loads(data["stored"]["tool_calls"])[0]["id"] == "call_3001"
    assert data["memberships"][0]["conversation_id"] == "conv-old"


def test_the_raw_row_is_a_file_of_what_is_stored(threads: LettaDatabase, superuser: Client) -> None:
    response = superuser.get("/messages/message-old-3001/raw/")
    assert response["Content-Disposition"] == 'attachment; filename="message-old-3001.json"'
    stored = json.loads(response.getvalue())
    assert stored["content"][0]["text"] == "Row 3001 of old"
    assert stored["role"] == "assistant"
    assert stored["run_id"] is None
    assert AccessEvent.objects.latest("pk").action == "message.export"


def test_a_raw_row_of_many_pieces_is_whole(
    letta: LettaDatabase, superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents_app.conversations.queries.stored.CHUNK", 7)
    message_id, content = letta.rows(
        "SELECT id, content::text FROM messages WHERE length(content::text) BETWEEN 100 AND 400 LIMIT 1"
    )[0]
    body = superuser.get(f"/messages/{message_id}/raw/").getvalue().decode()
    assert content in body
    assert json.loads(body)["id"] == message_id


@pytest.mark.parametrize(
    ("part", "status"), [(0, 200), (1, 404), (2, 404), (3, 404), (4, 404), (5, 404), (6, 404)]
)
def test_only_raster_images_are_shown(
    part: int, status: int, pictures: LettaDatabase, superuser: Client
) -> None:
    response = superuser.get(f"/messages/message-pictures/image/{part}/")
    assert response.status_code == status
    if status == 200:
        assert (response.content, response["Content-Type"]) == (PNG, "image/png")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert AccessEvent.objects.latest("pk").action == "message.image"


def test_an_image_that_is_only_an_address_is_never_linked(
    pictures: LettaDatabase, superuser: Client
) -> None:
    page = superuser.get("/messages/message-pictures/").content.decode()
    assert "which is never fetched" in page
    assert 'src="https://elsewhere' not in page
    assert 'href="https://elsewhere' not in page


def test_content_needs_its_right(
    threads: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    for path in ("", "raw/", "image/0/"):
        assert browser_of("ops").get(f"/messages/message-old-3001/{path}").status_code == 403
