"""Serves plotly.js out of the plotly wheel, so that no copy of it lies in this repository."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "plotly.min.js"


class PlotlyFinder(BaseFinder):
    """`{% static 'vendor/plotly.min.js' %}`; importing the plotly package itself is not needed for it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.storage = FileSystemStorage(str(_folder()))
        self.storage.prefix = "vendor"  # type: ignore[attr-defined]  # collectstatic puts it there
        super().__init__()

    def find(self, path: str, find_all: bool = False, **options: Any) -> Any:  # noqa: FBT001, FBT002
        """Django's signature: the file's path, or a list of such with `find_all`."""
        found = str(_folder() / NAME) if path == f"vendor/{NAME}" else None
        if find_all or options.get("all"):
            return [found] if found else []
        return found or []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        yield NAME, self.storage


def _folder() -> Path:
    return Path(str(files("plotly") / "package_data"))
