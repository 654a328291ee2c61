"""Which pages the reader of this moment may open at all, so that no page offers what would be refused."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.urls import URLPattern, URLResolver, get_resolver, get_urlconf

_held: ContextVar[frozenset[str] | None] = ContextVar("held", default=None)


@contextmanager
def held(rights: Iterable[str]) -> Iterator[None]:
    """What is written meanwhile is for a reader with these rights, those that wait for a reason included."""
    before = _held.set(frozenset(rights))
    try:
        yield
    finally:
        _held.reset(before)


def is_open(url_name: str) -> bool:
    """Whether the reader holds the rights that the view declares; outside of requests nobody is refused."""
    rights = _held.get()
    return rights is None or _needed(get_resolver(get_urlconf())).get(url_name, rights) <= rights


@lru_cache(maxsize=8)
def _needed(resolver: URLResolver) -> Mapping[str, frozenset[str]]:
    """The rights that each route's view declares, by the route's name."""
    return dict(_walk(resolver, ""))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, frozenset[str]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", frozenset(getattr(entry.callback, "rights", ()))
