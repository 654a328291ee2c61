"""`shown_all(facts)`: the one door through which what is stored gets into a bundle, masked as its exporter sees it.

What came through it is drawn and written as it is: the rest of a bundle are the console's own words
(sums, times, the exporter's name and reason), which no mask may touch.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

from agents_app.text.masking import policy, trees
from agents_app.text.masking.trees import Ours
from agents_app.ui.jsonout import utc_iso


def shown(text: str) -> str:
    """The text as the exporter's role sees it."""
    return policy.shown(text)


def shown_all(value: Any) -> Any:
    """A tree of plain JSON values, every text in it shown, names of keys included."""
    return trees.shown(_plain(value))


def masking() -> dict[str, Any]:
    """What is masked, for the manifest."""
    return {"applied": policy.masks(), "kinds": sorted(policy.current().kinds)}


@contextmanager
def as_it_is() -> Iterator[None]:
    """Inside, what was shown already and the console's own words are written."""
    with policy.using(policy.UNMASKED):
        yield


def _plain(value: Any) -> Any:
    """As JSON has it: times in UTC, numbers that only a text can spell as text."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(child) for key, child in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(child) for child in value]
    if isinstance(value, datetime):
        return Ours(utc_iso(value))
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    return str(value)
