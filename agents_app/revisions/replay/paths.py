"""Labels of blocks, as the `path` of the `memory` tool names them."""

from collections.abc import Iterable

from agents_app.revisions.replay.outcome import Release, at_least, before

_SLASHES_KEPT = ("create", "str_replace")


def labels(path: object, command: str, release: Release) -> tuple[str, ...]:
    """What label the path may mean, likeliest first: one for a known release, else each rule's."""
    if not isinstance(path, str):
        return ()
    label = str(path).removeprefix("/memories/") if path.startswith("/memories/") else str(path)
    stripped = label.removeprefix("/")
    flat, bare = label.replace("/", "_"), stripped.replace("/", "_")
    if before(release, 0, 16, 0):
        return (flat,)
    if before(release, 0, 16, 4):
        return (bare,)
    if at_least(release, 0, 16, 4):
        return (stripped,) if command in _SLASHES_KEPT else (bare,)
    return _unique((stripped, bare, flat) if command in _SLASHES_KEPT else (bare, flat))


def _unique(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
