"""The accesses that reviewers look at, and their verdicts.

An export writes a row of the trail per 200 objects: the first of its request stands for those that
continue it. Which these are is read from sealed columns alone: nothing can be changed that hides one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Sum

from agents_app.accounts.access.models import Review, Verdict
from agents_app.accounts.audit import record
from agents_app.accounts.models import EXPORTS, RESETS, TO_REVIEW, AccessEvent
from agents_app.ui.http import Request

WAITING: Final = "waiting"


class DecidedMeanwhile(Exception):
    """Somebody else's verdict came first."""


@dataclass(frozen=True)
class Access:
    """One access: the first row of its request, what all its rows hold together, the verdicts.

    `others` counts the organizations of its further rows, beside that of the first.
    """

    event: AccessEvent
    rows: int
    objects: int
    others: int
    reviews: Sequence[Review]

    @property
    def state(self) -> str:
        """waiting, or the newest verdict."""
        return self.reviews[-1].verdict if self.reviews else WAITING


def accesses() -> QuerySet[AccessEvent]:
    """The rows with which a reviewed access begins; an index of exports finds the row before."""
    before = _exports().filter(
        request_id=OuterRef("request_id"), action=OuterRef("action"),
        sequence__lt=OuterRef("sequence"),
    ).exclude(request_id="")  # fmt: skip
    return AccessEvent.objects.filter(TO_REVIEW, ~Exists(before))


def _exports() -> QuerySet[AccessEvent]:
    return AccessEvent.objects.filter(EXPORTS, outcome="success")


def in_state(queryset: QuerySet[AccessEvent], state: str) -> QuerySet[AccessEvent]:
    """Those that wait for a verdict, or whose newest verdict is `state`; other words do not narrow."""
    verdicts = Review.objects.filter(sequence=OuterRef("sequence"))
    if state == WAITING:
        return queryset.filter(~Exists(verdicts))
    if state not in Verdict.values:
        return queryset
    decided = Review.objects.filter(verdict=state).values("sequence")
    newest = Subquery(verdicts.order_by("-ordinal").values("verdict")[:1])
    return queryset.filter(sequence__in=decided).alias(newest=newest).filter(newest=state)


def with_verdicts(found: Iterable[AccessEvent]) -> list[Access]:
    """The accesses that begin with these rows, in their order. Two queries."""
    listed = list(found)
    reviews: defaultdict[int, list[Review]] = defaultdict(list)
    decided = Review.objects.filter(sequence__in=[event.sequence for event in listed])
    for review in decided.order_by("sequence", "ordinal").select_related("reviewer"):
        reviews[review.sequence].append(review)
    continued = _continued(listed)
    return [
        _access(event, continued.get((event.request_id, event.action)), reviews[event.sequence])
        for event in listed
    ]


def _access(event: AccessEvent, more: dict[str, Any] | None, reviews: Sequence[Review]) -> Access:
    if more is None:
        return Access(event, 1, event.object_count, 0, reviews)
    others = len(set(more["organizations"]) - {event.organization_id, ""})
    return Access(event, 1 + more["rows"], event.object_count + more["shown"], others, reviews)


def _continued(listed: Sequence[AccessEvent]) -> dict[tuple[str, str], dict[str, Any]]:
    """Rows, objects and organizations that continue these accesses, by request id and action."""
    requests = {event.request_id for event in listed} - {""}
    counted = (
        _exports()
        .filter(request_id__in=requests)
        .exclude(pk__in=[event.pk for event in listed])
        .values("request_id", "action")
        .annotate(
            rows=Count("pk"),
            shown=Sum("object_count"),
            organizations=ArrayAgg("organization_id", distinct=True),
        )
    )
    return {(one["request_id"], one["action"]): one for one in counted}


def find(sequence: int) -> Access | None:
    """The access that begins with that row; None for rows that are not reviewed, or not here any more."""
    return next(iter(with_verdicts(accesses().filter(sequence=sequence))), None)


def is_own(user: Any, event: AccessEvent) -> bool:
    """Whether the access is the user's own, or a reset of the user's account: others review it.

    Whoever reset an account could sign in under its name, and so approve of it.
    """
    theirs = event.action in RESETS and str(user.pk) in event.object_ids
    return theirs or bool(event.user_id == user.pk)


def decide(request: Request, access: Access, *, verdict: Verdict, note: str, seen: int) -> Review:
    """Adds a verdict, on record; `seen` is how many verdicts its writer has seen."""
    event = access.event
    if is_own(request.user, event):
        raise PermissionDenied("Somebody else has to review what you did yourself.")
    if seen != len(access.reviews):
        raise DecidedMeanwhile
    try:
        with transaction.atomic():
            made = Review.objects.create(
                sequence=event.sequence, ordinal=seen + 1, verdict=verdict, note=note,
                reviewer=request.user,
            )  # fmt: skip
            act = "review.flag" if verdict == Verdict.FLAGGED else "review.approve"
            record(
                request, act, kind="access", ids=[str(event.sequence)], reason=note,
                organization_id=event.organization_id, agent_id=event.agent_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise DecidedMeanwhile from error
    return made
