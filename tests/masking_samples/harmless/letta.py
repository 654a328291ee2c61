"""What a Letta server stores: configurations, calls, returns, heartbeats, memory."""

GROUPS = {
    "model settings": (
        '{{"model": "gpt-4o-mini", "model_endpoint_type": "openai", "model_endpoint": "https://api.openai.com/v1", "context_window": {nn}, "temperature": 0.{d}, "max_tokens": {nn}, "put_inner_thoughts_in_kwargs": true}}',
        '{{"embedding_model": "text-embedding-3-small", "embedding_dim": 1536, "embedding_chunk_size": {n}, "batch_size": 32, "handle": "openai/text-embedding-3-small"}}',
        '{{"tool_rules": [{{"type": "exit_loop", "tool_name": "send_message"}}], "reasoning_effort": "high", "parallel_tool_calls": false, "seed": {nn}}}',
        'model_wrapper: null\ncontext_window: {nn}\ntop_p: 0.{d}\nstop: ["</s>"]', '{{"provider": "anthropic", "handle": "anthropic/claude-sonnet-4-2025{n}", "tier": null}}',
    ),
    "tool calls": (
        '[{{"id": "call_<h24>", "function": {{"arguments": "{{\\"label\\": \\"human\\", \\"new_string\\": \\"likes {thing}\\", \\"insert_line\\": -1}}", "name": "memory_insert"}}, "type": "function"}}]',
        '{{"name": "archival_memory_search", "arguments": {{"query": "{thing}", "top_k": {d}, "start": "{day}", "end": "{day}"}}}}', '{{"type": "tool_use", "id": "toolu_01<a22>", "name": "get_weather", "input": {{"city": "{town}"}}}}',
        '{{"message": "I will remember that you like {thing}.", "request_heartbeat": false}}', '{{"name": "run_code", "arguments": "{{\\"code\\": \\"print(sum(range({nn})))\\"}}"}}',
    ),
    "tool returns": (
        '[{{"tool_call_id": "call_<h24>", "status": "success", "stdout": null, "stderr": null, "func_response": "{{\\n  \\"status\\": \\"OK\\",\\n  \\"message\\": \\"{n} results for {thing}\\",\\n  \\"time\\": \\"{iso}\\"\\n}}"}}]',
        '{{"status": "OK", "message": "Name: {name}\\nLikes: {thing}", "time": "2026-11-20 07:01:28 PM UTC+0000"}}', '{{"status": "Failed", "message": "Error executing function get_weather: TypeError: missing 1 required positional argument", "time": "{iso}"}}',
        '{{"temperature": {dec}, "wind": {dec}, "station": <d5>, "observed": "{iso}Z"}}', '[{{"timestamp": "{iso}", "content": "{name} prefers {thing}", "score": 0.<d6>}}]',
    ),
    "heartbeats": (
        '{{"type": "heartbeat", "reason": "[This is an automated system message hidden from the user] Continuing: continue tool rule.", "time": "2026-11-20 07:06:22 PM UTC+0000"}}',
        '{{"type": "user_message", "message": "and what about {thing}?", "time": "{iso}"}}', '{{"type": "login", "last_login": "Never (first login)", "time": "{day} 09:12:00 AM UTC+0000"}}', '{{"type": "system_alert", "message": "Note: prior messages ({n} of {nn} total messages) have been hidden"}}',
    ),
    "memory": (
        "Name: {name}\nTier: gold\nLikes: {thing}\nTickets: {n}", "I am a patient assistant who keeps good notes.", "fact {n}: {name} moved to {town} in {year}", "- {day}: asked about {thing}\n- {day}: paid invoice {nn}", "<human>\nName: unknown\nLikes: {thing}\n</human>",
        "### Memory [last modified: {day} {clock} UTC+0000]\n{n} previous messages are stored in recall memory", "<memory_metadata>\n- The current system date is: {iso}\n- {n} messages\n- {n} total memories\n</memory_metadata>", "persona_{d}: curious, brief; chars_current={nn} chars_limit=20000",
        "Plan {year}: {d} sprints of {n} days; owner {name}", "username: alex\nyou were imported.", "Preferred size: {n}, height 1{n} cm, shoe 4{d}", "Ziel: Halbmarathon unter 1:4{d}:00, Woche {n}",
    ),
    "rows": (
        "{uuid},{iso},user,{nn},{dec}", '{{"sequence_id": {nn}, "created_at": "{iso}.<d6>+00:00", "role": "assistant"}}', '{{"gAAAAABn": "{thing}", "signature": null}}', '"run_id": "run-{uuid}", "step_id": "step-{uuid}"', 'INSERT INTO messages VALUES (\'message-{uuid}\', {nn}, \'{iso}\');',
        '{{"prompt_tokens": {nn}, "completion_tokens": {n}, "cached_tokens": 0, "reasoning_tokens": {n}}}', '{{"stop_reason": "end_turn", "total_ns": <d12>, "ttft_ns": <d10>}}', '{{"deployment_id": "dep-{uuid}", "base_template_id": null}}', '{{"archive": "archive-{uuid}", "dim": 1536, "tags": ["{word}", "t{n}"]}}',
    ),
}  # fmt: skip
