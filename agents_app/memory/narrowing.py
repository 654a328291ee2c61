"""What a history may be narrowed by, and which two revisions are compared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms

from agents_app.memory.telling import UNKNOWN, writer
from agents_app.revisions.evidence import Moment
from agents_app.revisions.revision import Revision
from agents_app.ui.formfields import IdField, SearchField, WhenField
from agents_app.ui.widgets import QuickSelect

GRADES = (
    ("", "Any"),
    *((name, name) for name in ("observed", "verified", "replayed", "conflict", "gap")),
)
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
        one, before = pair
        return (
            (not self.writer or writer(one) == self.writer)
            and (not self.tool or one.tool == self.tool)
            and (not self.grade or one.grade == self.grade)
            and _within(one.at, self.since, self.until)
            and (not self.q or _came_or_went(self.q, one, before))
        )


def _within(at: Moment, since: datetime | None, until: datetime | None) -> bool:
    if since is None and until is None:
        return True
    if not isinstance(at, datetime):
        return False
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    return (since is None or moment >= since) and (until is None or moment < until)


def _came_or_went(text: str, one: Revision, before: Revision | None) -> bool:
    if one.value is None:
        return False
    sought, earlier = text.casefold(), before.value if before else None
    return one.value.casefold().count(sought) != (earlier or "").casefold().count(sought)


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
    calls = forms.IntegerField(required=False, min_value=1, max_value=100_000)
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


def kept(pairs: Iterable[Pair], narrowed: Narrowed) -> Iterator[Pair]:
    return (pair for pair in pairs if narrowed.keeps(pair))
