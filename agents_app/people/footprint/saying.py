"""What stored texts say and their reader may know: JSON inside them is opened, then masked as a whole."""

from collections.abc import Iterator
from typing import Any, Final

from agents_app.text.jsontext import parse, parse_first
from agents_app.text.masking import policy, trees
from agents_app.text.masking.finding import find
from agents_app.text.search import contains, fold

DEEPEST: Final = 24
_HIDDEN: Final = "\ufffc"


class Said:
    """One stored text: what it says, and the part of it that the reader sees."""

    def __init__(self, text: str) -> None:
        value = opened(text)
        self.stored = list(_leaves(value))
        if policy.masks():
            self.seen = [policy.MARK.sub(_HIDDEN, one) for one in _leaves(trees.shown(value))]
        else:
            self.seen = [text, *self.stored]

    def holds(self, term: str) -> bool:
        """Whether the reader may know that it does: of what is masked for them, only a whole value is found."""
        if any(contains(one, term) for one in self.seen):
            return True
        return policy.masks() and any(
            _is_whole(one, term) for one in self.stored if contains(one, term)
        )


def _is_whole(text: str, term: str) -> bool:
    whole = [text, *(text[one.start : one.end] for one in find(text, policy.current().kinds))]
    return fold(term) in map(fold, whole)


def opened(value: Any, key: str = "", depth: int = 0) -> Any:
    """`value` with the JSON inside its texts opened, so that each word there stands under its own key.

    Closed stays what is masked by the key it stands under, and what lies deeper than 24 levels. Of a
    key that an object repeats the last value counts.
    """
    if depth > DEEPEST:
        return value
    if isinstance(value, str):
        return _opened_text(value, key, depth + 1)
    if isinstance(value, dict):
        return {name: opened(one, name, depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return [opened(one, key, depth + 1) for one in value]
    return value


def _opened_text(text: str, key: str, depth: int) -> Any:
    """Objects glued together, as some models write arguments, are opened one after the other."""
    if text.lstrip()[:1] not in {"{", "[", '"'} or policy.MARK.fullmatch(trees.shown(text, key)):
        return text
    whole = parse(text)
    if whole.usable:
        return opened(whole.value, key, depth)
    first, rest = parse_first(text)
    if not isinstance(first.value, dict):
        return text
    return [opened(first.value, key, depth), opened(rest.lstrip(), key, depth)]


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield key
            yield from _leaves(child)
    elif isinstance(value, list):
        for child in value:
            yield from _leaves(child)
    elif value is not None:
        yield str(value)
