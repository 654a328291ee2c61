"""The phrase books: sentences by language and purpose, with slots in braces."""

from functools import cache
from pathlib import Path
from random import Random

LANGUAGES = ("en", "de", "fr", "ru", "ja", "ar")
_FOLDER = Path(__file__).parent.parent / "phrases"


@cache
def book(name: str) -> dict[str, tuple[str, ...]]:
    """Sentences of `phrases/<name>.txt` by the heading in brackets they stand under."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            current = found.setdefault(line[1:-1], [])
        elif line.strip():
            current.append(line)
    return {heading: tuple(lines) for heading, lines in found.items()}


def topics(language: str) -> tuple[str, ...]:
    """Subjects a customer can write about in this language."""
    return tuple(key.removesuffix(".ask") for key in book(language) if key.endswith(".ask"))


def remarks(language: str) -> tuple[str, ...]:
    """Facts about themselves that customers mention in this language."""
    return tuple(key.partition(".")[2] for key in book(language) if key.startswith("remark."))


def say(rng: Random, language: str, purpose: str, slots: dict[str, str]) -> str:
    """One sentence of the book with its slots filled."""
    return rng.choice(book(language)[purpose]).format_map(slots)
