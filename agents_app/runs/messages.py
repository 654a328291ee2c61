"""Messages as metadata: who, when and where to read them, never what they say."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents_app.letta.models import JobMessage, Message
from agents_app.text.times import BeyondCalendar
from agents_app.ui.links import link

MOST_MESSAGES = 200


@dataclass(frozen=True)
class MessageRow:
    """One message of a run or step; `name` is the tool's for role tool."""

    id: str
    role: str | None
    name: str | None
    created_at: datetime | BeyondCalendar | None
    sequence_id: int | None
    agent_id: str | None
    conversation_id: str | None
    step_id: str | None
    is_err: bool | None
    is_deleted: bool | None

    @property
    def href(self) -> str:
        return link("conversations:message", self.id)

    @property
    def step_href(self) -> str:
        return link("runs:step", self.step_id)

    @property
    def transcript_href(self) -> str:
        """The transcript it stands in, opened at it."""
        deleted = {"deleted": "include"} if self.is_deleted else {}
        if self.conversation_id:
            return link("conversations:conversation", self.conversation_id, at=self.id, **deleted)
        return link("conversations:default_thread", self.agent_id, at=self.id, **deleted)


COLUMNS = tuple(MessageRow.__dataclass_fields__)


def message_rows(
    queryset: Any, *, order: tuple[str, ...] = ("sequence_id", "created_at", "pk")
) -> list[MessageRow]:
    """Up to 201 of them in Letta's order; by time where there is no sequence_id (before 0.6.49)."""
    return [
        MessageRow(*row)
        for row in queryset.order_by(*order).values_list(*COLUMNS)[: MOST_MESSAGES + 1]
    ]


def messages_of_run(run_id: str, *, above: int | None, with_deleted: bool) -> list[MessageRow]:
    """Of a run (0.12+), by the index on (run_id, sequence_id); `above` is the sequence_id to go on after."""
    queryset = Message.objects.here().filter(run_id=run_id)
    if above is not None:
        queryset = queryset.filter(sequence_id__gt=above)
    return message_rows(_living(queryset, with_deleted=with_deleted), order=("sequence_id",))


def messages_of_job(job_id: str, *, with_deleted: bool) -> list[MessageRow]:
    """Of a run from 0.6.10 to 0.11.7; 0.12 dropped the table that says so."""
    links = JobMessage.objects.here().filter(job_id=job_id).values_list("message_id", flat=True)
    ids = list(links[: MOST_MESSAGES + 1])
    queryset = Message.objects.here().filter(pk__in=ids)
    return message_rows(_living(queryset, with_deleted=with_deleted)) if ids else []


def _living(queryset: Any, *, with_deleted: bool) -> Any:
    """Without soft-deleted rows; a release without the column has none."""
    return queryset if with_deleted else queryset.exclude(is_deleted=True)
