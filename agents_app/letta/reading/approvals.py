"""Approval answers: the scalar columns of 0.11.7 and 0.12, the `approvals` array since 0.13."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from agents_app.letta.reading.columns import (
    Row,
    bool_column,
    elements,
    json_column,
    readable,
    shape,
    string_or_none,
    text_column,
)
from agents_app.letta.reading.returns import ToolReturn, read_return


@dataclass(frozen=True, slots=True)
class Approval:
    """One decision; `approve` None means that the row does not say.

    It names the call it is about (`call_id`), the message that asked (`request_id`), or neither.
    """

    approve: bool | None
    call_id: str | None = None
    request_id: str | None = None
    reason: str | None = None
    raw: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What an approval response holds: decisions, and results of tools that the client ran."""

    approvals: tuple[Approval, ...] = ()
    returns: tuple[ToolReturn, ...] = ()


def read_answers(row: Row, problems: list[str], *, cut: Collection[str] = ()) -> Answers:
    """The decisions of a row from whichever columns hold them, none twice."""
    stored = elements(json_column(row, "approvals", cut=cut), "approvals", problems)
    results = [element for element in stored if _is_return(element)]
    decisions = [_approval(element) for element in stored if not _is_return(element)]
    problems.extend(f"approvals: {one.problem}" for one in decisions if one.problem)
    scalar = _from_columns(row)
    if scalar and not any(one.approve == scalar.approve for one in decisions):
        decisions.append(scalar)
    returns = tuple(read_return(element, index) for index, element in enumerate(results))
    return Answers(tuple(decisions), returns)


def _is_return(element: Any) -> bool:
    return isinstance(element, dict) and "status" in element and "approve" not in element


def _approval(element: Any) -> Approval:
    if not isinstance(element, dict):
        problem = f"unexpected shape, {shape(element)}"
        return Approval(None, raw=readable(element), problem=problem)
    approve = element.get("approve")
    known = isinstance(approve, bool)
    call_id, request_id = _subject(string_or_none(element.get("tool_call_id")))
    return Approval(
        approve=approve if known else None,
        call_id=call_id,
        request_id=request_id,
        reason=string_or_none(element.get("reason")),
        raw=None if known else readable(element),
        problem=None if known else "no decision in it",
    )


def _from_columns(row: Row) -> Approval | None:
    approve = bool_column(row, "approve")
    asked, reason = text_column(row, "approval_request_id"), text_column(row, "denial_reason")
    if approve is None and asked is None and reason is None:
        return None
    call_id, request_id = _subject(asked)
    return Approval(approve, call_id, request_id, reason)


def _subject(stored: str | None) -> tuple[str | None, str | None]:
    """A call id and a message id: since 0.13 either column may hold the other's kind."""
    if stored is None:
        return None, None
    return (None, stored) if stored.startswith("message-") else (stored, None)
