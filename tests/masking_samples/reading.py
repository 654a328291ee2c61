"""Whether a reader of a text could still learn what should be hidden."""

import re
import unicodedata

from tests.masking_samples.sample import Positive

LENGTHS = {"phone": 5, "card": 6, "iban": 6, "ip": 6, "e-mail": 5, "address": 8, "key": 6}
_DRAWS_NOTHING = re.compile(r"[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_NO_DIGIT_NOR_LETTER = re.compile(r"[\W_]+")
NUMBERS = {"phone", "card", "iban"}


def readable(sample: Positive, shown: str) -> str | None:
    """The first stretch of a hidden part that `shown` still tells, or None.

    A stretch that the text around the value contains as well tells nothing. Invisible characters,
    look-alike forms and case make no difference; with numbers neither do separators.
    """
    numbers = sample.kind in NUMBERS
    after = reduced(shown, numbers=numbers)
    around = sample.text
    for part in sample.hidden:
        around = around.replace(part, "\n\n")
    elsewhere = reduced(around, numbers=numbers)
    for part in sample.hidden:
        for stretch in stretches(reduced(part, numbers=numbers), LENGTHS[sample.kind]):
            if stretch in after and stretch not in elsewhere:
                return stretch
    return None


def reduced(text: str, *, numbers: bool) -> str:
    """What is left of a text once form, case and what draws nothing make no difference."""
    alike = unicodedata.normalize("NFKC", text).casefold()
    return (_NO_DIGIT_NOR_LETTER if numbers else _DRAWS_NOTHING).sub("", alike)


def stretches(part: str, length: int) -> list[str]:
    length = min(length, len(part))
    return [part[i : i + length] for i in range(len(part) - length + 1)] if part else []
