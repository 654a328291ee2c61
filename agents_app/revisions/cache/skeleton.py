"""A kept history: found, compared with what Letta holds now, and its values read where they lie."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db.models.functions import Now

from agents_app.revisions.cache.hashing import digest
from agents_app.revisions.cache.key import fingerprint, search_state
from agents_app.revisions.cache.models import BlockSkeleton, SkeletonPart
from agents_app.revisions.cache.packing import Bone, unpacked
from agents_app.revisions.cache.places import Places
from agents_app.revisions.collect import Searched
from agents_app.revisions.collect.calls import custom_tools
from agents_app.revisions.evidence import Subject
from agents_app.revisions.revision import Completeness, Revision

AT_ONCE: Final = 50
KEPT_VALUES: Final = 6
LONGEST_WAY: Final = 400


class Outdated(Exception):
    """A value is not where it was: the history must be read anew."""


@dataclass(slots=True)
class Skeleton:
    """A kept history of a block as it is now; `revisions` have sizes instead of values."""

    block: Subject
    completeness: Completeness
    searched: Searched
    bones: Sequence[Bone]
    revisions: Sequence[Revision]
    places: Places
    kept: OrderedDict[int, str] = field(default_factory=OrderedDict)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left that other evidence could explain."""
        sure = all(one.known and one.grade != "conflict" for one in self.revisions)
        return sure and not self.completeness.gaps and self.completeness.writes is not None

    def value(self, number: int) -> str | None:
        """The value of one revision, checked by its hash; None where it is not known.

        Raises Outdated when it cannot be had any more.
        """
        bone = self.bones[number]
        if bone.revision.size is None:
            return None
        found = self._value(number, LONGEST_WAY)
        if found is None or digest(found) != bone.hash:
            raise Outdated(bone.revision.id)
        return found

    def values(self, first: int = 0, before: int | None = None) -> Iterator[tuple[int, str | None]]:
        """The values of revisions in a row, with their numbers; a few at a time are in memory."""
        ends = len(self.bones) if before is None else before
        for begin in range(first, ends, AT_ONCE):
            numbers = range(begin, min(begin + AT_ONCE, ends))
            self.places.prepare(self.bones[number].revision for number in numbers)
            for number in numbers:
                yield number, self._in_turn(number)

    def _in_turn(self, number: int) -> str | None:
        """As `value`; where the one before is at hand its length is check enough, but for the last."""
        bone = self.bones[number]
        if bone.revision.size is None:
            return None
        quick = bone.where[:1] in (["apply"], ["same"]) and bone.where[1] in self.kept
        found = self._value(number, LONGEST_WAY) if quick else self.value(number)
        if found is None or len(found) != bone.revision.size:
            raise Outdated(bone.revision.id)
        return found

    def _value(self, number: int, steps: int) -> str | None:
        if number in self.kept:
            self.kept.move_to_end(number)
            return self.kept[number]
        found = self._read(number, steps)
        if found is not None:
            self.kept[number] = found
            if len(self.kept) > KEPT_VALUES:
                self.kept.popitem(last=False)
        return found

    def _read(self, number: int, steps: int) -> str | None:
        """Where it lies; a stored text that shows it spares replaying what lies before."""
        bone = self.bones[number]
        way, rest = bone.where[:1], bone.where[1:]
        if (
            way in (["apply"], ["undo"], ["same"])
            and rest[0] not in self.kept
            and bone.revision.seen
        ):
            seen = self.places.sight(bone.revision.seen, bone.revision)
            if seen is not None and digest(seen) == bone.hash:
                return seen
        if way in (["apply"], ["undo"], ["same"]):
            base = self._value(rest[0], steps - 1) if steps else None
            return None if base is None else self._from(base, way[0], rest[0], bone.revision)
        if way == ["sight"]:
            return self.places.sight(rest[0], bone.revision)
        if not way:
            return self.places.told(bone.revision, bone.hash)
        return self.places.call(bone.revision, returned=way == ["return"])

    def _from(self, base: str, way: str, number: int, one: Revision) -> str | None:
        if way == "same":
            return base
        if way == "undo":
            return self.places.undone(self.bones[number].revision, base)
        return self.places.applied(one, base)


def load(block: Subject) -> Skeleton | None:
    """The kept history of the block; an outdated one is forgotten. Few queries, none for a text."""
    kept = BlockSkeleton.objects.filter(block_id=block.id, complete=True).order_by("-pk").first()
    if kept is None:
        return None
    searched_on = kept.search is not None and kept.search != search_state()
    if searched_on or kept.key != fingerprint(block, kept.writers):
        kept.delete()
        return None
    BlockSkeleton.objects.filter(pk=kept.pk).update(used_at=Now())
    bones = [unpacked(row) for part in _parts(kept) for row in part]
    if len(bones) != kept.revisions:  # forgotten meanwhile
        return None
    return Skeleton(
        block=block,
        completeness=Completeness(kept.writes, kept.explained, kept.gaps),
        searched=kept.searched,  # type: ignore[arg-type]
        bones=bones,
        revisions=_named(bones, kept.writers),
        places=Places(block, kept.writers, kept.renames),
    )


def forget(block_id: str) -> None:
    """Drops what is kept of a block's history."""
    BlockSkeleton.objects.filter(block_id=block_id, complete=True).delete()


def _parts(kept: BlockSkeleton) -> Iterable[list[dict[str, Any]]]:
    return (
        SkeletonPart.objects.filter(skeleton=kept).order_by("number").values_list("rows", flat=True)
    )


def _named(bones: Sequence[Bone], writers: Sequence[str]) -> list[Revision]:
    """With the names of custom tools, of which only hashes are kept."""
    if not any(bone.tool_hash for bone in bones):
        return [bone.revision for bone in bones]
    names = {digest(name): name for agent in writers for name in custom_tools(agent)}
    return [
        replace(bone.revision, tool=names.get(bone.tool_hash, "custom tool"))
        if bone.tool_hash
        else bone.revision
        for bone in bones
    ]
