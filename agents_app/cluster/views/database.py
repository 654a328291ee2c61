"""The database view: connects because a person opened it, and only then."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.cluster.database import part
from agents_app.cluster.database.agents_share import AgentsShare, agents_share
from agents_app.cluster.database.growth import Visits, visited
from agents_app.cluster.database.index_advice import Advice, advice
from agents_app.cluster.database.server import Server, server
from agents_app.cluster.database.sessions import RunningQuery, Sessions, queries, sessions
from agents_app.cluster.database.sizes import Table, TableIndex, indexes, tables
from agents_app.ui.http import Request, render_page
from agents_app.ui.panels import Panel


class DatabaseForm(forms.Form):
    """What is only looked at on demand."""

    agents = forms.BooleanField(required=False, label="Sample bytes by agent")
    texts = forms.BooleanField(required=False, label="Show query texts")
    since = forms.IntegerField(required=False, min_value=1, label="Growth since")


@dataclass(frozen=True, kw_only=True)
class View:
    """The page's parts; each is a value or the reason why there is none."""

    server: Panel[Server]
    tables: Panel[list[Table]]
    indexes: Panel[list[TableIndex]]
    sessions: Panel[list[Sessions]]
    queries: Panel[list[RunningQuery]]
    advice: Panel[list[Advice]]
    agents: Panel[AgentsShare] | None
    visits: Visits | None

    def as_json(self) -> dict[str, Any]:
        visits = self.visits
        return {
            "server": _told(self.server, asdict),
            "tables": _told(self.tables, lambda rows: [self._table(row) for row in rows]),
            "indexes": _told(self.indexes, lambda rows: [asdict(row) for row in rows]),
            "sessions": _told(self.sessions, lambda rows: [asdict(row) for row in rows]),
            "queries": _told(self.queries, lambda rows: [asdict(row) for row in rows]),
            "missing_indexes": _told(self.advice, lambda rows: [asdict(row) for row in rows]),
            "agents": None if self.agents is None else _told(self.agents, asdict),
            "compared_with": visits.compared.at if visits and visits.compared else None,
        }

    def _table(self, table: Table) -> dict[str, Any]:
        found = self.visits.tables.get(table.name) if self.visits else None
        grown = None if found is None else {"bytes": found.size_bytes, "rows": found.rows}
        return table.as_json() | {"growth": grown}


def _told(panel: Panel[Any], told: Callable[[Any], Any]) -> Any:
    if panel.error is not None:
        return {"error": panel.error.slug, "message": str(panel.error)}
    return told(panel.value)


@require_safe
@requires(Right.CLUSTER)
def database(request: Request) -> HttpResponse:
    """Sizes, sessions and indexes; texts of queries, without their values, and the sample on demand."""
    form = DatabaseForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    if asked.get("texts"):
        record(request, "queries.read", kind="query", ids=[])
    found = _looked(asked)
    context = {"view": found, "form": form, "texts": asked.get("texts", False)}
    return render_page(
        request, "cluster/database.html", context, fragments=["agents", "queries"],
        data=found.as_json,
    )  # fmt: skip


def _looked(asked: dict[str, Any]) -> View:
    whole, sizes = part(server), part(tables)
    sampled = None
    if asked.get("agents") and sizes.value is not None:
        listed = sizes.value
        sampled = part(lambda: agents_share(listed))
    both = whole.value is not None and sizes.value is not None
    return View(
        server=whole,
        tables=sizes,
        indexes=part(indexes),
        sessions=part(sessions),
        queries=part(lambda: queries(texts=bool(asked.get("texts")))),
        advice=part(advice),
        agents=sampled,
        visits=visited(sizes.value, whole.value.size_bytes, since=asked.get("since"))
        if both and sizes.value is not None and whole.value is not None
        else None,
    )
