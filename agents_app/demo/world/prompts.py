"""System prompts with the memory section laid out as each release compiles it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from agents_app.demo.world.era import Era
from agents_app.demo.world.memory import Block

_NOTICE = (
    "# NOTE: Line numbers shown below are to help during editing. Do NOT include line number "
    "prefixes in your memory edit tool calls."
)
_ARROW_NOTICE = (
    "# NOTE: Line numbers shown below (with arrows like '1→') are to help during editing. Do NOT "
    "include line number prefixes in your memory edit tool calls."
)
_RULES_INTRO = (
    "The following constraints define rules for tool usage and guide desired behavior. These "
    "rules must be followed to ensure proper tool execution and workflow. A single response may "
    "contain multiple tool calls."
)
WITHOUT_BLOCKS = ("react_agent", "workflow_agent")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a prompt says besides the blocks."""

    agent_id: str
    agent_type: str
    endpoint: str
    timezone: str
    rules: tuple[tuple[str, str], ...] = ()
    conversation_id: str | None = None
    recall: int = 0
    archival: int = 0


def clock(moment: datetime, timezone: str) -> str:
    """A time as Letta writes it into texts: `2026-11-20 06:47:17 PM UTC+0000`."""
    return moment.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %I:%M:%S %p %Z%z")


def compiled(
    system: str, blocks: Iterable[Block], setting: Setting, *, era: Era, at: datetime
) -> str:
    """The text of the system message at a moment."""
    if not era.since("0.8.17"):
        return f"{system}\n{_classic(blocks, setting, era=era, at=at)}"
    parts = [] if setting.agent_type in WITHOUT_BLOCKS else [_memory(blocks, setting, era=era)]
    if setting.rules:
        parts.append(_rules(setting))
    parts.append(_metadata(setting, era=era, at=at))
    return "\n\n".join([system, *parts])


def _classic(blocks: Iterable[Block], setting: Setting, *, era: Era, at: datetime) -> str:
    lines = [
        f"### Memory [last modified: {clock(at, setting.timezone)}]",
        f"{setting.recall} previous messages between you and the user are stored in recall "
        "memory (use functions to access them)",
        f"{setting.archival} total memories you created are stored in archival memory (use "
        "functions to access them)",
        "",
        "Core memory shown below (limited in size, additional information stored in archival / "
        "recall memory):",
    ]
    for block in blocks:
        value = block.value
        if era.numbers_lines(setting.agent_type, setting.endpoint):
            value = f"{_NOTICE}\n{_numbered(value, 'Line {}: ')}"
        lines += [f'<{block.label} characters="{len(block.value)}/{block.limit}">', value]
        lines.append(f"</{block.label}>")
    return "\n".join(lines)


def _memory(blocks: Iterable[Block], setting: Setting, *, era: Era) -> str:
    intro = "The following memory blocks are currently engaged in your core memory unit:"
    shown = "\n\n".join(_block(block, setting, era=era) for block in blocks)
    return f"<memory_blocks>\n{intro}\n\n{shown}\n\n</memory_blocks>"


def _block(block: Block, setting: Setting, *, era: Era) -> str:
    read_only = "\n- read_only=true" if block.read_only else ""
    return (
        f"<{block.label}>\n<description>\n{block.description}\n</description>\n<metadata>"
        f"{read_only}\n- chars_current={len(block.value)}\n- chars_limit={block.limit}\n"
        f"</metadata>\n{_value(block.value, setting, era=era)}\n</{block.label}>"
    )


def _value(value: str, setting: Setting, *, era: Era) -> str:
    if not era.numbers_lines(setting.agent_type, setting.endpoint):
        return f"<value>\n{value}\n</value>"
    if era.since("0.13.0"):
        numbered = _numbered(value, "{}→ ")
        return f"<warning>\n{_ARROW_NOTICE}\n</warning>\n<value>\n{numbered}\n</value>"
    return f"<value>\n{_NOTICE}\n{_numbered(value, 'Line {}: ')}\n</value>"


def _numbered(value: str, prefix: str) -> str:
    lines = enumerate(value.split("\n"), start=1)
    return "\n".join(f"{prefix.format(number)}{line}" for number, line in lines)


def _rules(setting: Setting) -> str:
    words = {
        "exit_loop": "ends your response (yields control) when called",
        "continue_loop": "requires continuing your response when called",
        "requires_approval": "requires human approval when called",
    }
    rules = "\n".join(
        f"<tool_rule>\n{name} {words[kind]}\n</tool_rule>" for name, kind in setting.rules
    )
    return f"<tool_usage_rules>\n{_RULES_INTRO}\n\n{rules}\n</tool_usage_rules>"


def _metadata(setting: Setting, *, era: Era, at: datetime) -> str:
    recall = f"- {setting.recall} previous messages between you and the user are stored in recall"
    if era.since("0.16.8"):
        lines = [
            f"- AGENT_ID: {setting.agent_id}",
            f"- CONVERSATION_ID: {setting.conversation_id or 'default'}",
            f"- System prompt last recompiled: {clock(at, setting.timezone)}",
            f"{recall} memory",
        ]
    else:
        today = at.astimezone(ZoneInfo(setting.timezone))
        first = f"- The current system date is: {today:%B %d, %Y}"
        if not era.since("0.11.7"):
            first = f"- The current time is: {clock(at, setting.timezone)}"
        modified = f"- Memory blocks were last modified: {clock(at, setting.timezone)}"
        lines = [first, modified, f"{recall} memory (use tools to access them)"]
    if setting.archival:
        lines.append(
            f"- {setting.archival} total memories you created are stored in archival "
            "memory (use tools to access them)"
        )
    return "\n".join(["<memory_metadata>", *lines, "</memory_metadata>"])
