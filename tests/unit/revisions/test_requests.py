"""The system prompt in requests of every provider's shape."""

import json

import pytest

from agents_app.revisions.requests import system_prompt

PROMPT = 'You are "Ada".\nдом 🙂'


@pytest.mark.parametrize(
    "request_json",
    [
        {
            "model": "m",
            "messages": [{"role": "system", "content": PROMPT}, {"role": "user", "content": "hi"}],
        },
        {"model": "m", "messages": [{"content": PROMPT, "role": "developer"}]},
        {
            "include": ["reasoning.encrypted_content"],
            "input": [{"content": PROMPT, "role": "system"}],
        },
        {
            "model": "m",
            "messages": [{"role": "system", "content": [{"type": "text", "text": PROMPT}]}],
        },
        {"model": "m", "system": PROMPT, "messages": [{"role": "user", "content": "hi"}]},
        {
            "model": "m",
            "tools": [],
            "system": [{"type": "text", "text": PROMPT[:5]}, {"type": "text", "text": PROMPT[5:]}],
        },
        {"contents": [{"role": "user", "parts": [{"text": PROMPT}]}], "config": {}},
        {"contents": [], "config": {"system_instruction": PROMPT}},
    ],
)
def test_prompt_is_found_in_every_shape(request_json: object) -> None:
    assert system_prompt(json.dumps(request_json)) == PROMPT


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "null", "[]", '"x"', "{}", '{"messages": []}', '{"messages": [7]}', '{"system": 7}',
        '{"messages": [{"role": "user", "content": "no prompt"}]}', '{"contents": [{"role": "model", "parts": []}]}',
    ],
)  # fmt: skip
def test_requests_without_a_prompt_give_none(text: str) -> None:
    assert system_prompt(text) is None


def test_a_user_message_that_comes_first_is_no_prompt() -> None:
    assert (
        system_prompt(
            '{"model": "m", "messages": [{"content": "<memory_blocks>", "role": "user"}]}'
        )
        is None
    )


def test_half_a_character_does_not_break_the_prompt() -> None:
    assert (
        system_prompt('{"model": "m", "messages": [{"content": "a\\ud83d", "role": "system"}]}')
        == "a\ufffd"
    )


def test_only_the_beginning_of_a_chat_request_is_needed() -> None:
    whole = json.dumps(
        {"model": "m", "messages": [{"content": PROMPT, "role": "system"}, {"content": "x" * 99}]}
    )
    assert system_prompt(whole[: len(whole) - 50]) == PROMPT
