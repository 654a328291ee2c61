"""Who reads in the canary tests, and what each may see: written apart from the code that decides it."""

import re
from dataclasses import dataclass, field

from agents_app.letta.secrets import SECRETS
from tests.canaries import Place

METADATA, CONTENT, MEMORY = "metadata", "content", "memory"
PERSONAL, PROMPT, SECRET = "personal", "prompt", "secret"

CLASSES: dict[str, set[str]] = {
    CONTENT: {
        "messages.*", "archival_passages.text", "archival_passages.metadata_", "source_passages.text",
        "source_passages.metadata_", "file_contents.text", "files_agents.visible_content",
        "conversations.summary", "llm_batch_items.*", "llm_batch_job.*",
    },
    MEMORY: {"block.value", "block_history.value"},
    PERSONAL: {"identities.*"},
    PROMPT: {
        "agents.system", "provider_traces.request_json", "provider_traces.response_json", "tools.source_code",
        "prompts.prompt",
    },
}  # fmt: skip


# What a call of a memory tool writes is a block's value over time: evidence, on the pages of memory.
OF_MEMORY = re.compile(
    r"/blocks/[^/]+/(history|blame)/|/agents/[^/]+/(memory|at)/|/blocks/[^/]+/$|/identities/[^/]+/(changes|memory)/"
)
EVIDENCE = {("messages", "tool_calls")}


def class_of(place: Place, *, path: str = "") -> str:
    """The class of fields that a column belongs to, on the page at `path`."""
    if (place.table, place.column) in EVIDENCE and OF_MEMORY.match(path):
        return MEMORY
    if place.column in SECRETS.get(place.table, ()):
        return SECRET
    names = {f"{place.table}.*", f"{place.table}.{place.column}"}
    return next((kind for kind, columns in CLASSES.items() if names & columns), METADATA)


@dataclass(frozen=True)
class Reader:
    """`sees` are classes of fields, in `letters` of organizations; `waiting` only where `opened`."""

    name: str
    role: str
    sees: frozenset[str]
    letters: str = "abco"
    waiting: frozenset[str] = frozenset()
    opened: str = ""
    assigned: dict[str, str] = field(default_factory=dict)
    masked: bool = True

    def may_see(self, place: Place, *, path: str = "") -> bool:
        kind = class_of(place, path=path)
        if kind not in self.sees or place.organization not in self.letters:
            return False
        return kind not in self.waiting or place.organization in self.opened


SUPPORT = frozenset({METADATA, CONTENT, MEMORY, PERSONAL})
AUDITOR = frozenset({METADATA, CONTENT, MEMORY, PERSONAL, PROMPT})
REASON = frozenset({CONTENT, PROMPT})
READERS = {
    reader.name: reader
    for reader in (
        Reader("support", "support", SUPPORT, letters="a", assigned={"a": "own", "c": "on_request"}),
        Reader("support-opened", "support", SUPPORT, letters="ac", opened="c",
               assigned={"a": "own", "c": "on_request"}),
        Reader("ops", "ops", frozenset({METADATA})),
        Reader("auditor", "auditor", AUDITOR, waiting=REASON),
        Reader("auditor-opened", "auditor", AUDITOR, waiting=REASON, opened="b"),
        Reader("admin", "admin", frozenset()),
        Reader("nobody", "", frozenset(), letters=""),
        Reader("superuser", "superuser", AUDITOR, masked=False),
    )
}  # fmt: skip
