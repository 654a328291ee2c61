"""What is masked for whoever reads now: set once for a request or a piece of work, asked wherever text leaves."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from agents_app.text.masking.finding import SHORTEST, Lines, find, masked_at
from agents_app.text.masking.kinds import Found, Kind
from agents_app.text.masking.leaves import find_under
from agents_app.text.masking.names import tells

MOST_LINES: Final = 50_000
MARGIN: Final = 4_096
AHEAD: Final = 512
_CHUNK, _STREAM_MARGIN, _CONTEXT = 262_144, 32_768, 128
MARK: Final = re.compile(f"‹({'|'.join(Kind)})›")
_PREFIXES: Final = (
    "org|user|agent|message|block|block_hist|archive|passage|source|file|file_content|file_agent|tool|identity|group"
    "|conv|conv_msg|run|job|step|provider|model|provider_trace|sandbox|sandbox-env|agent-env|mcp_server|batch_req"
    "|batch_item|passage-tag|mcp-tool-mapping"
)
HARMLESS: Final = re.compile(
    rf"[a-z_]{{1,60}}|(?:(?:{_PREFIXES})-)?[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}"
    r"|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|\+00:00)?)?"
)
"""Letta's ids, times and plain names: most of what JSON holds."""
_SHORT: Final = 300
_NOTHING_TO_SEE: Final = "\ufffc"


@dataclass(frozen=True, slots=True)
class Policy:
    """The kinds that are masked."""

    kinds: frozenset[Kind]


UNMASKED: Final = Policy(frozenset())
MASKED: Final = Policy(frozenset(Kind))


@dataclass(frozen=True, slots=True)
class _InForce:
    """A policy with what was found in lines and short texts since it began; nothing of that outlives it."""

    policy: Policy
    lines: Lines = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


_default = [UNMASKED]
_in_force: ContextVar[_InForce | None] = ContextVar("masking", default=None)


def mask_by_default() -> None:
    """What a server does at its start: where nobody set a policy, everything is masked."""
    _default[0] = MASKED


@contextmanager
def using(policy: Policy) -> Iterator[None]:
    """The policy within; asked for again it keeps what was found in lines."""
    now = _in_force.get()
    entered = now if now is not None and now.policy == policy else _InForce(policy)
    token = _in_force.set(entered)
    try:
        yield
    finally:
        _in_force.reset(token)


def current() -> Policy:
    """The policy in force; outside of requests and work, the process's own."""
    now = _in_force.get()
    return _default[0] if now is None else now.policy


def masks() -> bool:
    """Whether anything is masked now."""
    return bool(current().kinds)


def shown(text: str) -> str:
    """`text` as the reader may see it: ‹e-mail› where an address stands."""
    policy = current()
    if not policy.kinds or len(text) < SHORTEST or HARMLESS.fullmatch(text):
        return text
    now = _in_force.get()
    if now is None or len(text) > _SHORT:
        return _masked(text, policy)
    known = now.texts.get(text)
    if known is None:
        if len(now.texts) > MOST_LINES:
            now.texts.clear()
        known = now.texts[text] = _masked(text, policy)
    return known


def shown_under(name: str, text: str) -> str:
    """A value of a tree, a row or a property as the reader may see it, whose name is `name`."""
    policy = current()
    if not policy.kinds or not text or (not tells(name) and HARMLESS.fullmatch(text)):
        return text
    found = find_under(name, text, policy.kinds, lines=_lines())
    return masked_at(text, found) if found else text


def _masked(text: str, policy: Policy) -> str:
    found = find(text, policy.kinds, lines=_lines())
    return masked_at(text, found) if found else text


def beginning(text: str, limit: int | None) -> tuple[str, int]:
    """As much of it as `limit` characters hold, masked before it is cut, and how many are left."""
    if limit is None or len(text) <= limit:
        return shown(text), 0
    policy = current()
    if not policy.kinds:
        return text[:limit], len(text) - limit
    piece = text[: limit + MARGIN]
    found = find(piece, policy.kinds, lines=_lines())
    end = max([limit, *(one.end for one in found if one.start < limit)])
    return masked_at(piece, found, end=limit), len(text) - end


def streamed(pieces: Iterable[str]) -> Iterator[str]:
    """A long text that comes in pieces, cut anywhere, masked as it goes; memory stays bounded."""
    policy, buffer, sent = current(), "", 0
    if not policy.kinds:
        yield from pieces
        return
    for piece in pieces:
        buffer += piece
        while len(buffer) - sent > _CHUNK + _STREAM_MARGIN:
            found = find(buffer[: sent + _CHUNK + _STREAM_MARGIN], policy.kinds)
            end = _quiet_place(found, sent + _CHUNK)
            yield _from(buffer, [one for one in found if one.end <= end], sent, end)
            sent, buffer = min(end, _CONTEXT), buffer[max(0, end - _CONTEXT) :]
    yield _from(buffer, find(buffer, policy.kinds), sent, len(buffer))


def _quiet_place(found: Sequence[Found], end: int) -> int:
    """`end`, or where the stretch ends that stands across it."""
    return max([end, *(one.end for one in found if one.start < end)])


def _from(text: str, found: Iterable[Found], start: int, end: int) -> str:
    """The part of a text that was not sent before; what began before it was sent as a mark."""
    inside = [
        Found(max(one.start, start) - start, one.end - start, one.kind, one.format)
        for one in found
        if one.end > start
    ]
    return masked_at(text[start:end], inside)


def outside_masks(text: str, spans: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Those parts of an already masked text that are not inside ‹…›, whose words nobody stored."""
    if not spans or "‹" not in text or not masks():
        return spans
    marks = [mark.span() for mark in MARK.finditer(text)]
    return [
        one for one in spans if not any(one[0] < end and start < one[1] for start, end in marks)
    ]


def searchable(text: str) -> str:
    """`text` as a search may see it: a masked stretch matches nothing that can be typed, nor does a mark."""
    if not masks():
        return text
    return MARK.sub(_NOTHING_TO_SEE, shown(text))


def searchable_under(name: str, text: str) -> str:
    """The same of a value that stands under `name`."""
    if not masks():
        return text
    return MARK.sub(_NOTHING_TO_SEE, shown_under(name, text))


def _lines() -> Lines | None:
    now = _in_force.get()
    if now is None:
        return None
    if len(now.lines) > MOST_LINES:
        now.lines.clear()
    return now.lines
