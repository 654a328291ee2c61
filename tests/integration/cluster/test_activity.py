"""Who did it: work and cost by agent, organization and identity; asked only by hand."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from agents_app.letta import access
from tests.awsdoor import READER, WRITER, Aws, minutes_ago
from tests.cluster import Cluster
from tests.integration.cluster.conftest import CAPACITY
from tests.lettadb import UNTIL, LettaDatabase, new_database, pointed_at

pytestmark = pytest.mark.django_db
WORLD = f"range=custom&since={UNTIL - timedelta(days=60):%Y-%m-%d}&until={UNTIL + timedelta(hours=1):%Y-%m-%dT%H:%M}"
ORG = "org-00000000-0000-4000-8000-000000000000"


def data(client: Client, query: str) -> dict[str, Any]:
    """What the page tells once AWS has answered: on a busy machine a first look may be too early."""
    if (
        query == "range=1h"
    ):  # so that AWS's answers are there and Letta has the page's time for itself
        client.get(f"/cluster/?format=json&{query}")
    for _ in range(5):
        response = client.get(f"/cluster/activity/?format=json&{query}")
        assert response.status_code == 200, response.content[:500]
        found: dict[str, Any] = json.loads(response.content)
        if not any(one["error"] == "slow" for one in found["problems"]):
            break
        time.sleep(1)
    return found


@pytest.fixture
def hour(cluster: Cluster) -> Iterator[LettaDatabase]:
    """Two agents within the last hour: ada's step of 30 s and bob's of 10 s in the same minute, half an hour ago."""
    database = new_database(cluster, "0.16.8")
    run = database.execute
    run("INSERT INTO organizations (id, name, privileged_tools) VALUES (%s, 'shop', false)", [ORG])
    for number, (name, seconds) in enumerate((("ada", 30), ("bob", 10))):
        ids = {"agent": f"agent-{name}", "run": f"run-{name}", "step": f"step-{name}",
               "at": minutes_ago(30) + timedelta(seconds=5 * number), "org": ORG, "name": name,
               "ns": seconds * 10**9, "identity": f"identity-{name}", "shared": "identity-shared"}  # fmt: skip
        run("INSERT INTO agents (id, name, message_buffer_autoclear, organization_id)"
            " VALUES (%(agent)s, %(name)s, false, %(org)s)", ids)  # fmt: skip
        run("INSERT INTO runs (id, agent_id, status, created_at, organization_id)"
            " VALUES (%(run)s, %(agent)s, 'completed', %(at)s, %(org)s)", ids)  # fmt: skip
        run("INSERT INTO steps (id, agent_id, run_id, created_at, organization_id, prompt_tokens, completion_tokens,"
            " total_tokens) VALUES (%(step)s, %(agent)s, %(run)s, %(at)s, %(org)s, 1, 1, 2)", ids)  # fmt: skip
        run("INSERT INTO step_metrics (id, agent_id, run_id, organization_id, step_ns)"
            " VALUES (%(step)s, %(agent)s, %(run)s, %(org)s, %(ns)s)", ids)  # fmt: skip
    for identity, agents in (("identity-1", ("ada", "bob")), ("identity-2", ("ada",))):
        run("INSERT INTO identities (id, identifier_key, name, identity_type, organization_id, properties)"
            " VALUES (%s, %s, 'A customer', 'user', %s, '[]')", [identity, identity, ORG])  # fmt: skip
        for name in agents:
            run("INSERT INTO identities_agents VALUES (%s, %s)", [identity, f"agent-{name}"])
    database.provision()
    with pointed_at(database.uri()):
        yield database


def busy(hour: LettaDatabase) -> dict[datetime, float]:
    """0.5 ACU each minute around the one at 3 ACU in which both agents worked."""
    [[at]] = hour.rows("SELECT date_trunc('minute', min(created_at)) FROM runs")
    around = {at + timedelta(minutes=n): 0.5 for n in range(-20, 21)}
    return around | {at: 3.0}


def test_the_cost_of_an_hour_by_hand(hour: LettaDatabase, aws: Aws, superuser: Client) -> None:
    """One minute at 3 ACU, floor 0.5: (3 − 0.5) / 60 · 0.12 = 0.005 shared 30 : 10, when both lie in it."""
    aws.publish(CAPACITY, busy(hour))
    found = data(superuser, "range=1h")
    costs = {one["agent_id"]: one for one in found["agents"]}
    assert costs["agent-ada"]["seconds"] == 30
    assert costs["agent-ada"]["cost"] == pytest.approx(0.005 * 0.75)
    assert costs["agent-bob"]["cost"] == pytest.approx(0.005 * 0.25)
    assert costs["agent-bob"]["by_count"] == pytest.approx(0.0025)
    assert found["idle"] == pytest.approx(41 * 0.5 / 60 * 0.12)
    assert found["others"] == pytest.approx(0, abs=1e-9)
    assert found["organizations"] == [{"id": ORG, "name": "shop", "cost": pytest.approx(0.005)}]


def test_shared_identities_are_split(hour: LettaDatabase, aws: Aws, superuser: Client) -> None:
    """ada's 0.00375 is halved between both identities; bob's 0.00125 is the first one's alone."""
    aws.publish(CAPACITY, busy(hour))
    told = data(superuser, "range=1h")
    found = {one["id"]: one["cost"] for one in told["identities"]}
    assert found, {
        name: told[name]
        for name in ("problems", "runs", "start", "end", "idle", "agents", "unmatched_s")
    }
    assert found == {
        "identity-1": pytest.approx(0.003125),
        "identity-2": pytest.approx(0.001875),
    }


def test_all_parts_together_are_the_compute_cost_of_the_page(
    hour: LettaDatabase, aws: Aws, superuser: Client
) -> None:
    for instance, acu in ((WRITER, 4.0), (READER, 1.0)):
        aws.publish(
            CAPACITY, {minutes_ago(n): acu + n % 3 for n in range(2, 59)}, instance=instance
        )
    found = data(superuser, "range=1h")
    cost = json.loads(superuser.get("/cluster/?range=1h&format=json").content)["cost"]
    assert found["idle"] + found["others"] + found["attributed"] == pytest.approx(
        cost["range"][0]["compute"]
    )


def test_an_agents_run_is_what_woke_the_cluster(
    hour: LettaDatabase, aws: Aws, superuser: Client
) -> None:
    [[at]] = hour.rows("SELECT date_trunc('minute', min(created_at)) FROM runs")
    rise = {at + timedelta(minutes=n): float(n >= 0) for n in range(-20, 21)}
    aws.publish(CAPACITY, rise, instance=None)
    aws.tell("Started resuming the DB instance.", at + timedelta(seconds=15))
    [resume] = data(superuser, "range=1h")["resumes"]
    assert (resume["cause"], resume["agents"]) == ("agent", ["agent-ada", "agent-bob"])
    page = superuser.get("/cluster/activity/?range=1h").content.decode()
    assert "an agent’s run" in page


def test_names_of_identities_are_nowhere(hour: LettaDatabase, aws: Aws, superuser: Client) -> None:
    for form in ("", "&format=json"):
        assert (
            "A customer" not in superuser.get(f"/cluster/activity/?range=1h{form}").content.decode()
        )


@pytest.mark.parametrize("release", ["0.6.54", "0.8.17", "0.11.7"])
def test_before_runs_messages_tell_and_are_marked_coarse(
    release: str, worlds: Callable[[str], LettaDatabase], superuser: Client
) -> None:
    database = worlds(release)
    with pointed_at(database.uri()):
        found = data(superuser, WORLD)
        page = superuser.get(f"/cluster/activity/?{WORLD}").content.decode()
    since, until = datetime.fromisoformat(found["start"]), datetime.fromisoformat(found["end"])
    [[count]] = database.rows(
        "SELECT count(*) FROM messages WHERE role <> 'system' AND created_at >= %s AND created_at < %s",
        [since, until],
    )
    assert found["runs"] == 0
    assert found["messages"] == count > 0
    assert "Work is shown without its cost" in page
    assert "one second each" in page


@pytest.mark.parametrize("release", ["0.13.0", "0.16.8"])
def test_runs_and_their_steps_are_all_counted(
    release: str, worlds: Callable[[str], LettaDatabase], superuser: Client
) -> None:
    database = worlds(release)
    with pointed_at(database.uri()):
        found = data(superuser, WORLD)
    bounds = [datetime.fromisoformat(found[name]) for name in ("start", "end")]
    [[runs, steps]] = database.rows(
        "SELECT count(DISTINCT r.id), count(s.id) FROM runs r LEFT JOIN steps s ON s.run_id = r.id"
        " WHERE r.created_at >= %s AND r.created_at < %s", bounds,
    )  # fmt: skip
    assert (found["runs"], found["steps"]) == (runs, steps)
    assert not found["is_cut"]


def test_a_range_with_too_much_work_says_how_far_it_looked(
    worlds: Callable[[str], LettaDatabase], superuser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents_app.cluster.activity.work.RUNS_AT_ONCE", 20)
    monkeypatch.setattr("agents_app.cluster.activity.work.MOST_RUNS", 40)
    with pointed_at(worlds("0.16.8").uri()):
        found = data(superuser, WORLD)
        page = superuser.get(f"/cluster/activity/?{WORLD}").content.decode()
    assert found["is_cut"]
    assert found["looked_back_to"] > found["start"]
    assert all(
        point[0] >= found["looked_back_to"][:10]
        for one in found["series"]
        for point in one["points"]
    )
    assert "There is more than could be read" in page


def test_nobody_asks_letta_before_the_button_is_pressed(
    letta: LettaDatabase, aws: Aws, superuser: Client
) -> None:
    before = access.connects_total()
    page = superuser.get("/cluster/?range=1h").content.decode()
    assert "Ask what the agents did" in page
    assert access.connects_total() == before


def test_only_those_who_may_see_the_cluster(
    letta: LettaDatabase, browser_of: Callable[[str], Client]
) -> None:
    assert browser_of("support").get("/cluster/activity/").status_code == 403
    assert datetime.now(UTC) > UNTIL - timedelta(days=1)
