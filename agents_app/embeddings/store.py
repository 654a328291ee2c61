"""Findings in our own database: found by fingerprint, the old ones of a scope removed."""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from agents_app.embeddings.models import VectorFinding

_KEPT_OF_SCOPE, _KEPT = 3, 300
Arrays = Mapping[str, NDArray[Any]]


def find(kind: str, fingerprint: str) -> dict[str, NDArray[Any]] | None:
    """The arrays of that finding, or None."""
    row = VectorFinding.objects.filter(kind=kind, fingerprint=fingerprint).first()
    return None if row is None else _unpacked(bytes(row.body))


def exists(kind: str, fingerprint: str) -> bool:
    return VectorFinding.objects.filter(kind=kind, fingerprint=fingerprint).exists()


def latest(kind: str, scope: str) -> VectorFinding | None:
    """The newest finding of the kind for a scope, whatever it was computed from."""
    return VectorFinding.objects.filter(kind=kind, scope=scope).order_by("-made_at").first()


def arrays(finding: VectorFinding) -> dict[str, NDArray[Any]]:
    return _unpacked(bytes(finding.body))


def keep(kind: str, fingerprint: str, *, scope: str, found: Arrays) -> None:
    """Stores the arrays; keeps three findings of a kind and scope, 300 of a kind."""
    packed = io.BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **found)
    with transaction.atomic():
        VectorFinding.objects.update_or_create(
            kind=kind,
            fingerprint=fingerprint,
            defaults={"scope": scope, "body": packed.getvalue()},
        )
        same = VectorFinding.objects.filter(kind=kind)
        _forget(same.filter(scope=scope), _KEPT_OF_SCOPE)
        _forget(same, _KEPT)


def _forget(findings: Any, kept: int) -> None:
    stale = findings.order_by("-made_at", "-pk").values_list("pk", flat=True)[kept : kept + 100]
    VectorFinding.objects.filter(pk__in=list(stale)).delete()


def _unpacked(body: bytes) -> dict[str, NDArray[Any]]:
    with np.load(io.BytesIO(body), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}
