"""Test runners create and drop a database for each alias; never for this one."""

from typing import Any, NoReturn

from django.db.backends.postgresql import creation

from agents_app.letta.errors import LettaWriteRefused


class DatabaseCreation(creation.DatabaseCreation):
    """Tests read the database that the alias names, as it is."""

    def create_test_db(self, *args: Any, **kwargs: Any) -> str:
        return str(self.connection.settings_dict["NAME"])

    def destroy_test_db(self, *args: Any, **kwargs: Any) -> None:
        """Nothing was created."""

    def clone_test_db(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LettaWriteRefused(detail="clone of the database")

    def serialize_db_to_string(self) -> str:
        return "[]"
