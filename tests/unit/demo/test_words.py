"""Phrase books, prompts, traces and pictures."""

import struct
import zlib
from datetime import UTC, datetime
from random import Random
from string import Formatter

import pytest

from agents_app.demo.world import phrases, traces
from agents_app.demo.world.embeddings import DIMENSIONS, Embedder
from agents_app.demo.world.era import Era
from agents_app.demo.world.memory import Block
from agents_app.demo.world.pictures import png
from agents_app.demo.world.prompts import Setting, compiled
from agents_app.demo.world.roles import CHAT, CLAUDE, GEMINI, RESPONSES

NOW = datetime(2026, 1, 1, 18, 5, tzinfo=UTC)
SLOTS = {
    "first", "last", "email", "order", "product", "product2", "size", "size2", "carrier", "depot",
    "city", "street", "pet", "pet_kind", "weekday", "date", "tracking", "amount", "rma", "card",
    "code", "invoice", "points", "count", "stock", "colour", "value",
}  # fmt: skip


@pytest.mark.parametrize("name", [*phrases.LANGUAGES, "agent", "notes"])
def test_phrases_use_only_slots_that_are_filled(name: str) -> None:
    for heading, lines in phrases.book(name).items():
        for line in lines:
            used = {slot for _text, slot, _format, _conversion in Formatter().parse(line) if slot}
            assert used <= SLOTS, (heading, line)


@pytest.mark.parametrize("language", phrases.LANGUAGES)
def test_every_subject_has_its_answer_and_follow_up(language: str) -> None:
    book = phrases.book(language)
    for topic in phrases.topics(language):
        assert {f"{topic}.answer", f"{topic}.follow", f"{topic}.resolve"} <= set(book)
    assert {
        "hello",
        "mood",
        "opener",
        "closer",
        "thanks",
        "welcome",
        "weekdays",
        "start",
        "tail",
    } <= set(book)


def prompt(release: str, agent_type: str = "letta_v1_agent", endpoint: str = "openai") -> str:
    block = Block(
        id="block-1", label="human", value="Name: Ada\nCity: Lyon", limit=100, organization_id="o",
        description="About the customer.", created=NOW, updated=NOW, updated_by=None,
    )  # fmt: skip
    setting = Setting("agent-1", agent_type, endpoint, "Europe/Oslo")
    return compiled("Base.", [block], setting, era=Era(release), at=NOW)


def test_the_oldest_prompt_counts_characters_in_the_opening_tag() -> None:
    assert '<human characters="20/100">\nName: Ada\nCity: Lyon\n</human>' in prompt("0.6.54")


def test_the_newest_prompt_names_agent_and_conversation() -> None:
    text = prompt("0.16.8")
    assert "- chars_current=20\n- chars_limit=100" in text
    assert "- AGENT_ID: agent-1\n- CONVERSATION_ID: default" in text
    assert "2026-01-01 07:05:00 PM CET+0100" in text


def test_line_numbers_appear_where_the_release_shows_them() -> None:
    assert "Line 1: Name: Ada" in prompt("0.8.17", "memgpt_v2_agent")
    assert "1→ Name: Ada" in prompt("0.16.8", endpoint="anthropic")
    assert "1→" not in prompt("0.16.8")


def test_each_provider_gets_the_system_prompt_where_it_expects_it() -> None:
    said = [traces.Said("tool", "lost its call"), traces.Said("user", "Hello")]
    sent = [
        traces.request(model, "PROMPT", said, tools=[], user="user-1")
        for model in (CHAT, RESPONSES, CLAUDE, GEMINI)
    ]
    assert sent[0]["messages"][0] == {"content": "PROMPT", "role": "system"}
    assert sent[1]["input"][0] == {"content": "PROMPT", "role": "developer"}
    assert sent[2]["system"][0]["text"] == "PROMPT"
    assert sent[3]["contents"][0]["parts"][0]["text"] == "PROMPT"
    assert len(sent[0]["messages"]) == 2


def test_vectors_of_one_topic_lie_closer_than_those_of_two() -> None:
    embedder = Embedder(Random(1), dimension=64, topics=("a", "b"))
    one, two, other = (
        [float(number) for number in embedder.vector(topic).strip("[]").split(",")]
        for topic in ("a", "a", "b")
    )
    assert len(one) == DIMENSIONS
    assert not any(one[64:])
    near, far = (sum(x * y for x, y in zip(one, to, strict=True)) for to in (two, other))
    assert near > far + 0.2


def test_pictures_are_png_files_that_decode() -> None:
    picture = png(Random(1), side=8)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (8, 8)
    length = struct.unpack(">I", picture[33:37])[0]
    assert len(zlib.decompress(picture[41 : 41 + length])) == 8 * (1 + 8 * 3)
