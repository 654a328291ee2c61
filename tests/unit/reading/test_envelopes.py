"""What a person wrote, told apart from what Letta wrote in their name."""

import json
from typing import Any

import pytest

from agents_app.letta.reading.envelopes import unwrap

TIME = "2026-11-20 06:47:17 PM UTC+0000"


def envelope(kind: str, **fields: Any) -> str:
    return json.dumps({"type": kind, **fields, "time": TIME}, indent=2)


def test_a_packed_user_message_is_opened() -> None:
    found = unwrap(envelope("user_message", message="hi", name="Ada", location="Oslo"), role="user")
    assert (found.kind, found.text, found.time_text) == ("user_message", "hi", TIME)
    assert (found.name, found.location) == ("Ada", "Oslo")


@pytest.mark.parametrize(
    ("kind", "fields", "text"),
    [
        ("login", {"last_login": "Never"}, ""),
        ("heartbeat", {"reason": "go on"}, "go on"),
        ("system_alert", {"message": "m"}, "m"),
    ],
)
def test_synthetic_messages_keep_their_kind(kind: str, fields: dict[str, str], text: str) -> None:
    found = unwrap(envelope(kind, **fields), role="user")
    assert (found.kind, found.text) == (kind, text)


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "user_message", "message": "x"}',
        '{"type": "other", "time": "x"}',
        '{"time": 3, "type": "login"}',
        "{",
        "[]",
    ],
)
def test_json_that_a_person_typed_stays_theirs(text: str) -> None:
    found = unwrap(text, role="user")
    assert (found.kind, found.text) == ("plain", text)


def test_a_compaction_is_a_summary() -> None:
    message = "Note: prior messages have been hidden.\nThe following is a summary of the previous messages:\n x"
    assert unwrap(envelope("system_alert", message=message), role="user").kind == "summary"
    stats = {"trigger": "t", "context_tokens_before": 9}
    found = unwrap(envelope("system_alert", message="m", compaction_stats=stats), role="user")
    assert (found.kind, found.stats) == ("summary", stats)
    assert unwrap("bare words", role="summary").kind == "summary"


def test_unknown_keys_of_an_envelope_are_kept() -> None:
    assert unwrap(envelope("login", planet="Mars"), role="user").extra == {"planet": "Mars"}


@pytest.mark.parametrize(
    "middle",
    [
        "- to reply to this message, make sure to use 'send_message'",
        "- your response will be delivered to the sender",
    ],
)
def test_messages_of_other_agents_name_their_sender(middle: str) -> None:
    text = f"[Incoming message from agent with ID 'agent-7' {middle}] hello"
    found = unwrap(text, role="system")
    assert (found.kind, found.sender_agent_id, found.text) == ("agent_message", "agent-7", "hello")
    assert unwrap(text, role="user").kind == "plain"


def test_sleeptime_agents_are_given_transcripts() -> None:
    new = "<system-reminder>\nYou are a sleeptime agent - x</system-reminder>\nuser: a"
    assert unwrap(new, role="user").kind == "transcript"
    old = "user: a\nassistant: b"
    assert (
        unwrap(old, role="user", agent_type="sleeptime_agent", group_id="group-1").kind
        == "transcript"
    )
    assert unwrap(old, role="user", agent_type="letta_v1_agent", group_id="group-1").kind == "plain"
    assert unwrap(old, role="user", agent_type="sleeptime_agent").kind == "plain"


def test_reminders_are_set_apart_from_a_persons_words() -> None:
    found = unwrap("<system-reminder>be brief</system-reminder>\nhello", role="user")
    assert (found.kind, found.text, found.reminders) == ("plain", "hello", ("be brief",))
    assert unwrap("<system-reminder>x</system-reminder>", role="user").kind == "system_reminder"
    assert unwrap("<system-alert>still there?</system-alert>", role="user").kind == "system_alert"


def test_an_open_reminder_hides_nothing() -> None:
    text = "<system-reminder> never closed, and words"
    assert unwrap(text, role="user").text == text
