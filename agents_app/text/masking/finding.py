"""Finding what is to be masked, also where invisible characters were put between, and masking it."""

import re
from collections.abc import Collection, Iterable, Iterator, MutableMapping
from typing import Final

from agents_app.text.masking import numbers, people, phones, places
from agents_app.text.masking.formats import FORMATS, SecretFormat, formats_in, secrets
from agents_app.text.masking.joined import inserted, joined, wrapped
from agents_app.text.masking.keyblocks import key_blocks
from agents_app.text.masking.kinds import Found, Kind
from agents_app.text.masking.named import named_secrets
from agents_app.text.masking.pairs import pairs
from agents_app.text.masking.spoken import spoken_secrets
from agents_app.text.masking.unfolded import unfolded
from agents_app.text.masking.words import PASSWORDS

Formats = tuple[SecretFormat, ...]
Lines = MutableMapping[str, tuple[Found, ...]]
"""What was found in lines that were read before: a text's lines often come again."""

SHORTEST: Final = 6
_LONGEST_KEPT: Final = 2_000
_ORDER: Final = {kind: place for place, kind in enumerate(Kind)}
_WORDS: Final = (
    r"pass|pwd|pw\b|psk|secret|token|key|auth|cred|bearer|webhook|session|\bsid\b|sessid|connect\.sid|salt|login|schlüssel|ключ"
    rf"|{PASSWORDS}"
)
_NAMES = re.compile(_WORDS, re.IGNORECASE)
_TELLING = re.compile(
    rf"[\d@]|\S{{12}}|[\[({{<]\s?at\s?[\])}}>]|\sat\s|://|seed|mnemonic|recovery|wallet|backup|сид|semilla|助记|シード|{_WORDS}",
    re.IGNORECASE,
)
_LONG = re.compile(r"[A-Za-z0-9_+/=.~!:-]{19}")
_MANY_DIGITS = re.compile(r"\d(?:[^\n\d]{0,4}\d){6}")


def find(
    text: str, kinds: Collection[Kind] = frozenset(Kind), *, lines: Lines | None = None
) -> list[Found]:
    """What stands where in `text`, in order, without overlaps; linear in its length.

    The finds of a text are those of its lines, and what goes on in the next line: keys in armour, numbers
    and tokens that are broken, names above their values.
    """
    found = list(key_blocks(text)) if Kind.SECRET in kinds else []
    formats = formats_in(text) if Kind.SECRET in kinds else ()
    at = 0
    for line in text.split("\n"):
        if len(line) >= SHORTEST and _TELLING.search(line):
            for one in _known(line, kinds, lines, formats):
                found.append(Found(at + one.start, at + one.end, one.kind, one.format))
        at += len(line) + 1
    if "\n" in text:
        found.extend(joined(text, kinds))
        found.extend(pairs(text, kinds))
        found.extend(tuple(wrapped(text, found)))
    return _settled(found) if len(found) > 1 else found


def mask(
    text: str, kinds: Collection[Kind] = frozenset(Kind), *, lines: Lines | None = None
) -> str:
    """`text` with each of these replaced by its kind in single angle marks, such as ‹e-mail›.

    A stretch of several lines becomes as many: what is said of line numbers stays true.
    """
    if not kinds or len(text) < SHORTEST:
        return text
    return masked_at(text, find(text, kinds, lines=lines))


def masked_at(text: str, found: Iterable[Found], *, end: int | None = None) -> str:
    """`text`, or its part before `end`, with these parts masked; a part that begins there is whole."""
    pieces, position = [], 0
    stop = len(text) if end is None else end
    for one in found:
        if one.start >= stop:
            break
        pieces += [text[position : one.start], _label(one.kind, text[one.start : one.end])]
        position = one.end
    return "".join([*pieces, text[position : max(stop, position)]])


def _label(kind: Kind, hidden: str) -> str:
    mark = f"‹{kind}›"
    if "\n" not in hidden:
        return mark
    return "\n".join(mark if line.strip() else "" for line in hidden.split("\n"))


def _known(
    line: str, kinds: Collection[Kind], lines: Lines | None, formats: Formats
) -> tuple[Found, ...]:
    if lines is None or len(line) > _LONGEST_KEPT:
        return tuple(_in_line(line, kinds, formats))
    found = lines.get(line)
    if found is None:
        found = lines[line] = tuple(_in_line(line, kinds, formats))
    return found


def _in_line(line: str, kinds: Collection[Kind], formats: Formats) -> list[Found]:
    """With the text's formats; what is written otherwise may hold any."""
    folded = unfolded(line)
    if folded is None:
        return _settled(_all(line, kinds, formats))
    found = [
        Found(*folded.span(one.start, one.end), one.kind, one.format)
        for one in _settled(_all(folded.plain, kinds, FORMATS))
        if one.end > one.start
    ]
    if "%2" in line and "://" in line and Kind.SECRET in kinds:
        return _settled([*found, *secrets(line, formats)])  # in a password, %2F is no end of a host
    return found


def _all(line: str, kinds: Collection[Kind], formats: Formats) -> Iterator[Found]:
    if Kind.SECRET in kinds:
        yield from secrets(line, formats)
        if _NAMES.search(line):
            yield from named_secrets(line)
    if Kind.SECRET in kinds and _LONG.search(line):
        yield from spoken_secrets(line)
    if "INSERT" in line or "insert" in line:
        yield from (one for one in inserted(line) if one.kind in kinds)
    if Kind.EMAIL in kinds:
        yield from people.emails(line)
    if '":' in line or "':" in line:
        yield from pairs(line, kinds)
    if any(map(str.isdigit, line)):
        yield from _with_digits(line, kinds)


def _with_digits(line: str, kinds: Collection[Kind]) -> Iterator[Found]:
    if _MANY_DIGITS.search(line):
        if Kind.CARD in kinds:
            yield from numbers.cards(line)
        if Kind.PHONE in kinds:
            yield from phones.phones(line)
    if Kind.IBAN in kinds:
        yield from numbers.ibans(line)
    if Kind.IP in kinds and ("." in line or ":" in line):
        yield from numbers.addresses(line)
    if Kind.ADDRESS in kinds:
        yield from places.postal(line)
        yield from places.before_cities(line)


def _settled(found: Iterable[Found]) -> list[Found]:
    """Overlapping finds made one: of the kind that is named first in Kind, as wide as all of them."""
    settled: list[Found] = []
    for one in sorted(found, key=lambda each: (each.start, -each.end)):
        last = settled[-1] if settled else None
        if last is None or one.start >= last.end:
            settled.append(one)
            continue
        first = min(last, one, key=lambda each: _ORDER[each.kind])
        settled[-1] = Found(last.start, max(last.end, one.end), first.kind, first.format)
    return settled
