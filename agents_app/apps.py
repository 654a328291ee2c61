"""The app's start-up: URL converters and system checks; opens no connection."""

from django.apps import AppConfig


class AgentsAppConfig(AppConfig):
    name = "agents_app"
    verbose_name = "Letta Inspector"

    def ready(self) -> None:
        from agents_app import checks, converters
        from agents_app.accounts.access import leaving
        from agents_app.accounts.trail import occasions, resets

        checks.register_all()
        converters.register_all()
        occasions.connect()
        leaving.connect()
        resets.connect()
