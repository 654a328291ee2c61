"""Which rows of `messages` only those read, and find, who may see prompts."""

from agents_app.letta.reading.messages import Reading


def is_withheld(reading: Reading, *, prompts: bool) -> bool:
    """Whether the row is a system prompt, or may be an old one, and the reader may not see those."""
    return not prompts and (
        reading.kind == "system_prompt" or (reading.kind == "system" and reading.role == "system")
    )
