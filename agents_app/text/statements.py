"""SQL statements without the values in them, which may be what a customer wrote."""

import re

# Strings (also one that the server cut off), dollar quotes, comments, numbers; quoted names stay.
_VALUES = re.compile(
    r"""
      (?P<name>"(?:[^"]|"")*(?:"|\Z))
    | [eE]'(?:[^'\\]|''|\\.)*(?:'|\Z)
    | (?:[uU]&|[bBxXnN])?'(?:[^']|'')*(?:'|\Z)
    | \$(?P<tag>[A-Za-z_]\w*)\$.*?(?:\$(?P=tag)\$|\Z)
    | \$\$.*?(?:\$\$|\Z)
    | /\*.*?(?:\*/|\Z) | --[^\n]*
    | (?<![\w$"])\d[\w.]*
    """,
    re.VERBOSE | re.DOTALL,
)


def without_values(sql: str) -> str:
    """The shape of a statement: each string, number and comment is `?`; names and words stay."""
    shape = _VALUES.sub(lambda found: found["name"] or "?", sql)
    return " ".join(shape.split())
