"""Finding an identity by its whole external key; the key is sealed wherever it would have to travel."""

from typing import Final

from cryptography.fernet import InvalidToken

from agents_app.accounts.sealing import fernet
from agents_app.letta.models import Identity
from agents_app.letta.reading.ids import is_storable

SEAL: Final = "identity key"
SEALED_S: Final = 900
MOST_MATCHES: Final = 50
COLUMNS: Final = (
    "id",
    "name",
    "identifier_key",
    "identity_type",
    "organization_id",
    "project_id",
    "created_at",
)


def matches(key: str) -> list[Identity]:
    """Identities with exactly this key, or the one with this id. Two queries at most, by index.

    A key is unique within an organization and project only. Where nothing has it as it came, blanks
    at its ends are dropped, and blanks inside stand for the "+" that links often lose.
    """
    if not key.strip() or not is_storable(key):
        return []
    rows = Identity.objects.here().only(*COLUMNS)
    spelled = {key, key.strip(), key.strip().replace(" ", "+")}
    found = list(
        rows.filter(identifier_key__in=spelled).order_by("created_at", "pk")[:MOST_MATCHES]
    )
    exact = [one for one in found if one.identifier_key == key]
    return exact or found or list(rows.filter(pk=key.strip()))


def seal(key: str) -> str:
    """The key for a link of ours, unreadable to anybody else; it can be opened for 15 minutes."""
    return fernet(SEAL).encrypt(key.encode()).decode()


def unseal(token: str) -> str:
    """The key again; nothing when the link is too old or not ours."""
    try:
        return fernet(SEAL).decrypt(token.encode(), ttl=SEALED_S).decode()
    except InvalidToken:
        return ""
