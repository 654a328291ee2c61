"""The scan of all vectors of a scope, done by the worker; it keeps ids and numbers, never a text."""

from typing import Any

from agents_app.embeddings import store
from agents_app.embeddings.clouds import Scope, clouds, comparable, fingerprint
from agents_app.embeddings.gathering import gather
from agents_app.embeddings.geometry.duplicates import likeness, products
from agents_app.embeddings.health.findings import KIND as FINDING
from agents_app.embeddings.health.findings import keep
from agents_app.work.tasks import Progress

KIND = "embedding-scan"
_READ, _COMPARED = 200, 990  # thousandths of the progress


def scan(progress: Progress, given: dict[str, Any]) -> dict[str, Any]:
    """Compares every vector with every other; gives {"looked_at": vectors}."""
    cloud = comparable(clouds(Scope(given["kind"], given["id"])), given["space"])
    if cloud is None:
        return {"looked_at": 0}
    made = fingerprint(cloud, of=FINDING)
    if store.exists(FINDING, made):
        return {"looked_at": cloud.vectors}

    def reading(done: int) -> None:
        progress.report(_READ * min(done, cloud.vectors) // cloud.vectors, total=1_000)

    gathered = gather(cloud, tell=reading)
    steps = max(1, products(len(gathered.ids)))

    def comparing(done: int) -> None:
        progress.report(_READ + (_COMPARED - _READ) * done // steps, total=1_000)

    keep(cloud, gathered, likeness(gathered.directions, tell=comparing), made)
    return {"looked_at": len(gathered.ids)}
