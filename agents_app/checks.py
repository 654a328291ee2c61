"""`manage.py check` rules that keep Letta's tables read-only by construction."""

from typing import Any

from django.apps import apps
from django.core.checks import Error, register

from agents_app.letta.base import LettaModel


def register_all() -> None:
    register(letta_models_stay_unmanaged)


def letta_models_stay_unmanaged(**options: Any) -> list[Error]:
    """A child whose Meta forgets LettaModel.Meta would be migrated; a foreign key would be followed."""
    return [
        Error(f"{model.__name__} is managed: inherit LettaModel.Meta", id="inspector.E001")
        for model in apps.all_models["letta"].values()
        if not issubclass(model, LettaModel) or model._meta.managed
    ]
