"""How old the newest signed checkpoint is, as far as its file's name tells."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from agents_app.accounts.trail import signing

LATE: Final = timedelta(hours=26)
_LOOK_AGAIN_SECONDS: Final = 60.0
_AWAITED_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Newest:
    """`state`: unset (no folder), missing, late or fresh; `at` and `sequence` of the newest file."""

    state: str
    at: datetime | None = None
    sequence: int | None = None


def newest() -> Newest:
    """The newest checkpoint; the folder is looked at once a minute at most, more often while one is awaited."""
    global _kept
    folder, moment = settings.INSPECTOR_CHECKPOINT_DIR, time.monotonic()
    again = _LOOK_AGAIN_SECONDS if _kept and _kept[2].state == "fresh" else _AWAITED_SECONDS
    if _kept is None or _kept[0] != folder or moment - _kept[1] > again:
        _kept = folder, moment, _looked(folder)
    return _kept[2]


_kept: tuple[str, float, Newest] | None = None


def _looked(folder: str) -> Newest:
    if not folder:
        return Newest("unset")
    found = signing.files(Path(folder))
    if not found:
        return Newest("missing")
    _, sequence, moment = found[-1].stem.split("-", 2)
    at = datetime.strptime(moment, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return Newest("late" if datetime.now(UTC) - at > LATE else "fresh", at, int(sequence))
