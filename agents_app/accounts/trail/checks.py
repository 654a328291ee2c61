"""Checks of the chain that a page can make: one row and its neighbours, and the newest stretch."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from agents_app.accounts.models import AccessEvent
from agents_app.accounts.trail import rows, signing
from agents_app.accounts.trail.chain import LINE, Bad, Follower, Link, Row, hash_of

STRETCHES: Final = (1_000, 3_000, 10_000)
MOST_CHECKPOINTS: Final = 60


@dataclass(frozen=True)
class Checked:
    """A row, those beside it, and what is wrong; `previous` is a row or the end of what was moved out."""

    row: Row
    previous: Link | None
    following: Row | None
    problems: tuple[str, ...]

    @property
    def verifies(self) -> bool:
        return not self.problems


def checked(sequence: int) -> Checked | None:
    """Whether the row is what was sealed and stands where it was put; None where it is not stored."""
    near = {row["sequence"]: row for row in _rows(sequence - 1, sequence + 1)}
    row, following = near.get(sequence), near.get(sequence + 1)
    if row is None:
        return None
    before = near.get(sequence - 1)
    previous = Link(before["sequence"], before["hash"]) if before else _beginning(sequence)
    return Checked(row, previous, following, tuple(_problems(row, previous, following)))


def _rows(first: int, last: int) -> list[Row]:
    found = AccessEvent.objects.filter(sequence__range=(first, last)).order_by("sequence")
    return list(found.values(*LINE))


def _beginning(sequence: int) -> Link | None:
    start = rows.beginning()
    return start if start.sequence == sequence - 1 else None


def _problems(row: Row, previous: Link | None, following: Row | None) -> list[str]:
    found, head = [], rows.head()
    if hash_of(row, row["previous_hash"]) != row["hash"]:
        found.append("Its hash is not that of its contents: it was changed after it was sealed.")
    if previous is None:
        found.append(f"Row {row['sequence'] - 1:,}, upon which it was sealed, is missing.")
    elif previous.hash != row["previous_hash"]:
        found.append(f"It was sealed upon another row {previous.sequence:,} than is stored now.")
    if following is not None and following["previous_hash"] != row["hash"]:
        found.append(f"Row {following['sequence']:,} was sealed upon another row than this one.")
    if following is None and head != Link(row["sequence"], row["hash"]):
        found.append(f"Row {row['sequence'] + 1:,} is missing.")
    return found


@dataclass(frozen=True)
class Stretch:
    """The newest rows as far as they were followed; `signed` checkpoints lay among them."""

    first: int
    last: int
    rows: int
    signed: int
    bad: Bad | None
    seconds: float


def newest(count: int) -> Stretch | None:
    """Follows the newest `count` rows to the head; None while the trail is empty."""
    began, head, start = time.monotonic(), rows.head(), rows.beginning()
    if head is None:
        return None
    if head.sequence - count > start.sequence:
        sequence = head.sequence - count
        found = AccessEvent.objects.filter(sequence=sequence).values_list("hash", flat=True).first()
        start = Link(sequence, found or "")
    signed = {at: hash for at, hash in _signed().items() if start.sequence < at <= head.sequence}
    follower = Follower(start, checkpoints=signed)
    follower.follow(rows.stored(start.sequence, until=head.sequence))
    return Stretch(
        start.sequence + 1, head.sequence, follower.rows, len(signed), follower.ends(head),
        time.monotonic() - began,
    )  # fmt: skip


@dataclass(frozen=True)
class Signature:
    """What became of the newest checkpoint: `state` is none, unreadable, wrong or right."""

    state: str
    text: str = ""


def newest_signature() -> Signature:
    """Whether the newest checkpoint is rightly signed and its row is stored with the hash it names."""
    files = _files()
    if not files:
        return Signature("none")
    try:
        found = signing.Checkpoint(**signing.opened(files[-1], signing.public_key(_key())))
    except (signing.NotSigned, TypeError) as error:
        return Signature("unreadable", str(error))
    stored = AccessEvent.objects.filter(sequence=found.sequence).values_list("hash", flat=True)
    here = stored.first()
    if here is None and found.sequence <= rows.beginning().sequence:
        return Signature("right", f"Row {found.sequence:,}, which it signs, was moved out.")
    if here != found.hash:
        return Signature("wrong", f"Row {found.sequence:,} is not the one that was signed.")
    return Signature("right", f"Row {found.sequence:,} is the one that was signed.")


def _signed() -> dict[int, str]:
    """The newest checkpoints by row; none where no key can be read here."""
    try:
        key = signing.public_key(_key())
        opened = [signing.opened(path, key) for path in _files()]
    except signing.NotSigned:
        return {}
    return {int(one["sequence"]): str(one["hash"]) for one in opened}


def _files() -> list[Path]:
    folder = settings.INSPECTOR_CHECKPOINT_DIR
    return signing.files(Path(folder))[-MOST_CHECKPOINTS:] if folder else []


def _key() -> Path:
    """The public half beside the key where there is one, so that this process need not read the key."""
    key = Path(settings.INSPECTOR_CHECKPOINT_KEY_FILE or "no-key")
    public = key.with_name(f"{key.name}.pub")
    return public if public.exists() else key
