"""`manage.py verify_bundle`: whether an evidence bundle is as it was written; names the first file that is not."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agents_app.accounts.trail import rows, signing
from agents_app.evidence.container.checking import Verdict, check, check_trail
from agents_app.evidence.container.layout import Damaged
from agents_app.text.marks import plain


class Command(BaseCommand):
    """Exit code 1 when a byte was changed, added or left out. Needs neither a database nor settings."""

    help = "Checks an evidence bundle: layout, sums, signature and, if given, the trail that recorded it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The ZIP file.")
        parser.add_argument(
            "--public-key", type=Path, help="It has to be signed by this key (PEM, the .pub file)."
        )
        parser.add_argument(
            "--trail", type=Path, help="Rows of the trail as JSON lines (export_trail)."
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        try:
            key = signing.public_key(options["public_key"]) if options["public_key"] else None
            verdict = check(options["file"], key=key)
            self._say(verdict, has_key=key is not None)
            if options["trail"]:
                followed = check_trail(verdict, rows.in_file(options["trail"]))
                self.stdout.write(f"The trail recorded it; {followed:,} rows are as recorded.")
        except Damaged as error:
            said = one_line(f"{options['file'].name}: {error}.")
            raise CommandError(said, returncode=1) from error
        except signing.NotSigned as error:
            raise CommandError(one_line(str(error)), returncode=1) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(
                one_line(f"This cannot be checked ({type(error).__name__}: {error})."), returncode=1
            ) from error

    def _say(self, verdict: Verdict, *, has_key: bool) -> None:
        facts = verdict.manifest
        self.stdout.write(
            one_line(
                f"{len(verdict.files):,} files are as they were written: {facts['subject']['kind']}"
                f" {facts['subject']['id']}, exported {facts['exported_at']} by {facts['exporter']['name']}."
            )
        )
        if not facts["coverage"]["complete"]:
            self.stdout.write(
                "It says of itself that it is not complete; index.html says where it was cut."
            )
        if has_key:
            self.stdout.write(f"Signed by the given key ({verdict.signed_by}).")
        elif verdict.signed_by:
            self.stderr.write(
                f"Signed by key {verdict.signed_by}, which was not given: whoever rewrites a bundle can sign it"
                " with another key. Give yours with --public-key."
            )
        else:
            self.stderr.write(
                "Not signed: only a trail (--trail) can tell whether its manifest was rewritten."
            )


def one_line(text: str) -> str:
    """`text` for a terminal, as parts of it are the bundle's own words: no control characters, no second line."""
    return " ".join(plain(text).split())
