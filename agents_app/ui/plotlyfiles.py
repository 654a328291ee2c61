"""Serves plotly.js out of the pinned Python package as `vendor/plotly.min.js`; the package is never imported."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "plotly.min.js"


def folder() -> Path:
    """Where the package keeps plotly.js."""
    spec = find_spec("plotly")
    assert spec is not None and spec.origin is not None  # noqa: S101, PT018
    return Path(spec.origin).parent / "package_data"


class PlotlyFinder(BaseFinder):
    """A static files finder for that one file."""

    def check(self, **options: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **options: Any) -> Any:  # noqa: FBT001, FBT002
        all_wanted = find_all or options.get("all", False)
        found = [str(folder() / NAME)] if path == f"vendor/{NAME}" else []
        return found if all_wanted else next(iter(found), [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        storage = FileSystemStorage(location=folder())
        storage.prefix = "vendor"  # type: ignore[attr-defined]
        yield NAME, storage
