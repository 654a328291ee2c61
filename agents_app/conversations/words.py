"""What the kinds of rows and pieces are called on the page."""

ROLES = {
    "user": "User",
    "reply": "Agent",
    "thought": "Agent",
    "tool": "Tools",
    "system_prompt": "System prompt",
    "system": "System",
    "summary": "Summary",
    "approval_request": "Approval asked",
    "approval_response": "Approval",
    "event": "Event",
    "agent_message": "Other agent",
    "transcript": "Transcript",
    "unknown": "Unknown",
}
"""By `Reading.kind`."""

LOOKS = {
    "system_prompt": "system",
    "approval_request": "approval",
    "approval_response": "approval",
    "agent_message": "agent",
    "transcript": "event",
    "unknown": "event",
}
"""`data-kind` of a turn, where it is not `Reading.kind` itself."""

EVENTS = {
    "login": "The user came back.",
    "heartbeat": "Letta asked the agent to go on.",
    "system_alert": "Letta told the agent:",
    "system_reminder": "A client told the agent:",
    "transcript": "What the agent was given to work on:",
}
"""By `Envelope.kind`."""

HIDDEN_THOUGHTS = {
    "redacted_reasoning": "The model’s provider has hidden this thought.",
    "omitted_reasoning": "The model thought here; its provider kept the text.",
    "summarized_reasoning": "The provider gave no summary of this thought.",
    "reasoning": "An empty thought.",
}

TRIGGERS = {
    "context_window_exceeded": "the context window was full",
    "post_step_context_check": "the context window was nearly full",
    "context_window_overflow": "the context window was full",
}

MEDIA = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WebP",
    "image/svg+xml": "SVG",
}


def counted(count: int, one: str, many: str = "") -> str:
    """`1 thought`, `2 thoughts`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def span(seconds: float) -> str:
    """A pause in its two largest units: `2 h 14 min`, `3 days`."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
    return counted(minutes // (24 * 60), "day")
