"""Reads what Letta stores about a block: by index, in windows, each statement short."""

from agents_app.revisions.collect.gathering import Sources, gather, of_neighbours, of_vanished
from agents_app.revisions.collect.straying import with_strays
from agents_app.revisions.collect.strays import Search, Searched
from agents_app.revisions.collect.subjects import subject

__all__ = [
    "Search",
    "Searched",
    "Sources",
    "gather",
    "of_neighbours",
    "of_vanished",
    "subject",
    "with_strays",
]
