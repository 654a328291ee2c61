"""Search by meaning: where it looks, among which model's vectors, and with what vector."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from agents_app.embeddings import queries
from agents_app.embeddings.endpoint import Endpoint, EndpointError, embed
from agents_app.embeddings.searching import Query
from agents_app.letta import access
from agents_app.letta.models import Agent, Archive, Source
from agents_app.letta.vectors import (
    Extent,
    Group,
    Near,
    Space,
    extents_of_agent,
    extents_of_archive,
    extents_of_source,
    groups,
    read_vectors,
    unreadable,
    vector_ids,
)
from agents_app.letta.vectors.reading import Floats
from agents_app.text.masking import policy

KINDS = ("archive", "source", "agent")
_SAMPLED = 20


@dataclass(frozen=True)
class Place:
    """The archive, folder or agent that is searched; `row` is None when the id leads nowhere."""

    kind: str
    row: Any
    extents: tuple[Extent, ...]

    @property
    def agent_id(self) -> str | None:
        return str(self.row.pk) if self.kind == "agent" else None

    @property
    def url_name(self) -> str:
        return "agents:agent" if self.kind == "agent" else f"embeddings:{self.kind}"

    @property
    def text_url_name(self) -> str:
        return "embeddings:agent" if self.kind == "agent" else f"embeddings:{self.kind}"


@dataclass(frozen=True)
class Choice:
    """A space that has vectors here; `value` names it in the form."""

    space: Space
    vectors: int

    @property
    def value(self) -> str:
        return f"{self.space.dimension}:{self.space.model}"

    @property
    def label(self) -> str:
        return (
            f"{self.space.model}, {self.space.dimension:,} dimensions ({self.vectors:,} passages)"
        )


def place(kind: str, identifier: str) -> Place | None:
    """Where to search; None when there is no such row."""
    if kind == "archive":
        row = queries.row(Archive, identifier, "description", "metadata")
        return Place(kind, row, extents_of_archive(identifier)) if row else None
    if kind == "source":
        row = queries.row(Source, identifier, "description", "metadata", "instructions")
        return Place(kind, row, extents_of_source(identifier)) if row else None
    row = Agent.objects.here().filter(pk=identifier).only("id", "name", "organization_id").first()
    return Place(kind, row, extents_of_agent(identifier)) if row else None


def choices(extents: Sequence[Extent]) -> list[Choice]:
    """The spaces here, most vectors first; tables that no index bounds are left out."""
    counted: dict[Space, int] = {}
    for extent in extents:
        if extent.indexed and not unreadable(extent.table):
            for group in groups(extent):
                if group.space and group.vectors:
                    counted[group.space] = counted.get(group.space, 0) + group.vectors
    found = [Choice(space, vectors) for space, vectors in counted.items()]
    return sorted(found, key=lambda one: (-one.vectors, one.space))


@dataclass(frozen=True)
class Asked:
    """The vector to look for; `note` tells of a dimension that rows and vectors do not agree on."""

    query: Query
    note: str = ""


def ask(where: Endpoint, words: str, place: Place, *, space: Space, most: int) -> Asked:
    """Sends the words, and checks that what comes back fits the vectors here; or EndpointError."""
    with access.uncounted():
        vector = embed(where, words, model=space.model)
    note = "" if len(vector) == space.dimension else _fits(where, vector, place, space=space)
    return Asked(Query(vector, space, most), note)


def _fits(where: Endpoint, vector: Floats, place: Place, *, space: Space) -> str:
    """Old servers wrote 2,000 into rows whose vectors hold 1,536 numbers: the stored numbers decide."""
    wrong = (
        f"{where.address} answered with {len(vector):,} numbers, but the vectors here have"
        f" {space.dimension:,}: it runs another model of that name, so nothing was compared."
    )
    stored = _sample(place, space)
    if stored is None or len(vector) > space.dimension or stored[:, len(vector) :].any():
        raise EndpointError(wrong)
    if not stored[:, len(vector) - 1].any():
        raise EndpointError(wrong)
    return (
        f"The rows say {space.dimension:,} dimensions, but their vectors hold {len(vector):,} numbers"
        " and zeros after them, as many as the endpoint gave."
    )


def _sample(place: Place, space: Space) -> Floats | None:
    """Twenty stored vectors of the space."""
    for extent in place.extents:
        group: Group | None = next((one for one in groups(extent) if one.space == space), None)
        if group and group.vectors:
            ids = [one for one, _ in zip(vector_ids(extent, group), range(_SAMPLED), strict=False)]
            return np.vstack([batch.vectors for batch in read_vectors(extent, group, ids=ids)])
    return None


def told(near: Sequence[Near]) -> list[Near]:
    """The same in their order, and how near as exactly as the reader may know.

    A vector is of the whole text: by thousandths somebody could try out what a masked word is, one
    guess after the other. Where something is masked a tenth is told.
    """
    if not policy.masks():
        return list(near)
    return [replace(one, distance=round(one.distance, 1)) for one in near]


def digits() -> int:
    """Of a similarity, after the point."""
    return 1 if policy.masks() else 3
