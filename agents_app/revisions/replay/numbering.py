"""Line numbers that Letta shows in prompts and refuses in arguments."""

import re
from typing import Final

from agents_app.revisions.replay.outcome import Release, at_least, before

NOTICES: Final = ("# NOTE: Line numbers shown below",)
_FIRST_FORM = re.compile(r"\nLine \d+: ")  # 0.6.54 to 0.7.29: a line other than the first
_SECOND_FORM = re.compile(r"^[ \t]*Line \d+: ", re.MULTILINE)  # 0.8 to 0.12
_ARROW_FORM = re.compile(r"^[ \t]*\d+\u2192", re.MULTILINE)  # 0.13+


def refused(text: str, release: Release) -> bool:
    """Whether this release rejects the text; an unknown release rejects nothing."""
    if not release:
        return False
    if any(notice in text for notice in NOTICES):
        return True
    if before(release, 0, 8):
        return bool(_FIRST_FORM.search(text))
    form = _ARROW_FORM if at_least(release, 0, 13) else _SECOND_FORM
    return bool(form.search(text))
