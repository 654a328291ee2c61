"""`manage.py verify_trail`: whether the trail is what was recorded; names the first row that is not."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agents_app.accounts.trail import rows, signing
from agents_app.accounts.trail.chain import START, Follower, Link, Row


class Command(BaseCommand):
    """Exit code 1 when something was changed, cut or moved."""

    help = "Follows the chain of the trail and checks it against the signed checkpoints."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--file", type=Path, nargs="+", help="JSON lines instead of our database, in order."
        )
        parser.add_argument(
            "--checkpoints", type=Path, help="Folder of checkpoints (default: the setting)."
        )
        parser.add_argument("--public-key", type=Path, help="Key for signatures (default: the setting)")  # fmt: skip
        parser.add_argument("--part", action="store_true", help="The file is a stretch of the trail only.")  # fmt: skip

    def handle(self, *arguments: Any, **options: Any) -> None:
        signed = self._signed(options)
        began, files = time.monotonic(), options["file"]
        try:
            follower = Follower(self._start(files, part=options["part"]), checkpoints=signed)
            follower.follow(self._rows(files))
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"The file is no JSON lines of a trail ({error}).") from error
        bad = follower.bad if options["part"] else follower.ends(None if files else rows.head())
        if bad is not None:
            raise CommandError(f"Row {bad.sequence:,} is {bad.problem}.", returncode=1)
        self.stdout.write(
            f"{follower.rows:,} rows up to {follower.at.sequence:,} are as recorded;"
            f" {len(signed)} checkpoint{'' if len(signed) == 1 else 's'} read ({time.monotonic() - began:.1f} s)."
        )

    def _signed(self, options: dict[str, Any]) -> dict[int, str]:
        """What was signed for which row; a checkpoint that is not rightly signed is an error itself."""
        folder = options["checkpoints"] or _path(settings.INSPECTOR_CHECKPOINT_DIR)
        key = options["public_key"] or _path(settings.INSPECTOR_CHECKPOINT_KEY_FILE)
        if folder is None or key is None:
            self.stderr.write("No checkpoints: a trail that was rewritten as a whole would pass.")
            return {}
        try:
            return {
                one.sequence: one.hash
                for one in signing.checkpoints(folder, signing.public_key(key))
            }
        except signing.NotSigned as error:
            raise CommandError(str(error), returncode=1) from error

    def _start(self, files: list[Path] | None, *, part: bool) -> Link:
        if not files:
            return rows.beginning()
        first = next(iter(rows.in_file(files[0])), None) if part else None
        return Link(first["sequence"] - 1, first["previous_hash"]) if first else Link(0, START)

    def _rows(self, files: list[Path] | None) -> Iterable[Row]:
        if not files:
            return rows.stored(rows.beginning().sequence)
        return (row for path in files for row in rows.in_file(path))


def _path(setting: str) -> Path | None:
    return Path(setting) if setting else None
