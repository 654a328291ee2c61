"""What the grades of revisions mean, in words, with the level that a badge shows them in."""

from typing import Final

from agents_app.revisions.revision import Grade

GRADES: Final[dict[Grade, tuple[str, str]]] = {
    "observed": ("ok", "A stored text holds this value: a tool’s return, a prompt, a checkpoint or the present row."),
    "verified": ("ok", "Replayed from the value before, and a later stored text shows the same."),
    "replayed": ("info", "Replayed or undone from a known value; nothing stored contradicts it, nothing confirms it."),
    "conflict": ("warn", "Two pieces of evidence disagree; each side is listed."),
    "gap": ("warn", "Something wrote here, and nothing stored says what."),
}  # fmt: skip
