"""What stands behind points: texts of the selected ones, the beginning of one, ids of those that say something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Left, Length

from agents_app.embeddings.clouds import Scope
from agents_app.embeddings.filters import Wanted
from agents_app.embeddings.passages import PASSAGE_TABLES, find, owners, parent_columns, tags_of
from agents_app.letta.vectors import Extent
from agents_app.text.masking import policy
from agents_app.ui.listing import Fields
from agents_app.ui.paging import Cursor

MOST_FOUND = 500
EXCERPT, PREVIEW = 300, 600
_MODELS = {model._meta.db_table: model for model in PASSAGE_TABLES}


@dataclass(frozen=True)
class ShownPassage:
    """The beginning of a passage's text."""

    id: str
    text: str
    characters: int | None
    created_at: Any
    tags: Sequence[str]
    organization_id: str | None = None
    agent_id: str | None = None
    owners: Sequence[str] = ()


@dataclass(frozen=True)
class Shown:
    """Passages in the order asked for; `chosen` points were selected, of which these are the first."""

    rows: Sequence[ShownPassage]
    chosen: int

    @property
    def ids(self) -> str:
        """As the selection form takes them."""
        return " ".join(row.id for row in self.rows)

    @property
    def more(self) -> int:
        return max(0, self.chosen - len(self.rows))


FIELDS: Fields[ShownPassage] = {
    "id": lambda row: row.id,
    "created_at": lambda row: row.created_at,
    "tags": lambda row: list(row.tags),
    "characters": lambda row: row.characters,
    "text": lambda row: row.text,
}


def passages_of(scope: Scope, ids: Sequence[str], *, chosen: int) -> Shown:
    """Those of `ids` that are in the scope still; one question for each table."""
    return Shown(excerpts(scope, ids, characters=EXCERPT), max(chosen, len(ids)))


def excerpts(scope: Scope, ids: Sequence[str], *, characters: int) -> list[ShownPassage]:
    """The same with that much of each text, in the order of `ids`."""
    found: dict[str, ShownPassage] = {}
    for extent in scope.extents():
        rows = _below(extent).filter(pk__in=list(ids))
        found |= {row.id: row for row in _shown(rows, characters)}
    return [found[one] for one in ids if one in found]


def preview(passage_id: str) -> ShownPassage | None:
    """The first 600 characters of a passage of any table."""
    for model in PASSAGE_TABLES:
        for shown in _shown(model.objects.here().filter(pk=passage_id), PREVIEW):
            return shown
    return None


def finding(scope: Scope, text: str) -> tuple[list[str], bool]:
    """Ids of up to 500 passages whose text holds `text`, newest first, and whether there may be more."""
    found: list[str] = []
    more = False
    for extent in scope.extents():
        start = Cursor(None, backwards=False, limit=MOST_FOUND - len(found))
        looked = find(_below(extent), Wanted(q=text), start, content=False)
        more = more or looked.reached is not None or len(looked.rows) > start.limit
        found += [row.passage.pk for row in looked.rows[: start.limit]]
        if len(found) >= MOST_FOUND:
            break
    return found, more


def _below(extent: Extent) -> Any:
    """The extent's passages as a queryset."""
    condition: Mapping[str, Any] = {f"{extent.column}__in": list(extent.parents)}
    return _MODELS[extent.table].objects.here().filter(**condition)


def _shown(queryset: Any, characters: int) -> list[ShownPassage]:
    columns = ("id", "created_at", "tags", "organization_id", *parent_columns(queryset.model))
    beginning = Left("text", characters + policy.AHEAD)
    rows = queryset.annotate(excerpt=beginning, characters=Length("text")).only(*columns)
    return [
        ShownPassage(
            row.pk,
            policy.beginning(row.excerpt or "", characters)[0],
            row.characters,
            row.created_at,
            tags_of(row.tags),
            row.organization_id,
            vars(row).get("agent_id"),
            owners(row),
        )
        for row in rows
    ]
