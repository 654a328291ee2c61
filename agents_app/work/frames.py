"""What background work may read, and how: the scope and masking in force where a person asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from agents_app.letta import scoping
from agents_app.text.masking import policy


def framed(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments together with the frame of this moment; they are sealed and kept until the work ends."""
    return {"arguments": arguments, "scope": asdict(scoping.current()), "masks": policy.masks()}


@contextmanager
def inside(kept: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The arguments, within the frame that was kept with them."""
    masking = policy.MASKED if kept["masks"] else policy.UNMASKED
    with scoping.using(_scope(kept["scope"])), policy.using(masking):
        yield kept["arguments"]


def _scope(kept: dict[str, Any]) -> scoping.Scope:
    listed = kept["organizations"]
    organizations = None if listed is None else tuple(listed)
    return scoping.Scope(organizations, tuple(kept["identities"]), tuple(kept["tags"]))
