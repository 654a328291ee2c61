"""Random requests over all routes: own, foreign and absent ids, cursors, filters, searches, exports, errors."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from urllib.parse import quote, urlencode

from tests.canaries import Canaries, Place, digits
from tests.crawl import QUERIES, TABLES
from tests.routes import POSTS, PUBLIC, Route, routes

ROUTES: Final = [
    route
    for route in routes()
    if route.name
    not in PUBLIC | {"account_logout", "accounts:add", "accounts:person", "account_change_password"}
]
ABSENT: Final = "00000000-0000-4000-8000-00000000dead"
_CURSOR: Final = re.compile(r"(?:after|before)=([\w:.%+/=-]{8,400})")
_HREF: Final = re.compile(r'(?:href|hx-get)="(/[^"#]{1,400})')
_WORDS: Final = ("order", "jacket", "a", "@example", "agent-", "canary", "Lena", "2026")
_PLAIN: Final = {
    "limit": ("1", "3", "50", "200", "-1"), "thread": ("all",), "deleted": ("include",), "memory": ("on",),
    "view": ("full", "reader"), "edge": ("first", "last"), "since": ("2026-01-01", "rubbish"), "until": ("2027-01-01",),
    "on": ("2026-09-01",), "t": ("2026-10-01", "2026-11-19"), "scope": ("agent", "archive", "all"), "of": ("files",),
    "download": ("request", "response"), "panel": ("all", "memory", "runs"), "order": ("asc",), "errors": ("on",),
    "role": ("user", "tool"), "type": ("custom", "user"), "status": ("failed", "completed"), "shared": ("yes",),
    "label": ("human",), "hidden": ("no",), "k": ("5",), "above": ("1",), "compare": ("1",), "outcome": ("denied",),
    "near_limit": ("on",), "from": ("1",), "to": ("2",), "revision": ("1",), "level": ("all",),
}  # fmt: skip
_IDS: Final = {
    "organization": "organization_id", "agent": "agent_id", "identity": "identity_id", "block": "block_id",
    "archive": "archive_id", "source": "source_id", "conversation": "conversation_id", "message": "message_id",
    "at": "message_id", "step": "step_id", "trace": "trace_id", "user": "user_id", "run": "run_id",
    "passage": "passage_id", "file": "file_id", "object": "message_id", "tool_id": "tool_id",
}  # fmt: skip
_MARKS: Final = (
    ("messages", "content"), ("identities", "name"), ("identities", "identifier_key"), ("block", "value"),
    ("archival_passages", "text"), ("agents", "name"), ("agents_tags", "tag"), ("organizations", "name"),
    ("tools", "description"), ("steps", "error_type"), ("source_passages", "text"), ("files", "file_name"),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One request as it is sent."""

    method: str
    url: str
    data: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """Everything in it that an answer may repeat."""
        return " ".join([self.url, *self.data.values(), *self.headers.values()])


class Wanderer:
    """Makes requests as somebody whose own organization is `own`; learns links and cursors from answers."""

    def __init__(self, world: Canaries, seed: int, *, own: str = "a") -> None:
        self.world, self.random, self.own = world, Random(seed), own
        self.pools = {letter: dict(self._ids(letter)) for letter in "abc"}
        self.cursors: list[str] = ["forged"]
        self.links: list[str] = ["/"]

    def _ids(self, letter: str) -> Iterator[tuple[str, list[str]]]:
        key = self.world.organizations[letter]
        for name, tables in TABLES.items():
            column = "id" if tables[0] == "organizations" else "organization_id"
            rows = self.world.database.rows(
                f'SELECT id FROM "{tables[0]}" WHERE "{column}" = %s ORDER BY md5(id) LIMIT 40',
                [key],
            )
            yield name, [one for (one,) in rows]

    def letter(self) -> str:
        return self.random.choices([self.own, "b", "c"], [4, 2, 2])[0]

    def id_of(self, name: str) -> str:
        known = self.pools[self.letter()].get(name) or ["absent"]
        found = self.random.choice(known)
        return f"{found.rsplit('-', 5)[0]}-{ABSENT}" if self.random.random() < 0.06 else found

    def argument(self, name: str) -> str:
        plain: dict[str, Callable[[], str]] = {
            "work_id": lambda: f"00000000-0000-4000-8000-{self.random.randrange(10**12):012d}",
            "part": lambda: str(self.random.randrange(3)),
            "account_id": lambda: str(self.random.randrange(9)),
            "person_id": lambda: str(self.random.randrange(9)),
            "sequence": lambda: str(self.random.randrange(200)),
        }
        return plain[name]() if name in plain else self.id_of(name)

    def word(self) -> str:
        """What is searched for: plain words, tokens and ids of anybody."""
        kind = self.random.randrange(3)
        if kind == 0:
            return self.random.choice(_WORDS)
        if kind == 1:
            return self.id_of(self.random.choice(list(TABLES)))
        mark = digits(Place(self.letter(), *self.random.choice(_MARKS)))
        return self.random.choice(
            [f"cny{mark}", f"cny{mark[:8]}", f"mny{mark}@canary.example", f"mny{mark[:6]}"]
        )

    def query(self, route: Route) -> dict[str, str]:
        found: dict[str, str] = {}
        for _ in range(self.random.choice([0, 0, 1, 1, 2, 3])):
            kind = self.random.randrange(4)
            if kind == 0:
                name = self.random.choice(list(_PLAIN))
                found[name] = self.random.choice(_PLAIN[name])
            elif kind == 1:
                name = self.random.choice(list(_IDS))
                found[name] = self.id_of(_IDS[name])
            elif kind == 2:
                found[self.random.choice(["q", "q", "q", "tag", "tool", "words", "person"])] = (
                    self.word()
                )
            else:
                found[self.random.choice(["after", "before"])] = self.random.choice(self.cursors)
        found["format"] = self.random.choices(["", "json", "csv"], [3, 2, 1])[0]
        return {name: value for name, value in found.items() if value}

    def next(self) -> Asked:
        """The next request."""
        headers = {
            "HX-Request": "true",
            "HX-Target": self.random.choice(["results", "main", "panel"]),
        }
        sent = headers if self.random.random() < 0.12 else {}
        if self.random.random() < 0.2:
            return Asked("get", self.random.choice(self.links), headers=sent)
        route = self.random.choice(ROUTES)
        arguments = {name: self.argument(name) for name in route.parameters}
        url = self._reversed(route, arguments)
        if route.name in POSTS and self.random.random() < 0.6:
            return Asked("post", url, self._form(), sent)
        prepared = QUERIES.get(route.name, ())
        if prepared and self.random.random() < 0.4:
            ids = {name: self.id_of(name) for name in TABLES}
            return Asked("get", f"{url}?{self.random.choice(prepared).format(**ids)}", headers=sent)
        query = urlencode(self.query(route))
        method = "head" if self.random.random() < 0.03 else "get"
        return Asked(method, f"{url}?{query}" if query else url, headers=sent)

    @staticmethod
    def _reversed(route: Route, arguments: dict[str, str]) -> str:
        try:
            return route.url(arguments)
        except Exception:  # an id that the converter refuses
            return "/" + quote(f"{route.name.replace(':', '/')}/{'/'.join(arguments.values())}/")

    def _form(self) -> dict[str, str]:
        kind = self.random.choice(["message", "conversation", "agent", "block", "identity", "step"])
        return {
            "q": self.word(), "organization": self.id_of("organization_id"), "category": "request", "ticket": "T-1",
            "reason": "because of a ticket", "about": f"{kind}:{self.id_of(f'{kind}_id')}", "agent": self.id_of("agent_id"),
            "archive": self.id_of("archive_id"), "ids": self.id_of("passage_id"), "opening": str(self.random.randrange(9)),
            "verdict": "approved", "message": self.id_of("message_id"),
        }  # fmt: skip

    def learn(self, body: str) -> None:
        """Cursors and addresses in an answer are asked for later."""
        self.cursors += _CURSOR.findall(body)[:3]
        found = [html.unescape(one) for one in _HREF.findall(body)]
        self.links += self.random.sample(found, min(4, len(found)))
        del self.cursors[:-200], self.links[:-400]


def answer(client: Any, asked: Asked) -> tuple[int, str, str]:
    """Status, body and headers of the answer, a streamed one read to its end."""
    send = getattr(client, asked.method)
    response = (
        send(asked.url, asked.data, headers=asked.headers)
        if asked.data
        else send(asked.url, headers=asked.headers)
    )
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    return response.status_code, body.decode("utf-8", "replace"), headers
