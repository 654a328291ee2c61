"""`manage.py checkpoint_trail`: signs the head of the trail into a file outside of the database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from agents_app.accounts.trail import rows, signing
from agents_app.accounts.trail.chain import written


class Command(BaseCommand):
    help = "Signs the newest row's hash into INSPECTOR_CHECKPOINT_DIR; run it daily, from cron."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--make-key", action="store_true", help="First make the key where there is none."
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        folder, key_file = places()
        if options["make_key"] and not key_file.exists():
            try:
                signing.make_key(key_file)
            except OSError as error:
                raise CommandError(
                    f"The key {key_file} cannot be written: {error.strerror}."
                ) from error
            self.stdout.write(f"Made {key_file}; keep {key_file}.pub elsewhere too.")
        try:
            path = checkpoint(folder, key_file)
        except signing.NotSigned as error:
            raise CommandError(
                f"{error} Make one with: manage.py checkpoint_trail --make-key"
            ) from error
        self.stdout.write(f"Signed {path.name}.")


def places() -> tuple[Path, Path]:
    """The folder of checkpoints and the file of the key; an error that says what to set."""
    folder, key_file = settings.INSPECTOR_CHECKPOINT_DIR, settings.INSPECTOR_CHECKPOINT_KEY_FILE
    if not folder or not key_file:
        raise CommandError(
            "Set INSPECTOR_CHECKPOINT_DIR (a folder that this machine's database cannot write)"
            " and INSPECTOR_CHECKPOINT_KEY_FILE (the signing key)."
        )
    return Path(folder), Path(key_file)


def checkpoint(folder: Path, key_file: Path) -> Path:
    """Signs what the head says now; the checkpoint names the file before it."""
    folder.mkdir(parents=True, exist_ok=True)
    head, earlier = rows.head(), signing.files(folder)
    if head is None:
        raise CommandError("The trail is empty: there is nothing to sign yet.")
    before = signing.digest(earlier[-1]) if earlier else ""
    made = signing.Checkpoint(head.sequence, head.hash, written(now()), before)
    return signing.write_checkpoint(folder, made, signing.private_key(key_file))
