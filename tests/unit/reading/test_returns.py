"""Tool returns of all eras."""

from typing import Any

import pytest

from agents_app.letta.reading.messages import Reading, read_message
from agents_app.letta.reading.returns import Truncation, read_body
from tests.unit.reading.rows import packed, returned, row


def read(columns: dict[str, Any]) -> Reading:
    return read_message(columns, agent_type=None)


def test_before_0_6_37_the_body_is_all_there_is() -> None:
    (found,) = read(
        {**row("tool", packed("42")), "tool_returns": None, "tool_call_id": "call_9"}
    ).returns
    assert (found.call_id, found.status, found.message) == ("call_9", "success", "42")
    assert found.time_text == "2026-11-20 06:47:17 PM UTC+0000"


def test_up_to_0_11_7_elements_have_neither_id_nor_body() -> None:
    element = {"status": "error", "stdout": ["out"], "stderr": ["err"]}
    body = packed("Error: no", status="Failed")
    (found,) = read(row("tool", body, tool_returns=[element], tool_call_id="call_9")).returns
    assert (found.call_id, found.status, found.message) == ("call_9", "error", "Error: no")
    assert (found.stdout, found.stderr) == (("out",), ("err",))


def test_later_elements_speak_for_themselves() -> None:
    bodies = [packed("one"), packed("two", status="Failed")]
    content = [{"type": "text", "text": body} for body in bodies]
    elements = [returned(bodies[0], call_id="a"), returned(bodies[1], call_id="b", status="error")]
    reading = read(row("tool", content, tool_returns=elements, tool_call_id="a"))
    assert [(r.call_id, r.status, r.message) for r in reading.returns] == [
        ("a", "success", "one"),
        ("b", "error", "two"),
    ]
    assert all(part.duplicate for part in reading.parts)


def test_a_denial_of_0_13_has_no_content() -> None:
    (found,) = read(
        row("tool", [], tool_returns=[returned(packed("Error: denied"), status="error")])
    ).returns
    assert (found.status, found.message) == ("error", "Error: denied")


def test_content_that_differs_from_the_return_stays_visible() -> None:
    reading = read(row("tool", "something else", tool_returns=[returned(packed("x"))]))
    assert [part.duplicate for part in reading.parts] == [False]


def test_client_side_tools_return_parts() -> None:
    source = {"type": "letta", "media_type": "image/png", "data": "QUJD"}
    parts = [{"type": "text", "text": "seen"}, {"type": "image", "source": source}]
    (found,) = read(row("tool", [], tool_returns=[returned(parts)])).returns
    assert (found.message, [image.size_bytes for image in found.images]) == ("seen", [3])


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (None, ""),
        ({"a": [1]}, '{\n  "a": [\n    1\n  ]\n}'),
        ("None", "None"),
        (7, "7"),
        (["a"], '[\n  "a"\n]'),
    ],
)
def test_messages_need_not_be_text(message: object, text: str) -> None:
    assert read_body(packed(message)).message == text


@pytest.mark.parametrize(
    "body", ["plain words", "{not json", '{"message": "x"}', '{"status": "OK"}', "[1]", ""]
)
def test_bodies_that_are_no_envelope_stay_as_they_are(body: str) -> None:
    assert read_body(body).message == body


def test_truncated_returns_tell_both_lengths() -> None:
    note = "x... [NOTE: function output was truncated since it exceeded the character limit (53340 > 50000)]"
    (found,) = read(row("tool", packed(note))).returns
    assert found.truncated == Truncation(shown=50_000, full=53_340)


def test_disagreeing_and_unknown_statuses_are_noted() -> None:
    wrong = read(row("tool", [], tool_returns=[returned(packed("x", status="Failed"))])).returns[0]
    odd = read(row("tool", [], tool_returns=[returned("x", status="maybe")])).returns[0]
    assert wrong.problem == "status is success, but the packed text says Failed"
    assert (odd.status, odd.problem) == ("unknown", "unknown status maybe")


@pytest.mark.parametrize("body", ["None", None, "Sent message successfully."])
def test_the_return_of_send_message_is_plumbing(body: str | None) -> None:
    columns = row("tool", packed(body), tool_returns=[], name="send_message", tool_call_id="c")
    assert read(columns).is_plumbing
    assert not read({**columns, "name": "other"}).is_plumbing


def test_a_failed_send_message_is_not() -> None:
    assert not read(row("tool", packed("None", status="Failed"), name="send_message")).is_plumbing
