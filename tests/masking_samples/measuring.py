"""How well a way of masking does on the samples, in figures and with what it got wrong."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.masking_samples.benign import benign
from tests.masking_samples.positives import positives
from tests.masking_samples.reading import readable
from tests.masking_samples.sample import Benign, Positive

Mask = Callable[[str], str]


@dataclass
class Figures:
    asked: Counter[str] = field(default_factory=Counter)
    missed: dict[str, list[str]] = field(default_factory=dict)

    def note(self, group: str, miss: str | None) -> None:
        self.asked[group] += 1
        if miss is not None:
            self.missed.setdefault(group, []).append(miss)

    def misses(self, group: str) -> list[str]:
        return self.missed.get(group, [])

    def share(self, group: str) -> float:
        """Percent of the group's samples that were right."""
        return 100 * (1 - len(self.misses(group)) / self.asked[group])

    def all_misses(self) -> list[str]:
        return [miss for misses in self.missed.values() for miss in misses]

    def table(self) -> str:
        rows = [(self.share(group), group) for group in self.asked]
        return "\n".join(
            f"{share:6.2f} %  {group}  ({len(self.misses(group))} of {self.asked[group]} wrong)"
            for share, group in sorted(rows)
        )


def found(mask: Mask, samples: Iterable[Positive] | None = None) -> tuple[Figures, Figures]:
    """Figures by kind and by format; a miss tells what can still be read, and the sample."""
    by_kind, by_format = Figures(), Figures()
    for sample in positives() if samples is None else samples:
        told = readable(sample, mask(sample.text))
        miss = (
            None
            if told is None
            else f"{told!r} of {sample.format} in {sample.carrier}: {sample.text!r}"
        )
        by_kind.note(sample.kind, miss)
        by_format.note(f"{sample.kind}: {sample.format.removesuffix(', invisible')}", miss)
    return by_kind, by_format


def alarms(mask: Mask, samples: Iterable[Benign] | None = None) -> Figures:
    """Figures by group of harmless texts; a miss is a text that was changed, as it is shown."""
    figures = Figures()
    for sample in benign() if samples is None else samples:
        shown = mask(sample.text)
        figures.note(
            sample.group, None if shown == sample.text else f"{sample.text!r} -> {shown!r}"
        )
    return figures
