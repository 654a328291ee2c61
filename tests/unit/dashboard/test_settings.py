"""Settings: the README's table is the settings file's, and values of the environment are read rightly."""

import re
import threading
from pathlib import Path

import pytest

from dashboard.environment import own_database, read_or_create

ROOT = Path(__file__).parents[3]


def test_the_readme_lists_every_setting() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "dashboard/settings.py").read_text()))
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert read == listed


def test_our_own_database_may_be_a_url() -> None:
    entry = own_database("postgresql://ada:p%40ss@db:5433/own?sslmode=require", folder=Path("/x"))
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "ada", "p@ss", "db", "5433", "own",
    )  # fmt: skip
    assert entry["OPTIONS"]["sslmode"] == "require"


def test_without_a_url_it_is_the_embedded_server() -> None:
    entry = own_database("", folder=Path("/srv/console/postgres"))
    assert (entry["HOST"], entry["NAME"]) == ("/srv/console/postgres", "inspector")


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ValueError, match="postgresql://"):
        own_database("mysql://x/y", folder=Path("/x"))


def test_a_secret_is_made_once_even_by_many_at_once(tmp_path: Path) -> None:
    made: list[str] = []
    numbers = iter(range(100))
    threads = [
        threading.Thread(
            target=lambda: made.append(
                read_or_create(tmp_path / "key", lambda: f"k{next(numbers)}")
            )
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
