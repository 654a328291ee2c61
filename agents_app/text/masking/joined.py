"""What goes on in the next line: a number broken between its groups, a wrapped token, a name with its value below, a column."""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Final

from agents_app.text.masking import numbers
from agents_app.text.masking.kinds import Found, Kind
from agents_app.text.masking.named import HEADED, named_secrets, names_secret, value_in_column
from agents_app.text.masking.phones import HEADING as PHONE_HEADING
from agents_app.text.masking.unfolded import unfolded

Finder = Callable[[str], Iterator[Found]]
CLOSE: Final = 44
LONGEST: Final = 1_200
MOST: Final = 2_000
_BREAK: Final = r"[ \t\u00a0-]{0,3}\r?\n[ \t>|]{0,8}"
_BROKEN_NUMBER = re.compile(rf"\d{_BREAK}(?=\d)")
_BROKEN_IBAN = re.compile(
    rf"(?<![A-Za-z0-9])[A-Za-z]{{2}}\d{{2}}[A-Za-z0-9 \u00a0-]{{0,36}}?{_BREAK}(?=[A-Za-z0-9])"
)
_NAME_ABOVE = re.compile(
    r"(?:pass|pwd|secret|token|key|phrase|_id|credential|passwort|kennwort|contraseña|пароль|パスワード)(?<!\n)(?:s|word|wd|phrase|code)?['\"]?,?\s?(?:</[a-z]{1,8}>|:|=|\\|\{)?[ \t\r]{0,4}\n",
    re.IGNORECASE,
)
_TOKEN_GOES_ON = re.compile(r"[ \t>]{0,8}([A-Za-z0-9+/_.=-]{1,120})(?=\s|$)")
_MOST_LINES_OF_TOKEN: Final = 60
_HEADER_LINE = re.compile(
    r"^[\w \"'.-]{1,60}(?:[,;\t|][\w \"'.-]{0,60}){1,60}\r?$", re.ASCII | re.MULTILINE
)
_HEADER = re.compile(r"[\w \"'.-]{1,60}(?:[,;\t|][\w \"'.-]{0,60}){1,60}", re.ASCII)


def joined(text: str, kinds: Collection[Kind]) -> Iterator[Found]:
    """What the pair of a line and the next one holds and neither alone; linear in the text's length."""
    if Kind.CARD in kinds:
        for broken in _BROKEN_NUMBER.finditer(text):
            yield from _around(text, broken.start() + 1, broken.end(), numbers.cards)
    if Kind.IBAN in kinds:
        for broken in _BROKEN_IBAN.finditer(text):
            yield from _around(text, broken.start() + 4, broken.end(), numbers.ibans)
    if Kind.SECRET in kinds:
        for name in _NAME_ABOVE.finditer(text):
            yield from _below(text, name)
    yield from (one for one in columns(text) if one.kind in kinds)


def _around(text: str, start: int, end: int, finder: Finder) -> Iterator[Found]:
    """What crosses the line's end that lies between these places."""
    begin = max(0, start - CLOSE)
    while begin > 0 and begin < start and text[begin - 1].isalnum():
        begin += 1
    for one in finder(text[begin : end + CLOSE]):
        if one.start + begin < start and one.end + begin >= end:
            yield Found(one.start + begin, one.end + begin, one.kind, one.format)


def _below(text: str, name: re.Match[str]) -> Iterator[Found]:
    """The value of a name that ends its line, as YAML and HTML are written."""
    start = max(text.rfind("\n", 0, name.start()) + 1, name.start() - 80)
    pair = text[start : min(name.end() + LONGEST, len(text))]
    end = pair.find("\n", name.end() - start)
    pair = pair if end < 0 else pair[:end]
    folded = unfolded(pair)
    for one in named_secrets(pair if folded is None else folded.plain):
        begin, end = (one.start, one.end) if folded is None else folded.span(one.start, one.end)
        if begin + start >= name.end() - 1:
            yield Found(begin + start, end + start, one.kind, one.format)


def wrapped(text: str, found: list[Found]) -> Iterator[Found]:
    """The lines in which a token goes on that reached its line's end."""
    for one in found:
        if (
            one.kind is not Kind.SECRET
            or one.end - one.start < 24
            or text[one.end : one.end + 1] != "\n"
        ):
            continue
        width, end = one.end - (text.rfind("\n", 0, one.end) + 1), one.end
        if not 40 <= width <= 200:
            continue
        for _ in range(_MOST_LINES_OF_TOKEN):
            goes_on = _TOKEN_GOES_ON.match(text, end + 1)
            if not goes_on or not any(map(str.isdigit, goes_on[1])):
                break
            yield Found(goes_on.start(1), goes_on.end(1), one.kind, one.format)
            end = goes_on.end()
            if goes_on.end() - goes_on.start() < width - 2 or text[end : end + 1] != "\n":
                break


def columns(text: str) -> Iterator[Found]:
    """Cells below a heading that names a secret or a phone, in CSV and in Markdown's tables."""
    done = 0
    for header in _HEADER_LINE.finditer(text):
        if header.start() < done or not HEADED.search(header[0]):
            continue
        at = done = header.end() + 1
        heading, sign = _headed(header[0]) if len(header[0]) < MOST else ({}, "")
        while heading and at < len(text):
            end = _end_of_line(text, at)
            line = text[at:end]
            if line.count(sign) < max(heading):
                break
            yield from _cells(line, at, sign, heading)
            at = done = end + 1


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _headed(line: str) -> tuple[dict[int, str], str]:
    if not _HEADER.fullmatch(line.strip()):
        return {}, ""
    sign = max(",;\t|", key=line.count)
    cells = [cell.strip(" \"'\r") for cell in line.split(sign)]
    named = {
        place: "phone" if PHONE_HEADING.search(cell) else names_secret(cell)
        for place, cell in enumerate(cells)
    }
    return {place: name for place, name in named.items() if name}, sign


def _cells(line: str, at: int, sign: str, heading: dict[int, str]) -> Iterator[Found]:
    start = at
    for place, cell in enumerate(line.split(sign)):
        if place in heading:
            inner = cell.strip(" \"'`\r")
            begin = start + cell.find(inner)
            if inner and heading[place] == "phone":
                if 6 <= sum(map(str.isdigit, inner)) <= 15 and not any(map(str.isalpha, inner)):
                    yield Found(begin, begin + len(inner), Kind.PHONE, "phone number")
            elif inner and value_in_column(inner, heading[place]):
                yield Found(begin, begin + len(inner), Kind.SECRET, "value below a secret's name")
        start += len(cell) + len(sign)
