"""The review queue: who opened, revealed and exported what; approved or flagged by somebody else."""

import csv
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from agents_app.accounts import audit
from agents_app.accounts.access import reviewing
from agents_app.accounts.access.models import Review, Verdict
from agents_app.accounts.models import AccessEvent, Outcome
from agents_app.accounts.trail.chain import LINE
from tests.integration.accounts.test_record import request_of

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
Person = Callable[[str], User]
QUEUE = "/trail/review/"
numbers = count()


def happened(user: User, action: str, *, request_id: str = "", **details: Any) -> int:
    """A row of the trail; gives its number."""
    request: Any = request_of(user)
    request.id = request_id or f"r{next(numbers)}"
    given = {"kind": "message", "ids": ["message-1"]} | details
    audit.record(request, action, **given)
    return AccessEvent.objects.latest("sequence").sequence


@pytest.fixture
def five(person: Person) -> list[int]:
    """Five accesses to review, among others that are not."""
    support, auditor = person("support"), person("auditor")
    found = [
        happened(support, "organization.open", kind="organization", ids=["org-b"]),
        happened(support, "conversation.export"),
        happened(auditor, "object.reveal", reason="An audit or review: Complaint 12"),
        happened(support, "evidence.export"),
        happened(person("ops"), "run.export"),
    ]
    happened(support, "conversation.read")
    happened(support, "organization.open", outcome=Outcome.DENIED)
    return found


def listed(client: Client, query: str = "") -> list[int]:
    answer = client.get(f"{QUEUE}?format=json&{query}")
    assert answer.status_code == 200
    return [row["sequence"] for row in answer.json()["results"]]


def say(client: Client, number: int, verdict: str = "approved", **others: Any) -> Any:
    return client.post(f"{QUEUE}{number}/", {"verdict": verdict, "seen": "0", "note": ""} | others)


def test_accesses_on_request_reveals_and_exports_wait_oldest_first(
    five: list[int], browser_of: Browser
) -> None:
    assert listed(browser_of("auditor")) == five


def test_a_verdict_takes_an_access_out_of_the_queue_and_is_on_record(
    five: list[int], browser_of: Browser
) -> None:
    client = browser_of("auditor")
    assert say(client, five[0])["Location"] == QUEUE
    assert listed(client) == five[1:]
    assert listed(client, "state=approved") == five[:1]
    event = AccessEvent.objects.get(action="review.approve")
    assert (event.user_name, event.object_ids, event.outcome) == ("auditor", [str(five[0])], "success")  # fmt: skip


def test_flagging_needs_a_note(five: list[int], browser_of: Browser) -> None:
    client = browser_of("auditor")
    assert say(client, five[1], "flagged", note="  ").status_code == 422
    assert not Review.objects.exists()
    say(client, five[1], "flagged", note="No ticket asks for this")
    assert listed(client, "state=flagged") == [five[1]]
    assert AccessEvent.objects.get(action="review.flag").reason == "No ticket asks for this"


def test_nobody_reviews_their_own(five: list[int], browser_of: Browser) -> None:
    client, own = browser_of("auditor"), five[2]
    page = client.get(f"{QUEUE}{own}/").content.decode()
    assert "This is your own access." in page
    assert 'name="verdict"' not in page
    assert f"Approve row {own}" not in client.get(QUEUE).content.decode()
    assert say(client, own).status_code == 403
    assert not Review.objects.exists()
    event = AccessEvent.objects.filter(outcome="denied").latest("sequence")
    assert (event.action, event.object_ids, event.user_name) == ("review.decide", [str(own)], "auditor")  # fmt: skip
    assert say(browser_of("superuser"), own).status_code == 302


def test_the_history_of_verdicts_is_kept(five: list[int], browser_of: Browser) -> None:
    say(browser_of("auditor"), five[0], "flagged", note="Which customer?")
    say(browser_of("superuser"), five[0], seen="1", note="Asked: ticket 12")
    page = browser_of("auditor").get(f"{QUEUE}{five[0]}/?format=json").json()
    assert [(one["verdict"], one["by"]) for one in page["reviews"]] == [("flagged", "auditor"), ("approved", "superuser")]  # fmt: skip
    assert page["state"] == "approved"
    assert listed(browser_of("auditor"), "state=flagged") == []
    shown = browser_of("auditor").get(f"{QUEUE}{five[0]}/").content.decode()
    assert "Which customer?" in shown
    assert "Asked: ticket 12" in shown


def test_of_two_who_decide_at_once_the_second_is_told(five: list[int], browser_of: Browser) -> None:
    say(browser_of("superuser"), five[0], "flagged", note="Which customer?")
    answer = say(browser_of("auditor"), five[0])
    assert answer["Location"] == f"{QUEUE}{five[0]}/"
    page = browser_of("auditor").get(answer["Location"]).content.decode()
    assert "Which customer?" in page
    assert Review.objects.count() == 1


def test_nobody_decides_ahead_of_verdicts_to_come(five: list[int], browser_of: Browser) -> None:
    say(browser_of("auditor"), five[0], seen="500")
    assert not Review.objects.exists()


def test_verdicts_of_the_same_moment_collide(five: list[int], person: Person) -> None:
    access, request = reviewing.find(five[0]), request_of(person("auditor"))
    given: Any = {"verdict": Verdict.APPROVED, "note": "", "seen": 0}
    assert access is not None
    reviewing.decide(request, access, **given)  # type: ignore[arg-type]
    with pytest.raises(reviewing.DecidedMeanwhile):
        reviewing.decide(request, access, **given)  # type: ignore[arg-type]
    assert AccessEvent.objects.filter(action="review.approve").count() == 1


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("person=support", [0, 1, 3]), ("kind=export", [1, 4]), ("kind=reveal", [2]), ("kind=opening", [0]),
        ("kind=evidence", [3]), ("kind=export&person=ops", [4]), ("state=approved", []), ("state=all", [0, 1, 2, 3, 4]),
        ("person=nobody", []),
    ],
)  # fmt: skip
def test_the_queue_is_narrowed(
    query: str, places: list[int], five: list[int], browser_of: Browser
) -> None:
    assert listed(browser_of("auditor"), query) == [five[place] for place in places]


def test_pages_follow_each_other_both_ways(five: list[int], browser_of: Browser) -> None:
    client, url, found = browser_of("auditor"), f"{QUEUE}?format=json&limit=2", []
    while url:
        answer = client.get(url).json()
        found += [row["sequence"] for row in answer["results"]]
        url = answer["next"]
    assert found == five
    assert 'rel="next"' in client.get(f"{QUEUE}?limit=2").content.decode()


def test_an_export_of_many_rows_is_one_access(person: Person, browser_of: Browser) -> None:
    request: Any = request_of(person("support"), "format=csv")
    listed_rows = audit.recorded(request, "run.list", [f"run-{n}" for n in range(500)], kind="run", key=str)  # fmt: skip
    assert len(list(listed_rows)) == 500
    (found,) = browser_of("auditor").get(f"{QUEUE}?format=json").json()["results"]
    assert (found["action"], found["rows"], found["count"]) == ("run.export", 3, 500)
    assert browser_of("auditor").get(f"{QUEUE}{found['sequence'] + 1}/").status_code == 404
    assert "in 3 rows of the trail" in browser_of("auditor").get(f"{QUEUE}{found['sequence']}/").content.decode()  # fmt: skip


def test_rows_that_are_not_reviewed_have_no_page(five: list[int], browser_of: Browser) -> None:
    for number in (0, five[-1] + 1, five[-1] + 2, 10**30):
        assert browser_of("auditor").get(f"{QUEUE}{number}/").status_code == 404
        assert say(browser_of("auditor"), number).status_code == 404


@pytest.mark.parametrize("wrong", [{"verdict": "fine"}, {"verdict": ""}, {"seen": "-1"}, {"seen": "x"}])  # fmt: skip
def test_an_odd_verdict_decides_nothing(
    wrong: dict[str, str], five: list[int], browser_of: Browser
) -> None:
    answer = browser_of("auditor").post(f"{QUEUE}{five[0]}/", {"verdict": "approved", "seen": "0"} | wrong)  # fmt: skip
    assert answer.status_code == 422
    assert not Review.objects.exists()


def test_the_csv_has_every_access_and_is_an_access_to_review_itself(
    five: list[int], browser_of: Browser
) -> None:
    response = browser_of("auditor").get(f"{QUEUE}?format=csv")
    rows = list(csv.DictReader(b"".join(response).decode().splitlines()))  # type: ignore[arg-type]
    assert [int(row["sequence"]) for row in rows] == five
    assert AccessEvent.objects.latest("sequence").action == "review.export"
    assert len(listed(browser_of("superuser"))) == 6


def test_an_empty_queue_says_so(browser_of: Browser) -> None:
    assert "Nothing waits for a review." in browser_of("auditor").get(QUEUE).content.decode()


def test_the_trail_and_the_menu_lead_there(browser_of: Browser) -> None:
    assert browser_of("auditor").get("/trail/").content.decode().count(f'href="{QUEUE}"') == 2
    assert QUEUE not in browser_of("support").get("/account/").content.decode()


@pytest.mark.parametrize("role", ["support", "ops", "admin"])
def test_others_do_not_review(role: str, five: list[int], browser_of: Browser) -> None:
    assert browser_of(role).get(QUEUE).status_code == 403
    assert say(browser_of(role), five[4 if role != "ops" else 0]).status_code == 403
    assert not Review.objects.exists()


def test_the_queue_is_read_by_index_however_long_the_trail(person: Person) -> None:
    user = person("support")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE agents_app_accessevent DISABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO agents_app_accessevent (sequence, user_id, action, object_kind, object_ids, object_count, organization_id, request_id)"
            " SELECT n, %s, CASE WHEN n %% 50 = 0 THEN 'run.export' ELSE 'run.read' END, 'run', '{run-1}', 1, '', (n / 100)::text"
            " FROM generate_series(1, 20000) n",
            [user.pk],
        )
        cursor.execute("ALTER TABLE agents_app_accessevent ENABLE TRIGGER USER")
        cursor.execute("ANALYZE agents_app_accessevent")
    waiting = reviewing.in_state(reviewing.accesses(), reviewing.WAITING).order_by("sequence")[:51]
    plan = waiting.explain()
    assert "trail_to_review" in plan
    assert "Seq Scan on agents_app_accessevent" not in plan
    assert len(waiting) == 51


def test_nothing_that_is_not_sealed_hides_a_row_from_the_queue() -> None:
    columns = {field.attname for field in AccessEvent._meta.concrete_fields}
    assert columns - set(LINE) == {"id"}


def test_an_export_of_several_organizations_is_one_access_that_says_so(
    person: Person, browser_of: Browser
) -> None:
    for organization in ("org-a", "org-b", "org-c", "org-b"):
        happened(
            person("support"), "identity.export", request_id="r-many", kind="identity",
            ids=["identity-1", "identity-2"], organization_id=organization,
        )  # fmt: skip
    found = browser_of("auditor").get(f"{QUEUE}?format=json").json()["results"]
    assert [(one["count"], one["rows"], one["other_organizations"]) for one in found] == [(8, 4, 2)]
    page = " ".join(browser_of("auditor").get(QUEUE).content.decode().split())
    assert "8 identities" in page
    assert "and 2 other organizations" in page
