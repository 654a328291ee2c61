"""docs/roles.md says what the code says."""

from pathlib import Path

from agents_app.accounts import roletable
from agents_app.accounts.roles import ROLES, Right
from tests.routes import routes

PRINTED = Path(__file__).parents[3] / "docs" / "roles.md"


def test_the_printed_roles_are_those_of_the_code() -> None:
    assert PRINTED.read_text() == roletable.document(), "manage.py print_roles > docs/roles.md"


def test_every_right_and_role_is_told() -> None:
    assert roletable.MEANINGS.keys() == set(Right)
    text = roletable.document()
    assert all(f"| {role} |" in text.replace(" | ", " | | ") for role in ROLES)


def test_every_page_that_needs_a_right_is_in_the_table() -> None:
    listed = [line for line in roletable.document().splitlines() if line.startswith("| `/")]
    assert len(listed) == sum(hasattr(route.view, "rights") for route in routes())
