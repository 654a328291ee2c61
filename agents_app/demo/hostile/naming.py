"""Ids of hostile rows and their good neighbours: the number of the input is in them."""

ORGANIZATION = "org-bad00000-0000-4000-8000-000000000000"
USER = "user-bad00000-0000-4000-8000-000000000000"


def bad(prefix: str, number: int, variant: int) -> str:
    """A hostile row: `message-bad00022-0000-4000-8000-000000000001`."""
    return f"{prefix}-bad{number:05d}-0000-4000-8000-{variant:012d}"


def good(prefix: str, number: int, index: int) -> str:
    """A neighbour that must come through whole: `message-900d0022-0000-4000-8000-…`."""
    return f"{prefix}-900d{number:04d}-0000-4000-8000-{index:012d}"


AGENT_OF_PLACES = bad("agent", 0, 0)
