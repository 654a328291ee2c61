"""Letta's identifiers: which table an id belongs to, told by its prefix."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_LENGTH: Final = 100
_NOT_STORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether a text column can hold it; an id out of stored JSON may be anything, and asking for such is an error."""
    return not _NOT_STORABLE.search(text)


class Kind(StrEnum):
    """What an id names; the value is Letta's prefix, but for UUID."""

    ORGANIZATION = "org"
    USER = "user"
    AGENT = "agent"
    MESSAGE = "message"
    BLOCK = "block"
    BLOCK_HISTORY = "block_hist"
    ARCHIVE = "archive"
    PASSAGE = "passage"
    PASSAGE_TAG = "passage-tag"
    SOURCE = "source"
    FILE = "file"
    FILE_CONTENT = "file_content"
    FILE_AGENT = "file_agent"
    TOOL = "tool"
    IDENTITY = "identity"
    GROUP = "group"
    CONVERSATION = "conv"
    CONVERSATION_MESSAGE = "conv_msg"
    RUN = "run"
    JOB = "job"
    STEP = "step"
    PROVIDER = "provider"
    MODEL = "model"
    PROVIDER_TRACE = "provider_trace"
    SANDBOX = "sandbox"
    SANDBOX_VARIABLE = "sandbox-env"
    AGENT_VARIABLE = "agent-env"
    MCP_SERVER = "mcp_server"
    MCP_TOOL = "mcp-tool-mapping"
    BATCH_REQUEST = "batch_req"
    BATCH_ITEM = "batch_item"
    UUID = "uuid"


@dataclass(frozen=True, slots=True)
class Recognised:
    """`exact` is False for an id that a client or an import has made up (agent-smith)."""

    kind: Kind
    id: str
    exact: bool


# "folder-" is what newer clients call a source.
_ALIASES: Final = {"folder": Kind.SOURCE}
_PREFIXES: Final = {kind.value: kind for kind in Kind if kind is not Kind.UUID} | _ALIASES
_ALTERNATIVES: Final = "|".join(sorted(map(re.escape, _PREFIXES), key=len, reverse=True))
_PREFIXED = re.compile(rf"({_ALTERNATIVES})-([A-Za-z0-9][A-Za-z0-9._:-]*)", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_EIGHT_DIGITS = re.compile(r"[0-9a-fA-F]{8}", re.ASCII)


def recognise(text: str) -> Recognised | None:
    """The Letta id that `text` is, blanks and quotes around it aside; None for anything else.

    An id is opaque: at most 100 letters, digits and `._:-` after a known prefix. Whether a row
    with it exists is another question.
    """
    words = text.strip().strip("\"'`,;<>()").strip()
    if not 0 < len(words) <= MAX_LENGTH:
        return None
    if _UUID.fullmatch(words):
        return Recognised(Kind.UUID, words, exact=True)
    found = _PREFIXED.fullmatch(words)
    if not found:
        return None
    return Recognised(_PREFIXES[found[1]], words, exact=bool(_EIGHT_DIGITS.match(found[2])))
