"""What a sample is: a text, and the characters in it that must not be readable once masked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Value:
    """Something to hide, before it stands in a text.

    `hidden` are parts of `text`; a prefix that only tells a key's vendor is none of them. A value
    that nobody could tell without its name (`alone=False`) is only put behind that name.
    """

    kind: str
    format: str
    text: str
    hidden: tuple[str, ...]
    name: str = "note"
    alone: bool = True
    whole: bool = False  # the text is a carrier already (a file, a command, a line)


@dataclass(frozen=True)
class Positive:
    kind: str
    format: str
    carrier: str
    text: str
    hidden: tuple[str, ...]


@dataclass(frozen=True)
class Benign:
    group: str
    text: str
