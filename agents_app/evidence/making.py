"""Everything a bundle says about itself before its first byte, and the record of its beginning."""

from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings

from agents_app.accounts.audit import record
from agents_app.accounts.roles import role_of
from agents_app.accounts.trail import signing
from agents_app.evidence.bundle import Bundle, Line, place
from agents_app.evidence.shown import masking, shown
from agents_app.evidence.sources import Asked, Source, Subject
from agents_app.letta import access, catalogue
from agents_app.ui.http import Request
from agents_app.ui.jsonout import utc_iso


def begun(
    request: Request, asked: Asked, source: Source, *, subject: Subject, reason: str
) -> Bundle:
    """Puts the export on record, with its reason, and gives the bundle to be streamed."""
    identifier, signed = str(uuid4()), _signer()
    letta_time = access.rows("SELECT now()")[0][0]
    write = partial(_recorded, request, subject)
    line = write(
        "evidence.export", kind=asked.kind, ids=[subject.id, identifier], count=1, reason=reason
    )
    facts = {
        "bundle": identifier,
        "subject": {"kind": asked.kind, "id": subject.id, "organization_id": subject.organization_id,
                    "agent_id": subject.agent_id},
        "exported_at": line["at"],
        "letta_time": utc_iso(letta_time),
        "exporter": {"name": line["user_name"], "role": role_of(request.user) or ""},
        "reason": line["reason"],
        "filters": filters(asked),
        "masking": masking(),
        "letta": _letta(),
        "console": {"name": "Letta Inspector", "version": settings.VERSION},
        "trail": {"export": place(line)},
    }  # fmt: skip
    return Bundle(identifier, asked, source, subject, facts, write, signed)


def filters(asked: Asked) -> dict[str, Any]:
    """As the manifest says them."""
    return {
        "since": utc_iso(asked.since) if asked.since else None,
        "until": utc_iso(asked.until) if asked.until else None,
        "memory_only": asked.memory_only,
        "with_deleted": asked.with_deleted,
        "agent_id": asked.agent or None,
        "label": shown(asked.label) or None,
    }


def _letta() -> dict[str, Any]:
    known = catalogue.current()
    return {"release": known.release, "schema": known.schema, "revision": known.revision}


def _recorded(request: Request, subject: Subject, action: str, **options: Any) -> Line:
    options["agent_id"] = options.get("agent_id") or subject.agent_id
    return record(
        request, action, organization_id=subject.organization_id, about=[subject.id], **options
    )


def _signer() -> Any:
    """Signs statements with the key of the checkpoints; None where none is configured."""
    path = settings.INSPECTOR_CHECKPOINT_KEY_FILE
    if not path:
        return None
    key = signing.private_key(Path(path))
    return lambda statement: signing.signed(statement, key)
