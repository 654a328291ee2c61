"""The trail is a chain that the database seals: whoever changes a row is found out, and which row is named."""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from agents_app.accounts import audit
from agents_app.accounts.models import AccessEvent, TrailHead
from agents_app.accounts.trail import rows, signing
from agents_app.accounts.trail.chain import START, Follower, Link, Row, hash_of, line_of
from tests.integration.accounts.test_record import request_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorded(person: Callable[[str], User]) -> Callable[[int], None]:
    request = request_of(person("support"))

    def add(count: int) -> None:
        for number in range(count):
            audit.record(
                request, 'conversation.read "\\\b\x7fборщ', kind="message", agent_id=f"agent-{number}",  # type: ignore[arg-type]
                ids=[f"message-{number}", 'odd "id\\\t\u2028'], organization_id="org-1", terms="Борщ",
            )  # fmt: skip

    return add


@pytest.fixture
def signing_place(tmp_path: Path, settings: Any) -> Path:
    """A folder of checkpoints and a key, as an operator sets them."""
    settings.INSPECTOR_CHECKPOINT_DIR = str(tmp_path / "checkpoints")
    settings.INSPECTOR_CHECKPOINT_KEY_FILE = str(tmp_path / "key.pem")
    signing.make_key(tmp_path / "key.pem")
    return tmp_path / "checkpoints"


def tampered(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def verified(*arguments: str) -> str:
    """What verify_trail says, of success or of the first bad row."""
    out = StringIO()
    try:
        call_command("verify_trail", *arguments, stdout=out, stderr=StringIO())
    except CommandError as error:
        return str(error)
    return out.getvalue()


def test_rows_are_numbered_without_gaps_and_follow_each_other(
    recorded: Callable[[int], None],
) -> None:
    recorded(3)
    found = list(AccessEvent.objects.order_by("sequence"))
    assert [row.sequence for row in found] == [1, 2, 3]
    assert [row.previous_hash for row in found] == [START, found[0].hash, found[1].hash]
    assert rows.head() == Link(3, found[2].hash)


def test_python_and_the_database_seal_the_same_text(recorded: Callable[[int], None]) -> None:
    recorded(2)
    for row in rows.stored():
        assert hash_of(row, row["previous_hash"]) == row["hash"]


def test_what_was_searched_for_is_kept_as_a_keyed_hash_alone(
    recorded: Callable[[int], None], settings: Any
) -> None:
    recorded(1)
    kept = AccessEvent.objects.get().terms
    assert kept == audit.keyed("борщ")
    assert kept != audit.keyed("borscht")
    settings.SECRET_KEY = "another"
    assert kept != audit.keyed("борщ")


def test_an_untouched_trail_is_said_to_be_as_recorded(recorded: Callable[[int], None]) -> None:
    recorded(3)
    assert verified().startswith("3 rows up to 3 are as recorded")


CHANGES = {
    "a changed word": ("UPDATE agents_app_accessevent SET action = 'x' WHERE sequence = 3", 3),
    "another person": ("UPDATE agents_app_accessevent SET user_name = 'x' WHERE sequence = 2", 2),
    "a taken-out row": ("DELETE FROM agents_app_accessevent WHERE sequence = 3", 3),
    "the first row": ("DELETE FROM agents_app_accessevent WHERE sequence = 1", 1),
    "a cut end": ("DELETE FROM agents_app_accessevent WHERE sequence > 3", 4),
    "another seal": ("UPDATE agents_app_accessevent SET hash = repeat('f', 64) WHERE sequence = 5", 5),
    "sealed anew": ("UPDATE agents_app_accessevent e SET object_count = 9, hash = encode(sha256(convert_to(previous_hash"
                    " || trail_text(jsonb_populate_record(e, '{\"object_count\": 9}')), 'UTF8')), 'hex') WHERE sequence = 2", 2),
    "a moved clock": ("UPDATE agents_app_accessevent SET at = at - interval '1 day' WHERE sequence = 4", 4),
    "a turned-back head": ("UPDATE agents_app_trailhead SET sequence = 4", 5),
}  # fmt: skip


@pytest.mark.parametrize(("sql", "first_bad"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_found_and_the_first_bad_row_named(
    sql: str, first_bad: int, recorded: Callable[[int], None]
) -> None:
    recorded(5)
    tampered(sql)
    assert verified().startswith(f"Row {first_bad} is ")


def rewritten(first: int) -> None:
    """Seals the chain anew from a row on, head included, as a database superuser could."""
    previous = AccessEvent.objects.get(sequence=first - 1).hash if first > 1 else START
    for row in list(rows.stored(first - 1)):
        seal = hash_of(row, previous)
        AccessEvent.objects.filter(sequence=row["sequence"]).update(
            previous_hash=previous, hash=seal
        )
        previous = seal
    TrailHead.objects.update(hash=previous)


def test_a_chain_that_was_sealed_anew_is_found_against_a_checkpoint(
    recorded: Callable[[int], None], signing_place: Path
) -> None:
    recorded(4)
    call_command("checkpoint_trail", stdout=StringIO())
    recorded(2)
    tampered("UPDATE agents_app_accessevent SET user_name = 'somebody' WHERE sequence = 4")
    rewritten(4)
    assert "Row 4 is changed: the checkpoint signed for it" in verified()


def test_a_restored_old_backup_is_found_against_a_checkpoint(
    recorded: Callable[[int], None], signing_place: Path
) -> None:
    recorded(4)
    call_command("checkpoint_trail", stdout=StringIO())
    tampered("DELETE FROM agents_app_accessevent WHERE sequence > 2")
    tampered("UPDATE agents_app_trailhead SET sequence = 2, hash = %s", AccessEvent.objects.get(sequence=2).hash)  # fmt: skip
    assert "Row 3 is missing; the trail went on to row 4" in verified()


@pytest.mark.parametrize("harm", ["edit", "another key", "take out", "exchange"])
def test_a_checkpoint_that_is_not_rightly_signed_is_told(
    harm: str, recorded: Callable[[int], None], signing_place: Path
) -> None:
    for _ in range(3):
        recorded(1)
        call_command("checkpoint_trail", stdout=StringIO())
    first, middle, _ = signing.files(signing_place)
    if harm == "edit":
        middle.write_text(middle.read_text().replace('sequence\\": 2', 'sequence\\": 1'))
    elif harm == "another key":
        signing.make_key(signing_place.parent / "other.pem")
    elif harm == "take out":
        middle.unlink()
    else:
        middle.write_bytes(first.read_bytes())
    other = ["--public-key", str(signing_place.parent / "other.pem")]
    said = verified(*(other if harm == "another key" else []))
    assert "checkpoint-" in said
    assert "as recorded" not in said


def test_anybody_can_check_an_export_offline_with_the_public_key(
    recorded: Callable[[int], None], signing_place: Path, settings: Any, tmp_path: Path
) -> None:
    recorded(4)
    call_command("checkpoint_trail", stdout=StringIO())
    with (tmp_path / "trail.jsonl").open("w") as lines:
        call_command("export_trail", stdout=lines)
    AccessEvent.objects.all().delete()
    settings.INSPECTOR_CHECKPOINT_DIR = settings.INSPECTOR_CHECKPOINT_KEY_FILE = ""
    given = ["--file", str(tmp_path / "trail.jsonl"), "--checkpoints", str(signing_place),
             "--public-key", str(tmp_path / "key.pem.pub")]  # fmt: skip
    assert verified(*given).startswith("4 rows up to 4 are as recorded; 1 checkpoint")
    text = (tmp_path / "trail.jsonl").read_text()
    (tmp_path / "trail.jsonl").write_text(text.replace("message-2", "message-7"))
    assert verified(*given).startswith("Row 3 is changed")


def harmed(row: list[dict[str, Any]], random_: random.Random) -> int:
    """Tampers with one random place; gives the number of the first row that is not as recorded."""
    at = random_.randrange(len(row))
    kind = random_.choice(["edit", "delete", "insert", "swap", "seal", "cut", "time"])
    if kind == "edit":
        field = random_.choice(["action", "user_name", "object_kind", "request_id", "reason"])
        row[at] = row[at] | {field: f"{row[at][field]}x"}
    elif kind == "delete":
        del row[at]
    elif kind == "insert":
        row.insert(at, row[at] | {"action": "made up"})
    elif kind == "swap":
        other = random_.randrange(len(row) - 1)
        at, other = sorted((at, other if other < at else other + 1))
        contents = {name: row[other][name] for name in ("action", "object_ids", "request_id", "at")}
        kept = {name: row[at][name] for name in contents}
        row[at], row[other] = row[at] | contents, row[other] | kept
    elif kind == "seal":
        row[at] = row[at] | {"reason": "made up"}
        row[at] = row[at] | {"hash": hash_of(row[at], row[at]["previous_hash"])}
    elif kind == "cut":
        del row[at:]
    else:
        row[at] = row[at] | {"at": row[at]["at"] - timedelta(microseconds=1)}
    return at + 1


@pytest.fixture(scope="module")
def long_trail() -> list[dict[str, Any]]:
    """10,000 rows as the database would have sealed them."""
    from datetime import UTC, datetime

    made: list[dict[str, Any]] = []
    previous = START
    for number in range(1, 10_001):
        row: dict[str, Any] = {
            "sequence": number, "at": datetime(2026, 11, 1, tzinfo=UTC) + timedelta(seconds=number),
            "user_id": number % 7, "user_name": f"person {number % 7}", "action": "conversation.read",
            "outcome": "success", "object_kind": "message", "object_ids": [f"message-{number}"],
            "object_count": 1, "organization_id": "org", "agent_id": "", "reason": "", "terms": "",
            "request_id": f"{number:016x}", "address": "10.0.0.1",
        }  # fmt: skip
        row |= {"previous_hash": previous, "hash": hash_of(row, previous)}
        previous = row["hash"]
        made.append(row)
    return made


def first_bad(changed: list[dict[str, Any]], checkpoint: Link, begin: int, start: Link) -> int:
    """As verify_trail, from a row before the harm on: what stands before is as it was."""
    follower = Follower(start, {checkpoint.sequence: checkpoint.hash})
    follower.follow(iter(changed[begin:]))
    bad = follower.ends(None)
    return bad.sequence if bad else 0


def test_a_thousand_random_changes_of_a_long_trail_are_all_found_and_named(
    long_trail: list[dict[str, Any]],
) -> None:
    random_ = random.Random(5)
    checkpoint = Link(10_000, long_trail[-1]["hash"])
    for _ in range(1_000):
        changed = list(long_trail)
        expected = harmed(changed, random_)
        begin = max(0, expected - 3)
        start = Link(begin, long_trail[begin - 1]["hash"] if begin else START)
        assert first_bad(changed, checkpoint, begin, start) == expected


def test_a_segment_is_not_made_of_rows_that_were_changed(
    recorded: Callable[[int], None], signing_place: Path, tmp_path: Path
) -> None:
    recorded(3)
    tampered("UPDATE agents_app_accessevent SET action = 'x' WHERE sequence = 2")
    with pytest.raises(CommandError, match="Row 2 is changed"):
        call_command("archive_trail", "--before", "2126-01-01", "--to", str(tmp_path / "old"))
    assert AccessEvent.objects.count() == 3


def test_each_event_is_one_json_line_that_holds_the_seal(
    recorded: Callable[[int], None], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="inspector.trail"):
        recorded(1)
    row: Row = next(rows.stored())
    assert [record.event for record in caplog.records] == [line_of(row)]  # type: ignore[attr-defined]
    assert json.dumps(line_of(row))


@pytest.fixture
def known_events(client: Client, person: Callable[[str], User]) -> None:
    """One sign-in of each outcome."""
    user = person("auditor")
    user.set_password("a long enough password")
    user.save()
    for password in ("wrong", "a long enough password"):
        client.post("/account/login/", {"login": user.username, "password": password})
    client.post("/account/logout/")
    return


def test_sign_ins_and_failed_tries_are_on_record_without_the_name_that_was_typed(
    known_events: None,
) -> None:
    found = AccessEvent.objects.order_by("sequence").values_list("action", "outcome", "user_name")
    assert list(found) == [
        ("account.sign-in", "failed", ""),
        ("account.sign-in", "success", "auditor"),
        ("account.sign-out", "success", "auditor"),
    ]
    assert AccessEvent.objects.get(outcome="failed").terms == audit.keyed("auditor")
