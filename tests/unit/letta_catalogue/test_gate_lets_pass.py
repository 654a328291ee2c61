"""The catalogue's own statements run on gated connections."""

import pytest

from agents_app.letta.catalogue import reading as catalogue
from agents_app.letta.engine import gate
from agents_app.letta.privileges import reading as privileges

STATEMENTS = {
    "schemas": catalogue._SCHEMAS,
    "relations": catalogue._RELATIONS,
    "indexes": catalogue._INDEXES,
    "role": privileges._ROLE,
    "objects": privileges._OBJECTS,
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_passes_the_gate(name: str) -> None:
    gate.check(STATEMENTS[name], has_params=True)
