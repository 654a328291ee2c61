"""The router: Letta's models are read from alias `letta` and written nowhere."""

import pytest
from django.contrib.auth.models import User

from agents_app.letta.errors import LettaWriteRefused
from agents_app.letta.router import LettaRouter


class Theirs:
    letta_model = True


ROUTER = LettaRouter()


def test_their_models_are_read_from_their_database() -> None:
    assert ROUTER.db_for_read(Theirs) == "letta"


def test_their_models_are_never_written() -> None:
    with pytest.raises(LettaWriteRefused):
        ROUTER.db_for_write(Theirs)


def test_our_models_stay_in_ours() -> None:
    assert ROUTER.db_for_read(User) == ROUTER.db_for_write(User) == "default"


def test_nothing_is_migrated_there_and_their_models_nowhere() -> None:
    assert not ROUTER.allow_migrate("letta", "auth", model=User)
    assert not ROUTER.allow_migrate("default", "agents_app", model=Theirs)
    assert ROUTER.allow_migrate("default", "auth", model=User)
    assert ROUTER.allow_migrate("default", "agents_app")
