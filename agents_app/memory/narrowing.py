"""What a history may be narrowed by, and which two revisions are compared."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import HttpRequest

from agents_app.memory.reading import Told
from agents_app.memory.telling import OTHER_SIDE, UNKNOWN, with_predecessors, writer
from agents_app.revisions.evidence import Moment
from agents_app.revisions.revision import Revision
from agents_app.text.masking.policy import searchable
from agents_app.ui.formfields import IdField, SearchField, WhenField
from agents_app.ui.widgets import QuickSelect

GRADES = (
    ("", "Any"),
    *((name, name) for name in ("observed", "verified", "replayed", "conflict", "gap")),
)
AT_ONCE = 50
Pair = tuple[Revision, Revision | None]


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """Conditions on revisions; what is empty narrows nothing."""

    q: str = ""
    writer: str = ""
    tool: str = ""
    grade: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def keeps(self, pair: Pair) -> bool:
        """By all but the text sought: see `kept`."""
        one, _ = pair
        return (
            (not self.writer or writer(one) == self.writer)
            and (not self.tool or one.tool == self.tool)
            and (not self.grade or one.grade == self.grade)
            and _within(one.at, self.since, self.until)
        )


def _within(at: Moment, since: datetime | None, until: datetime | None) -> bool:
    if since is None and until is None:
        return True
    if not isinstance(at, datetime):
        return False
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    return (since is None or moment >= since) and (until is None or moment < until)


class HistoryForm(forms.Form):
    """The filter bar of a history."""

    q = SearchField("Text appeared or vanished", strip=False)
    writer = forms.CharField(label="Writer", required=False, max_length=120)
    tool = forms.CharField(label="Tool", required=False, max_length=200)
    grade = forms.ChoiceField(label="Grade", required=False, choices=GRADES, widget=QuickSelect)
    since = WhenField(label="From", required=False)
    until = WhenField(label="Before", required=False)

    def narrowed(self) -> Narrowed:
        """What the valid fields ask for."""
        self.is_valid()
        return Narrowed(**{name: value for name, value in self.cleaned_data.items() if value})

    def offer(self, revisions: Iterable[Revision], names: dict[str, str | None]) -> None:
        """Offers the writers and tools that this history has."""
        found = list(revisions)
        writers = sorted({writer(one) for one in found if writer(one) != UNKNOWN})
        self._select(
            "writer", [*((one, names.get(one) or one) for one in writers), (UNKNOWN, "unknown")]
        )
        self._select(
            "tool", [(tool, tool) for tool in sorted({one.tool for one in found if one.tool})]
        )

    def _select(self, name: str, options: list[tuple[str, str]]) -> None:
        held = str(self.data.get(name, ""))
        known = options if held in {"", *dict(options)} else [(held, held), *options]
        self.fields[name].widget = QuickSelect(choices=[("", "Any"), *known])
        self.fields[name].choices = known  # type: ignore[attr-defined]


VIEWS = (("", "Side by side"), ("inline", "Inline"))


class ViewForm(forms.Form):
    """Which two revisions are compared, and how; which block is meant when its row is gone."""

    to = forms.CharField(
        required=False, max_length=300
    )  # its counterpart `from` is no name in Python
    view = forms.ChoiceField(required=False, choices=VIEWS)
    whitespace = forms.ChoiceField(required=False, choices=[("", "no"), ("shown", "shown")])
    unchanged = forms.ChoiceField(required=False, choices=[("", "folded"), ("all", "all")])
    part = forms.IntegerField(required=False, min_value=-(2**62), max_value=2**62)
    revision = forms.CharField(required=False, max_length=300)
    rewrites = forms.ChoiceField(required=False, choices=[("", "counted"), ("ignored", "ignored")])
    agent = IdField("Agent id")
    label = forms.CharField(required=False, max_length=200)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["from"] = forms.CharField(required=False, max_length=300)

    def asked(self) -> dict[str, Any]:
        """The valid fields; a wrong one is as if it were absent."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or None for name in self.fields}


def block_or_its_agent(request: HttpRequest, objects: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Whose text a page on a block shows: the block's, or where its row is gone, the agent's that held it."""
    asked = ViewForm(request.GET).asked()
    left = [("agent", asked["agent"])] if asked["agent"] and asked["label"] else []
    return [("block", objects["block_id"]), *left]


@dataclass(frozen=True)
class Kept:
    """Revisions that meet the conditions, oldest first, each with the one before it.

    `unsearched` is how many of the oldest there was no time to search for the text.
    """

    pairs: list[Pair]
    unsearched: int = 0


def kept(found: Told, narrowed: Narrowed, *, seconds: float | None = None) -> Kept:
    """Looks for the text, if one is sought, from the newest revision back, so many seconds at most."""
    pairs = with_predecessors(found.revisions)
    numbers = [number for number, pair in enumerate(pairs) if narrowed.keeps(pair)]
    if not narrowed.q:
        return Kept([pairs[number] for number in numbers])
    changed, unsearched = _came_or_went(found, narrowed.q, set(numbers), seconds)
    return Kept([pairs[number] for number in numbers if number in changed], unsearched)


def _came_or_went(
    found: Told, text: str, wanted: set[int], seconds: float | None
) -> tuple[set[int], int]:
    """Numbers of wanted revisions that have the text more or less often than the one before them."""
    gives_up = None if seconds is None else time.monotonic() + seconds
    sought, numbers = text.casefold(), set[int]()
    for ends in range(len(found.revisions), 0, -AT_ONCE):
        begin = max(ends - AT_ONCE, 0)
        if wanted.isdisjoint(range(begin, ends)):
            continue
        if gives_up is not None and time.monotonic() > gives_up:
            return numbers, ends
        numbers |= wanted & _changed(found, sought, begin, ends)
    return numbers, 0


def _changed(found: Told, sought: str, begin: int, ends: int) -> set[int]:
    earlier = (n for n in range(begin - 1, -1, -1) if _counts(found.revisions[n]))
    first = next(earlier, None)
    before = occurrences(None if first is None else found.value(first), sought)
    numbers = set()
    for number, value in found.values(begin, ends):
        if value is None:
            continue
        count = occurrences(value, sought)
        if count != before:
            numbers.add(number)
        if _counts(found.revisions[number]):
            before = count
    return numbers


def _counts(one: Revision) -> bool:
    return one.known and not one.id.endswith(OTHER_SIDE)


def occurrences(value: str | None, sought: str) -> int:
    """How often a value has the case-folded text, outside of what is masked for the reader."""
    return searchable(value or "").casefold().count(sought)
