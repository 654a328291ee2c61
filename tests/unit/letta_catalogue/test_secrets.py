"""Which columns are never selected."""

import pytest

from agents_app.demo.releases import RELEASES, tables
from agents_app.letta.secrets import MASKED, MASKED_URLS, SECRETS, is_masked, is_secret

NEWEST = {name: table.column_names for name, table in tables("0.16.8").items()}


@pytest.mark.parametrize("listing", [SECRETS, MASKED, MASKED_URLS])
def test_every_listed_column_exists_in_the_last_release(listing: dict[str, frozenset[str]]) -> None:
    for table, columns in listing.items():
        assert columns <= NEWEST[table], table


@pytest.mark.parametrize("release", RELEASES)
def test_columns_that_sound_secret_are_secret(release: str) -> None:
    endings = ("api_key", "access_key", "access_token", "refresh_token", "secret", "_enc")
    for table in tables(release).values():
        for column in table.column_names:
            if column.endswith(endings):
                assert is_secret(table.name, column), f"{table.name}.{column}"


def test_encrypted_columns_of_unknown_tables_are_secret_too() -> None:
    assert is_secret("vaults", "passphrase_enc")


def test_names_beside_secrets_stay_readable() -> None:
    assert not is_secret("providers", "name")
    assert not is_secret("agent_environment_variables", "key")
    assert not is_secret("block", "value")


def test_no_column_is_both_secret_and_masked() -> None:
    for table, columns in SECRETS.items():
        assert not any(is_masked(table, column) for column in columns)
