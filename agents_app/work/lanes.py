"""The lanes that background work runs in: how much at once, and what runs in a process of its own."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Lane:
    """`at_once` pieces of work of all people together, and one of each person; the others wait in line.

    `apart`: each piece runs in a process of its own, at low priority and with bounded memory, which
    can be ended at any moment.
    """

    queue: str
    at_once: int
    apart: bool = False


LIGHT = Lane("letta", at_once=2)
HEAVY = Lane("heavy", at_once=1, apart=True)
LANES = (LIGHT, HEAVY)


def lane_of(kind: str) -> Lane:
    """The lane for a kind of work; settings.HEAVY_WORK names the kinds that need the heavy one."""
    return HEAVY if kind in settings.HEAVY_WORK else LIGHT
