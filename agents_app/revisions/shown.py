"""Memory blocks as a prompt shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Shown:
    """One block as a prompt shows it, line numbers removed.

    `stripped`: line ends at the end of the value are not shown (git-backed agents, 0.16.7+).
    """

    label: str
    value: str
    limit: int
    read_only: bool = False
    numbered: bool = False
    stripped: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory section of a prompt, by label.

    `whole` is False when the section broke off: then a block that is not here may have been shown
    all the same. `agent_id` and `conversation_id` are what the prompt says (0.16.7+).
    """

    blocks: Mapping[str, Shown] = field(default_factory=dict)
    whole: bool = True
    agent_id: str | None = None
    conversation_id: str | None = None
