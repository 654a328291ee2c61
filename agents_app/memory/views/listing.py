"""The list of all memory blocks."""

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.memory.filters import BlockForm
from agents_app.memory.listing import BlockRow, every, find, labels
from agents_app.ui.http import Request, wants
from agents_app.ui.listing import Fields, Listing, render_listing
from agents_app.ui.paging import Key, make_page, read_cursor
from agents_app.ui.values import reference

_COLUMNS = ("label", "limit", "version", "read_only", "hidden", "is_template", "organization_id",
            "created_at", "updated_at")  # fmt: skip

BLOCK: Fields[BlockRow] = {
    "id": lambda row: row.block.pk,
    **{name: lambda row, name=name: getattr(row.block, name) for name in _COLUMNS},  # type: ignore[misc]
    "characters": lambda row: row.characters,
    "agent_count": lambda row: row.agent_count,
    "agents": lambda row: [reference(agent, name) for agent, name in row.agents],
}


@require_safe
@requires(Right.METADATA)
def blocks(request: Request) -> HttpResponseBase:
    """All blocks, newest first; lengths, never what they say."""
    form, cursor = BlockForm(request.GET), read_cursor(request)
    wanted = form.wanted()
    found = find(wanted, cursor)
    page = make_page(
        request, cursor, found.rows, key=_key, note=found.note, reached=found.reached_key
    )
    listing = Listing("blocks", page, BLOCK, every=lambda: every(wanted))
    if not wants(request, "json") and not wants(request, "csv"):
        form.offer_labels(labels())
    context = {"form": form, "narrowed": bool(wanted), "paused": found.reached is not None}
    return render_listing(request, "memory/list.html", listing, context=context)


def _key(row: BlockRow) -> Key:
    return row.key
