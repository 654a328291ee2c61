"""`manage.py archive_trail`: moves the oldest rows of the trail into a signed file; nothing is lost."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from agents_app.accounts.models import AccessEvent, TrailSegment
from agents_app.accounts.trail import rows, signing
from agents_app.accounts.trail.chain import Follower, Link, line_of
from agents_app.accounts.trail.rows import WINDOW
from agents_app.management.commands.checkpoint_trail import checkpoint, places
from dashboard.owndb.owner import as_owner


class Command(BaseCommand):
    help = "Moves rows from before a day into DIR as JSON lines, signed; what stays follows their last hash."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--before", required=True, type=_day, help="Day, such as 2026-01-01 (UTC).")  # fmt: skip
        parser.add_argument("--to", required=True, type=Path, help="Folder for the segment's files.")  # fmt: skip

    def handle(self, *arguments: Any, **options: Any) -> None:
        folder, key_file = places()
        last = AccessEvent.objects.filter(at__lt=options["before"]).order_by("-sequence").first()
        if last is None:
            self.stdout.write("No row is that old.")
            return
        checkpoint(folder, key_file)  # so that what stays is signed too
        options["to"].mkdir(parents=True, exist_ok=True)
        segment = _written(options["to"], rows.beginning(), last.sequence)
        statement = {
            "first_sequence": segment.first_sequence, "last_sequence": segment.last_sequence,
            "last_hash": segment.last_hash, "file_sha256": segment.file_sha256,
        }  # fmt: skip
        signature = _path(options["to"], segment).with_suffix(".signed.json")
        signature.write_text(signing.signed(statement, signing.private_key(key_file)))
        _take_out(segment)
        self.stdout.write(
            f"Moved rows {segment.first_sequence:,} to {segment.last_sequence:,} to {_path(options['to'], segment)}."
        )


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _written(folder: Path, start: Link, last: int) -> TrailSegment:
    """Writes the rows and checks them on the way: a segment holds only what is as recorded."""
    follower = Follower(start)
    segment = TrailSegment(first_sequence=start.sequence + 1, last_sequence=last)
    path, at = _path(folder, segment), datetime.now(UTC)
    with path.open("x", encoding="utf-8") as lines:
        for row in rows.stored(start.sequence, until=last):
            if not follower.follow([row]):
                break
            lines.write(json.dumps(line_of(row)) + "\n")
            at = row["at"]
    bad = follower.ends(Link(last, follower.at.hash))
    if bad is not None:
        path.unlink()
        raise CommandError(f"Row {bad.sequence:,} is {bad.problem}; nothing was moved.")
    segment.last_hash, segment.last_at = follower.at.hash, at
    segment.file_sha256 = signing.digest(path)
    return segment


def _take_out(segment: TrailSegment) -> None:
    """Deletes them as the owner, in stretches that each stay below the statement's time limit."""
    with as_owner(), transaction.atomic():
        segment.save()
        for end in range(segment.first_sequence + WINDOW, segment.last_sequence + WINDOW, WINDOW):
            until = min(end, segment.last_sequence)
            AccessEvent.objects.filter(sequence__lte=until).delete()


def _path(folder: Path, segment: TrailSegment) -> Path:
    return folder / f"trail-{segment.first_sequence:012d}-{segment.last_sequence:012d}.jsonl"
