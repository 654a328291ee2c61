"""What background work may read: the scope and the masking that were in force where a person asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from agents_app.letta import scoping
from agents_app.text.masking import policy
from agents_app.text.masking.kinds import Kind
from agents_app.text.masking.policy import Policy


def framed(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments together with the frame of this moment; they are sealed and kept until the work ends."""
    masked = sorted(policy.current().kinds)
    return {"arguments": arguments, "scope": asdict(scoping.current()), "masked": masked}


@contextmanager
def inside(kept: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The arguments, within the frame that was kept with them."""
    masked = Policy(frozenset(Kind(one) for one in kept["masked"]))
    with scoping.using(_scope(kept["scope"])), policy.using(masked):
        yield kept["arguments"]


def _scope(kept: dict[str, Any]) -> scoping.Scope:
    listed = kept["organizations"]
    organizations = None if listed is None else tuple(listed)
    return scoping.Scope(organizations, tuple(kept["identities"]), tuple(kept["tags"]))
