"""Which stored vectors may be compared, and how to read and compare them.

An `Extent` is what to look at (the passages below some parents), its `groups` say which of them are
comparable, `nearest` compares inside PostgreSQL, `read_vectors` brings the vectors here.
"""

from agents_app.letta.vectors.comparing import Near, nearest
from agents_app.letta.vectors.extents import (
    Extent,
    extents_of_agent,
    extents_of_archive,
    extents_of_source,
)
from agents_app.letta.vectors.groups import Group, group_of, groups
from agents_app.letta.vectors.reading import (
    Batch,
    StoredVector,
    read_vectors,
    vector_ids,
    vector_of,
    without_vector,
)
from agents_app.letta.vectors.spaces import STORED_DIMENSIONS, Space, space_of, why_no_space
from agents_app.letta.vectors.support import readable, unreadable

__all__ = [
    "STORED_DIMENSIONS",
    "Batch",
    "Extent",
    "Group",
    "Near",
    "Space",
    "StoredVector",
    "extents_of_agent",
    "extents_of_archive",
    "extents_of_source",
    "group_of",
    "groups",
    "nearest",
    "read_vectors",
    "readable",
    "space_of",
    "unreadable",
    "vector_ids",
    "vector_of",
    "why_no_space",
    "without_vector",
]
