"""Whether what a memory tool returned is the complete new value (0.16.5+) or only says that it ran."""

import re
from typing import Final

from agents_app.revisions.evidence import Call
from agents_app.revisions.replay import apply, undo
from agents_app.revisions.replay.outcome import text

_SENTENCE = re.compile(r"The core memory block with label |Successfully |Error |None\Z")
_DELETE_FAILED: Final = "Error performing delete"


def complete_value(call: Call, *, label: str) -> str | None:
    """The returned value, when it can be the result of this call; None for a mere confirmation.

    Releases do not tell: a database may have been upgraded. The text must fit the arguments.
    """
    returned = call.returned
    if returned is None or call.truncated or call.status != "success" or _says_nothing(call):
        return None
    whole = apply(call.tool, call.arguments, None, label=label)
    if whole.value is not None:
        return returned if returned == whole.value else None
    if call.tool == "core_memory_append":
        content = text(call.arguments, "content")
        return returned if content is not None and returned.endswith(f"\n{content}") else None
    was = undo(call.tool, call.arguments, returned, label=label)
    if was.kind == "value":
        return returned
    return returned if was.kind == "ambiguous" and not _SENTENCE.match(returned) else None


def _says_nothing(call: Call) -> bool:
    """Creating, deleting, renaming and extended patches return a sentence."""
    if call.tool == "memory":
        return text(call.arguments, "command") not in ("str_replace", "insert")
    return call.tool == "memory_apply_patch" and "*** " in (text(call.arguments, "patch") or "")


def succeeded(status: str, returned: str) -> bool:
    """Some failures come back as successes whose text says otherwise."""
    return status == "success" and not returned.startswith(_DELETE_FAILED)
