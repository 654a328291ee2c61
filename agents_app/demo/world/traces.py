"""Raw model requests and responses, in the shape each provider's client sends and gets them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Model:
    """A language model; `endpoint` is Letta's `model_endpoint_type`."""

    name: str
    endpoint: str
    url: str
    context_window: int

    @property
    def provider(self) -> str:
        return self.endpoint

    @property
    def handle(self) -> str:
        return f"{self.provider}/{self.name}"

    @property
    def responses(self) -> bool:
        """Whether OpenAI's Responses API is used instead of chat completions."""
        return self.endpoint == "openai" and self.name.startswith("gpt-5")


@dataclass(frozen=True, slots=True)
class Said:
    """One earlier message of the conversation, reduced to what a provider is sent."""

    role: str
    text: str
    calls: tuple[tuple[str, str, str], ...] = ()
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model answered: text, thoughts and calls as (id, tool, arguments)."""

    text: str
    thought: str
    calls: tuple[tuple[str, str, str], ...]
    prompt_tokens: int
    completion_tokens: int


def llm_config(model: Model, *, inner_thoughts: bool, parallel: bool) -> dict[str, Any]:
    """`agents.llm_config` with the keys of the late releases."""
    reasons = model.name.startswith(("gpt-5", "claude"))
    return {
        "model": model.name,
        "display_name": None,
        "model_endpoint_type": model.endpoint,
        "model_endpoint": model.url,
        "provider_name": model.provider,
        "provider_category": "base",
        "model_wrapper": None,
        "context_window": model.context_window,
        "put_inner_thoughts_in_kwargs": inner_thoughts,
        "handle": model.handle,
        "temperature": 1.0,
        "max_tokens": 16384,
        "enable_reasoner": reasons,
        "reasoning_effort": "minimal" if model.responses else None,
        "max_reasoning_tokens": 1024 if model.endpoint == "anthropic" else 0,
        "frequency_penalty": None,
        "compatibility_type": None,
        "verbosity": None,
        "tier": None,
        "parallel_tool_calls": parallel,
    }


def request(
    model: Model, system: str, said: Iterable[Said], *, tools: list[dict[str, Any]], user: str
) -> dict[str, Any]:
    """`provider_traces.request_json` of one model call."""
    earlier = list(said)
    while earlier and earlier[0].role == "tool":
        earlier.pop(0)
    if model.endpoint == "anthropic":
        return _anthropic(model, system, earlier, tools)
    if model.endpoint == "google_ai":
        return _gemini(system, earlier, tools)
    if model.responses:
        return _responses(model, system, earlier, tools)
    return {
        "model": model.name,
        "messages": [{"content": system, "role": "system"}, *map(_chat_message, earlier)],
        "max_completion_tokens": 16384,
        "temperature": 1.0,
        "user": user,
        "parallel_tool_calls": False,
        "tools": [{"type": "function", "function": tool} for tool in tools],
        "tool_choice": "auto",
    }


def response(model: Model, reply: Reply, *, key: str, at: datetime) -> dict[str, Any]:
    """`provider_traces.response_json` for the same call; `key` makes the provider's id."""
    if model.endpoint == "anthropic":
        return _anthropic_response(model, reply, key)
    if model.endpoint == "google_ai":
        return _gemini_response(model, reply)
    if model.responses:
        return _responses_response(model, reply, key, at)
    message: dict[str, Any] = {"content": reply.text or None, "refusal": None, "role": "assistant"}
    if reply.calls:
        message["tool_calls"] = [_function(call) for call in reply.calls]
    choice = {
        "finish_reason": "tool_calls" if reply.calls else "stop",
        "index": 0,
        "logprobs": None,
        "message": message,
    }
    return {
        "id": f"chatcmpl-{key}",
        "choices": [choice],
        "created": int(at.timestamp()),
        "model": model.name,
        "object": "chat.completion",
        "usage": {
            "completion_tokens": reply.completion_tokens,
            "prompt_tokens": reply.prompt_tokens,
            "total_tokens": reply.prompt_tokens + reply.completion_tokens,
        },
    }


def _function(call: tuple[str, str, str]) -> dict[str, Any]:
    key, name, arguments = call
    return {"id": key, "function": {"arguments": arguments, "name": name}, "type": "function"}


def _chat_message(said: Said) -> dict[str, Any]:
    if said.role == "tool":
        return {"content": said.text, "role": "tool", "tool_call_id": said.call_id}
    message: dict[str, Any] = {"content": said.text or None, "role": said.role}
    if said.calls:
        message["tool_calls"] = [_function(call) for call in said.calls]
    return message


def _anthropic(
    model: Model, system: str, earlier: list[Said], tools: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "model": model.name,
        "max_tokens": 4096,
        "temperature": 1.0,
        "thinking": {"type": "enabled", "budget_tokens": 1024},
        "tool_choice": {"type": "auto", "disable_parallel_tool_use": True},
        "tools": [
            {
                "name": tool["name"],
                "description": tool["description"],
                "input_schema": tool["parameters"],
            }
            for tool in tools
        ],
        "system": [{"type": "text", "text": system, "cache_control": {"type": "ephemeral"}}],
        "messages": [_anthropic_message(said) for said in earlier],
    }


def _anthropic_message(said: Said) -> dict[str, Any]:
    if said.role == "tool":
        part = {"type": "tool_result", "tool_use_id": said.call_id, "content": said.text}
        return {"role": "user", "content": [part]}
    if said.role != "assistant":
        return {"role": "user", "content": said.text}
    parts: list[dict[str, Any]] = [{"type": "text", "text": said.text}] if said.text else []
    for key, name, arguments in said.calls:
        parts.append({"type": "tool_use", "id": key, "name": name, "input": json.loads(arguments)})
    return {"role": "assistant", "content": parts}


def _anthropic_response(model: Model, reply: Reply, key: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    if reply.thought:
        content.append({"signature": key * 3, "thinking": reply.thought, "type": "thinking"})
    if reply.text:
        content.append({"citations": None, "text": reply.text, "type": "text"})
    for call, name, arguments in reply.calls:
        content.append(
            {"id": call, "input": json.loads(arguments), "name": name, "type": "tool_use"}
        )
    return {
        "id": f"msg_{key}",
        "content": content,
        "model": model.name,
        "role": "assistant",
        "stop_reason": "tool_use" if reply.calls else "end_turn",
        "type": "message",
        "usage": {
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": reply.prompt_tokens // 2,
            "input_tokens": reply.prompt_tokens,
            "output_tokens": reply.completion_tokens,
        },
    }


def _responses(
    model: Model, system: str, earlier: list[Said], tools: list[dict[str, Any]]
) -> dict[str, Any]:
    items: list[dict[str, Any]] = [{"content": system, "role": "developer"}]
    for said in earlier:
        items.extend(_response_items(said))
    return {
        "include": ["reasoning.encrypted_content"],
        "input": items,
        "max_output_tokens": 16384,
        "model": model.name,
        "parallel_tool_calls": False,
        "reasoning": {"effort": "minimal", "summary": "detailed"},
        "store": False,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [{"type": "function", "strict": False} | tool for tool in tools],
    }


def _response_items(said: Said) -> Iterable[dict[str, Any]]:
    if said.role == "tool":
        yield {"call_id": said.call_id, "output": said.text, "type": "function_call_output"}
        return
    if said.role != "assistant":
        yield {"content": [{"text": said.text, "type": "input_text"}], "role": "user"}
        return
    if said.text:
        yield {"content": said.text, "role": "assistant"}
    for key, name, arguments in said.calls:
        yield {
            "arguments": arguments,
            "call_id": key,
            "name": name,
            "type": "function_call",
            "status": "completed",
        }


def _responses_response(model: Model, reply: Reply, key: str, at: datetime) -> dict[str, Any]:
    output: list[dict[str, Any]] = [
        {
            "id": f"rs_{key}",
            "summary": [{"text": reply.thought, "type": "summary_text"}],
            "type": "reasoning",
            "encrypted_content": f"gAAAAAB{key}",
        }
    ]
    if reply.text:
        part = {"annotations": [], "text": reply.text, "type": "output_text"}
        output.append(
            {
                "id": f"msg_{key}",
                "content": [part],
                "role": "assistant",
                "status": "completed",
                "type": "message",
            }
        )
    for call, name, arguments in reply.calls:
        output.append(
            {
                "arguments": arguments,
                "call_id": call,
                "name": name,
                "type": "function_call",
                "status": "completed",
            }
        )
    return {
        "id": f"resp_{key}",
        "created_at": float(int(at.timestamp())),
        "error": None,
        "model": model.name,
        "object": "response",
        "output": output,
        "status": "completed",
        "usage": {
            "input_tokens": reply.prompt_tokens,
            "output_tokens": reply.completion_tokens,
            "total_tokens": reply.prompt_tokens + reply.completion_tokens,
        },
        "store": False,
    }


def _gemini(system: str, earlier: list[Said], tools: list[dict[str, Any]]) -> dict[str, Any]:
    contents: list[dict[str, Any]] = [{"role": "user", "parts": [{"text": system}]}]
    contents += [_gemini_content(said) for said in earlier]
    return {
        "contents": contents,
        "config": {"temperature": 1.0, "max_output_tokens": 16384},
        "tools": [{"functionDeclarations": tools}],
        "tool_config": {"function_calling_config": {"mode": "AUTO"}},
    }


def _gemini_content(said: Said) -> dict[str, Any]:
    if said.role == "tool":
        part = {"functionResponse": {"name": said.call_id, "response": {"result": said.text}}}
        return {"role": "function", "parts": [part]}
    parts: list[dict[str, Any]] = [{"text": said.text}] if said.text else []
    for _key, name, arguments in said.calls:
        parts.append({"functionCall": {"name": name, "args": json.loads(arguments)}})
    return {"role": "model" if said.role == "assistant" else "user", "parts": parts}


def _gemini_response(model: Model, reply: Reply) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"text": reply.text}] if reply.text else []
    for _key, name, arguments in reply.calls:
        parts.append({"functionCall": {"name": name, "args": json.loads(arguments)}})
    return {
        "candidates": [{"content": {"parts": parts, "role": "model"}, "finishReason": "STOP"}],
        "modelVersion": model.name,
        "usageMetadata": {
            "promptTokenCount": reply.prompt_tokens,
            "candidatesTokenCount": reply.completion_tokens,
            "totalTokenCount": reply.prompt_tokens + reply.completion_tokens,
        },
    }
