"""How many rows a table holds, as the planner believes: a number about everybody's rows."""

from agents_app.letta import catalogue, scoping


def estimate(table: str) -> int | None:
    """None where the table was never analysed, and in a narrower scope, whose share nobody counted."""
    return catalogue.current().rows.get(table) if scoping.current().is_everything else None
