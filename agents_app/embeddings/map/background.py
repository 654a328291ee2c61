"""The neighbour-preserving map, made by the worker; it keeps ids and numbers, never a text."""

from typing import Any

from agents_app.embeddings import store
from agents_app.embeddings.clouds import Cloud, Scope, clouds, comparable, fingerprint
from agents_app.embeddings.gathering import gather_spread
from agents_app.embeddings.geometry.pca import components
from agents_app.embeddings.geometry.tsne import ROUNDS, neighbour_map
from agents_app.embeddings.map.drawing import draw, keep
from agents_app.work.child import threads
from agents_app.work.tasks import Progress

KIND = "embedding-map"
MOST_PROJECTED = 50_000
_AXES = 50
_LEAST = 4
# Parts of the progress, in thousandths.
_READ, _COMPONENTS, _ROUNDS = 400, 500, 980


def project(progress: Progress, given: dict[str, Any]) -> dict[str, Any]:
    """Draws by components and by neighbours; gives {"drawn": count}, 0 when there is nothing to draw."""
    cloud = comparable(clouds(Scope(given["kind"], given["id"])), given["space"])
    if cloud is None:
        return {"drawn": 0}
    made = fingerprint(cloud, of="neighbours")
    if store.exists("neighbours", made):
        return {"drawn": cloud.vectors}
    return {"drawn": _projected(progress, cloud, made)}


def _projected(progress: Progress, cloud: Cloud, made: str) -> int:
    read = cloud.vectors + (MOST_PROJECTED if cloud.vectors > MOST_PROJECTED else 0)

    def reading(done: int) -> None:
        progress.report(_READ * min(done, read) // read, total=1_000)

    def turning(done: int) -> None:
        progress.report(_COMPONENTS + (_ROUNDS - _COMPONENTS) * done // ROUNDS, total=1_000)

    gathered = gather_spread(cloud, tell=reading, most=MOST_PROJECTED)
    axes = components(gathered.directions, _AXES)
    progress.report(_COMPONENTS, total=1_000)
    flat = axes[:, :2].copy()
    found = draw(gathered, "components", axes=axes, places=flat, vectors=cloud.vectors)
    keep(cloud, found, fingerprint(cloud, of="components"))
    if len(gathered.ids) >= _LEAST:
        flat = neighbour_map(axes, tell=turning, threads=threads())
    found = draw(gathered, "neighbours", axes=axes, places=flat, vectors=cloud.vectors)
    keep(cloud, found, made)
    return len(found)
