"""The page of one row with its place in the chain, and the page of the chain as a whole."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.models import AccessEvent, TrailSegment
from agents_app.accounts.roles import Right
from agents_app.accounts.trail import checks, freshness, rows
from agents_app.accounts.trail.chain import line_of, text_of
from agents_app.text.masking.trees import ours
from agents_app.ui.http import Request, render_page
from agents_app.ui.widgets import QuickSelect

MOST_SEGMENTS = 200
OFFLINE = """manage.py export_trail > trail.jsonl
manage.py verify_trail --file trail.jsonl --checkpoints checkpoints/ --public-key key.pem.pub"""


@require_safe
@requires(Right.TRAIL)
def row(request: Request, sequence: int) -> HttpResponse:
    """One event, whether it verifies, and what it was sealed upon."""
    found = checks.checked(sequence)
    if found is None:
        return _moved(request, sequence)
    record(request, "trail.read", kind="access", ids=[str(sequence)])
    context = {
        "row": AccessEvent.objects.get(sequence=sequence),
        "checked": found,
        "text": text_of(found.row),
    }
    return render_page(
        request,
        "accounts/trail/row.html",
        context,
        data=lambda: {
            "row": ours(line_of(found.row)),
            "verifies": found.verifies,
            "problems": found.problems,
        },
    )


def _moved(request: Request, sequence: int) -> HttpResponse:
    """A row that retention moved out: which segment holds it; a 404 for one that never was."""
    segment = TrailSegment.objects.filter(
        first_sequence__lte=sequence, last_sequence__gte=sequence
    ).first()
    if segment is None:
        raise Http404
    context = {"sequence": sequence, "segment": segment}
    data = {"sequence": sequence, "moved_to": _segment(segment)}
    return render_page(request, "accounts/trail/moved.html", context, data=lambda: data)


class StretchForm(forms.Form):
    """How many of the newest rows to follow."""

    rows = forms.TypedChoiceField(
        label="Newest rows",
        coerce=int,
        empty_value=None,
        required=False,
        choices=[(count, f"{count:,}") for count in checks.STRETCHES],
        widget=QuickSelect,
    )

    def count(self) -> int | None:
        """None where nothing, or something else, was asked for."""
        return self.cleaned_data["rows"] if self.is_valid() else None


@require_safe
@requires(Right.TRAIL)
def chain(request: Request) -> HttpResponse:
    """Where the chain begins and ends, what was signed and moved out; follows it on request."""
    form = StretchForm(request.GET)
    asked = form.count()
    if asked:
        record(request, "trail.verify", kind="access", ids=[], count=asked)
    segments = list(TrailSegment.objects.order_by("-last_sequence")[:MOST_SEGMENTS])
    head, checkpoint = rows.head(), freshness.newest()
    context: dict[str, Any] = {
        "form": form,
        "head": head,
        "beginning": rows.beginning(),
        "checkpoint": checkpoint,
        "unsigned": head.sequence - (checkpoint.sequence or 0) if head else 0,
        "offline": OFFLINE,
        "signature": checks.newest_signature(),
        "segments": segments,
        "followed": checks.newest(asked) if asked else None,
    }
    return render_page(
        request,
        "accounts/trail/chain.html",
        context,
        data=lambda: {
            "head": context["head"] and vars(context["head"]),
            "begins_after": vars(context["beginning"]),
            "checkpoint": vars(context["checkpoint"]) | {"signature": context["signature"].state},
            "segments": [_segment(one) for one in segments],
            "followed": _followed(context["followed"]),
        },
    )


def _segment(one: TrailSegment) -> dict[str, Any]:
    names = ("first_sequence", "last_sequence", "last_hash", "last_at", "file_sha256", "moved_at")
    return {name: getattr(one, name) for name in names}


def _followed(found: checks.Stretch | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return vars(found) | {"bad": found.bad and vars(found.bad), "verifies": found.bad is None}
