"""What a page offers to click: the doors its links and forms lead to, and those its reader is refused at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

from tests.integration.gates import table

_LINKS = ("href", "hx-get", "data-glance", "data-passage", "data-points")


@dataclass
class Offers(HTMLParser):
    """Addresses that a page at `url` offers: `reads` are asked for, `sends` are posted to."""

    url: str
    reads: set[str] = field(default_factory=set)
    sends: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.reads |= {found[name] for name in _LINKS if name in found}
        if "hx-post" in found:
            self.sends.add(found["hx-post"])
        if tag == "form":
            sent = self.sends if found.get("method", "get").lower() == "post" else self.reads
            sent.add(found.get("action", ""))
        if "formaction" in found:
            self.sends.add(found["formaction"])

    def doors(self) -> Iterator[tuple[str, str]]:
        """Method and name of each door, and of no other site's."""
        for method, addresses in (("get", self.reads), ("post", self.sends)):
            for address in addresses:
                name = _door(urljoin(self.url, address))
                if name:
                    yield method, name


def offered(url: str, body: str) -> set[tuple[str, str]]:
    """Method and name of each door that the page at `url` offers."""
    page = Offers(url)
    page.feed(body)
    return set(page.doors())


def refused(kind: str, method: str, name: str) -> bool:
    """Whether the declared table has that kind of people refused there."""
    rows = table.GET if method == "get" else table.POST
    return rows[name].split()[table.KINDS.index(kind)] == "403"


def _door(address: str) -> str:
    parts = urlsplit(address)
    if parts.netloc or parts.scheme:
        return ""
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return ""
