"""What the states of runs, jobs and steps mean; every set is open, an unknown word is just shown."""

FAILED_REASONS = frozenset(
    (
        "context_window_overflow_in_system_prompt",
        "error",
        "insufficient_credits",
        "invalid_llm_response",
        "invalid_tool_call",
        "llm_api_error",
        "max_tokens_exceeded",
        "no_tool_call",
    )
)
"""Stop reasons that mean failure, as Letta itself counts them."""

_GOOD_REASONS = {"end_turn", "max_steps", "tool_rule", "requires_approval", "cancelled"}
STOP_REASONS = tuple(sorted(_GOOD_REASONS | FAILED_REASONS))
UNFINISHED = frozenset({"created", "running", "pending", "not_started"})
STATUSES = ("created", "running", "completed", "cancelled", "pending", "expired", "not_started")


def is_failed(status: str | None, stop_reason: str | None) -> bool:
    """A run counts as failed by either; releases before 0.12 keep no stop reason."""
    return (status or "").lower() == "failed" or (stop_reason or "").lower() in FAILED_REASONS


def is_unfinished(status: str | None) -> bool:
    """Still under way, or left behind by a crash: Letta never tidies such rows up."""
    return (status or "").lower() in UNFINISHED
