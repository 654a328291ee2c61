"""Every route of the URLconf with sample arguments, so that a new page is tested by being routed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.lettadb import LettaDatabase

PUBLIC = {"livez", "readyz", "account_login"}
POSTS = {
    "account_logout",
    "account_change_password",
    "accounts:add",
    "accounts:person",
    "accounts:open",
    "accounts:close",
    "accounts:reveal",
    "accounts:verdict",
    "cluster:set_prices",
    "cluster:wake",
    "conversations:start_search",
    "memory:start_work",
    "people:go",
    "people:start_footprint",
    "embeddings:search_meaning",
    "embeddings:replay_again",
    *(
        f"embeddings:{kind}_map_{act}"
        for kind in ("archive", "agent")
        for act in ("start", "selection")
    ),
    "embeddings:archive_health_start",
    "evidence:download",
}

OURS = {"part", "work_id", "account_id", "person_id", "sequence"}
"""URL arguments that are no ids of Letta's; the samples of them lead nowhere."""

SAMPLES = {
    "agent_id": "SELECT agent_id FROM messages GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    "message_id": "SELECT id FROM messages WHERE NOT is_deleted ORDER BY sequence_id DESC LIMIT 1",
    "conversation_id": "SELECT conversation_id FROM conversation_messages ORDER BY 1 LIMIT 1",
    "run_id": "SELECT run_id FROM steps WHERE run_id IS NOT NULL ORDER BY 1 LIMIT 1",
    "step_id": "SELECT step_id FROM provider_traces WHERE step_id IS NOT NULL ORDER BY 1 LIMIT 1",
    "trace_id": "SELECT id FROM provider_traces WHERE step_id IS NOT NULL ORDER BY 1 LIMIT 1",
    "job_id": "SELECT id FROM jobs ORDER BY 1 LIMIT 1",
    "tool_id": "SELECT id FROM tools ORDER BY 1 LIMIT 1",
    "group_id": 'SELECT id FROM "groups" ORDER BY 1 LIMIT 1',
    "organization_id": "SELECT id FROM organizations ORDER BY 1 LIMIT 1",
    "user_id": "SELECT id FROM users ORDER BY 1 LIMIT 1",
    "identity_id": "SELECT id FROM identities ORDER BY 1 LIMIT 1",
    "block_id": "SELECT block_id FROM blocks_agents ORDER BY 1 LIMIT 1",
    "archive_id": "SELECT id FROM archives ORDER BY 1 LIMIT 1",
    "source_id": "SELECT id FROM sources ORDER BY 1 LIMIT 1",
    "file_id": "SELECT id FROM files ORDER BY 1 LIMIT 1",
    "passage_id": "SELECT id FROM archival_passages ORDER BY 1 LIMIT 1",
}


@dataclass(frozen=True)
class Route:
    """A named route; `parameters` are the names of its URL arguments."""

    name: str
    parameters: tuple[str, ...]
    view: Any

    def url(self, samples: dict[str, str]) -> str:
        return reverse(self.name, kwargs={name: samples[name] for name in self.parameters})


def routes() -> list[Route]:
    """All routes, in the order of the URLconf."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if _is_sign_in(entry):
            continue
        if isinstance(entry, URLResolver):
            yield from _walk(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern):
            yield Route(f"{prefix}{entry.name}", tuple(entry.pattern.converters), entry.callback)


def _is_sign_in(entry: Any) -> bool:
    """Pages of the sign-in library, which tests/integration/accounts/ knows one by one."""
    name = getattr(entry, "name", None) or ""
    return name.startswith(
        ("mfa_", "usersessions_", "socialaccount_", "openid_connect_", "account_reauth")
    )


def samples(database: LettaDatabase) -> dict[str, str]:
    """One id of each kind from the database, plus a background work id nobody has and image part 0."""
    found = {name: database.rows(sql)[0][0] for name, sql in SAMPLES.items()}
    return found | {
        "work_id": "00000000-0000-4000-8000-000000000000",
        "part": "0",
        "account_id": "0",
        "person_id": "0",
        "sequence": "0",
    }
