"""Turns values of the environment into settings; no Django imports, so that settings.py may use it."""

import os
from collections.abc import Callable
from pathlib import Path
from threading import get_ident
from typing import Any
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from dashboard.embedded import Server

OWN_OPTIONS = (
    "-c statement_timeout=3000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=60000"
)


def own_database(url: str, *, folder: Path, user: str = "inspector") -> dict[str, Any]:
    """Django's entry for our own database: a postgresql:// URL, or the embedded server in `folder`."""
    if not url:
        return _entry(
            {"host": str(Server(folder).socket_folder), "dbname": "inspector", "user": user}
        )
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise ValueError("INSPECTOR_DATABASE_URL must begin with postgresql://")
    return _entry(dict(conninfo_to_dict(url)))


def _entry(parts: dict[str, Any]) -> dict[str, Any]:
    names = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    entry = {django: str(parts.pop(libpq)) for libpq, django in names.items() if libpq in parts}
    options = {
        "connect_timeout": 3,
        "options": OWN_OPTIONS,
        "application_name": "letta-inspector-own",
    }
    return {
        "ENGINE": "dashboard.owndb",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options | parts,
    } | entry


def read_or_create(path: Path, make: Callable[[], str]) -> str:
    """The text in `path`, made and kept (mode 0600) at first use; two processes at once agree."""
    try:
        return path.read_text()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}-{get_ident()}")
    draft.touch(mode=0o600)
    draft.write_text(make())
    try:
        os.link(draft, path)  # fails when another process was first
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text()


def oidc_origin(url: str) -> list[str]:
    """Scheme and host of the provider's address; nothing where none is configured."""
    parts = urlsplit(url)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def checked_oidc(url: str) -> str:
    """The provider's address, if what it says cannot be changed on the way: https, or this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise ValueError("INSPECTOR_OIDC_URL must begin with https://")
    return url
