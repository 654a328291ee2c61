"""Memory blocks as a system prompt shows them, in every layout from 0.6 to 0.16.8.

Those of git-backed agents are read in `projections`.

Values stand in the prompt unescaped and may hold text that looks like the layout. Each block says
how long its value is, so a value is cut out by its length and believed only when the block's own
end follows: imitations inside values, descriptions or the base prompt do not fit.
"""

import re
from dataclasses import replace
from typing import Final

from agents_app.revisions.projections import read_projections
from agents_app.revisions.shown import Memory, Shown

__all__ = ["Memory", "Shown", "read_memory"]

MODERN_START: Final = "<memory_blocks>"
CLASSIC_START: Final = "Core memory shown below"
_MODERN_INTRO = re.compile(r"<memory_blocks>\n[^\n<]*\n\n?")  # 0.8.0+
_CLASSIC_INTRO = re.compile(r"Core memory shown below[^\n]*\n")  # up to 0.7.29
_MODERN_END = re.compile(r"\s*</memory_blocks>")
_OPEN = re.compile(r"\s*<(?P<label>[^\n]+?)>\n")
_CLASSIC_OPEN = re.compile(r'\s*<(?P<label>[^\n]+?) characters="(?P<now>\d+)/(?P<limit>\d+)">\n')
# 0.8.0+ writes lines, 0.7.16 to 0.7.29 attributes; an empty description still has its element.
_METADATA = re.compile(
    r"\n?</description>\s*<metadata>?"
    r"(?:\s*-?\s*read_only=\"?(?P<read_only>true)\"?)?"
    r"\s*-?\s*chars_current=\"?(?P<now>\d+)\"?\s*-?\s*chars_limit=\"?(?P<limit>\d+)\"?"
    r"\s*/?>?\s*(?:</metadata>)?\s*"
    r"(?P<warning><warning>\n[^\n]*\n</warning>\n)?<value>\n"
)
_NOTICE = re.compile(r"# NOTE: Line numbers shown below[^\n]*?edit tool calls\.\n?")
_PREFIXES: Final = ("Line {}: ", "{}\u2192 ", "{}\u2192")
_METADATA_LINE = re.compile(r"^- (AGENT_ID|CONVERSATION_ID): ([^\n]+)$", re.MULTILINE)


def read_memory(prompt: str) -> Memory | None:
    """What the prompt shows of the blocks; None for a prompt without a memory section."""
    for intro, end in ((_MODERN_INTRO, _MODERN_END), (_CLASSIC_INTRO, None)):
        found = [_section(prompt, start.end(), end) for start in intro.finditer(prompt)]
        good = [memory for memory in found if memory.whole] or [
            memory for memory in found if memory.blocks
        ]
        if good:
            return good[0]
    projected = read_projections(prompt)
    return _signed(projected, prompt) if projected else None


def _signed(memory: Memory, prompt: str) -> Memory:
    """With what the metadata say, wherever they stand: the last ones do."""
    said = dict(_METADATA_LINE.findall(prompt))
    conversation = said.get("CONVERSATION_ID")
    return replace(
        memory,
        agent_id=said.get("AGENT_ID"),
        conversation_id=None if conversation == "default" else conversation,
    )


def _section(prompt: str, at: int, end: re.Pattern[str] | None) -> Memory:
    blocks: dict[str, Shown] = {}
    while (found := _block(prompt, at)) is not None:
        shown, at = found
        blocks[shown.label] = shown
    whole = bool(end.match(prompt, at)) if end else not prompt[at:].strip() and bool(blocks)
    said = dict(_METADATA_LINE.findall(prompt, at)) if whole and end else {}
    conversation = said.get("CONVERSATION_ID")
    return Memory(
        blocks, whole, said.get("AGENT_ID"), None if conversation == "default" else conversation
    )


def _block(prompt: str, at: int) -> tuple[Shown, int] | None:
    """The block that begins here, and where it ends."""
    classic = _CLASSIC_OPEN.match(prompt, at)
    if classic:
        shown = _valued(prompt, classic.end(), label=classic["label"], numbers=classic, closing="")
        if shown:
            return shown
    opened = _OPEN.match(prompt, at)
    if opened is None or not prompt.startswith("<description>", opened.end()):
        return None
    for numbers in _METADATA.finditer(prompt, opened.end()):
        shown = _valued(
            prompt, numbers.end(), label=opened["label"], numbers=numbers, closing="</value>\n"
        )
        if shown:
            return shown
    return None


def _valued(
    prompt: str, at: int, *, label: str, numbers: re.Match[str], closing: str
) -> tuple[Shown, int] | None:
    """The value at this place when the block ends behind it."""
    size, end = int(numbers["now"]), f"{closing}</{label}>"
    fields = numbers.groupdict()
    numbered = _numbered(prompt, at, size=size, end=end)
    if numbered is None and not size and fields.get("warning") and prompt.startswith(end, at):
        numbered = "", at + len(end)  # 0.12+: an empty value has no line at all
    if numbered is None and not fields.get("warning"):
        plain = prompt[at : at + size]
        if len(plain) != size or not prompt.startswith(f"\n{end}", at + size):
            return None
        shown = Shown(label, plain, int(numbers["limit"]), bool(fields.get("read_only")))
        return shown, at + size + 1 + len(end)
    if numbered is None:
        return None
    value, after = numbered
    return Shown(
        label, value, int(numbers["limit"]), bool(fields.get("read_only")), numbered=True
    ), after


def _numbered(prompt: str, at: int, *, size: int, end: str) -> tuple[str, int] | None:
    """A value of `size` characters whose lines are numbered, and where its block ends."""
    notice = _NOTICE.match(prompt, at)
    at = notice.end() if notice else at
    for prefix in _PREFIXES:
        found = _lines(prompt, at, prefix=prefix, size=size, end=end)
        if found:
            return found
    closed = re.compile(rf"\n?{re.escape(end)}").match(prompt, at) if notice and not size else None
    return ("", closed.end()) if closed else None


def _lines(prompt: str, at: int, *, prefix: str, size: int, end: str) -> tuple[str, int] | None:
    lines: list[str] = []
    left = size
    while left >= 0:
        head = prefix.format(len(lines) + 1)
        if not prompt.startswith(head, at):
            return None
        stop = prompt.find("\n", at + len(head))
        if stop < 0:
            return None
        lines.append(prompt[at + len(head) : stop])
        left -= len(lines[-1])
        at = stop + 1
        if not left and prompt.startswith(end, at):
            return "\n".join(lines), at + len(end)
        left -= 1
    return None
