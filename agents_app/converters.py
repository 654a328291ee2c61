"""URL converter for Letta's ids: `<id:agent_id>`; anything else is a 404 before any query."""

from django.urls import register_converter


class LettaId:
    """Opaque ids as Letta and its importers make them: a prefix and a uuid mostly, at most 100 characters."""

    regex = r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


def register_all() -> None:
    register_converter(LettaId, "id")
