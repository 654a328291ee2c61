"""What goes on in the next line: a number broken between its groups, a wrapped token, a name with its value below, a column."""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Final

from agents_app.text.masking import numbers
from agents_app.text.masking.kinds import Found, Kind
from agents_app.text.masking.named import HEADED, names_secret, named_secrets, value_in_column
from agents_app.text.masking.phones import HEADING as PHONE_HEADING
from agents_app.text.masking.unfolded import unfolded

Finder = Callable[[str], Iterator[Found]]
EDGE: Final = 1_200
_DIGITS_END = re.compile(r"\d[ \t-]{0,3}\r?$")
_DIGITS_BEGIN = re.compile(r"[ \t>|]{0,8}\d{1,6}(?![\d/:])")
_IBAN_END = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}[A-Za-z0-9 \u00a0-]{0,36}\r?$")
_NAME_END = re.compile(
    r"(?:pass\w{0,10}|pwd|secret|token|key|phrase|_id|credentials?|passwort|kennwort|contraseña|пароль|パスワード)['\"]?,?\s?(?:</[a-z]{1,8}>|:|=|\\|\{)?\s{0,4}$",
    re.IGNORECASE,
)
_TOKEN_GOES_ON = re.compile(r"[ \t>]{0,8}([A-Za-z0-9+/_.=-]{1,120})(?=\s|$)")
_MOST_LINES_OF_TOKEN: Final = 60
_HEADER = re.compile(r"[\w \"'.-]{1,60}(?:[,;\t|][\w \"'.-]{0,60}){1,60}", re.ASCII)


def joined(text: str, kinds: Collection[Kind]) -> Iterator[Found]:
    """What the pair of a line and the next one holds and neither alone; linear in the text's length."""
    lines = text.split("\n")
    at = 0
    for line, following in zip(lines, lines[1:], strict=False):
        if following and line:
            for finder in _finders(line, following, kinds):
                yield from _across(line, following, at, finder)
        at += len(line) + 1
    yield from (one for one in columns(lines) if one.kind in kinds)


def _finders(line: str, following: str, kinds: Collection[Kind]) -> Iterator[Finder]:
    if Kind.SECRET in kinds and _NAME_END.search(line[-80:]):
        yield named_secrets
    if not (following[:9].strip()[:1].isalnum() and line.rstrip()[-1:].isalnum()):
        return
    if Kind.CARD in kinds and _DIGITS_END.search(line[-8:]) and _DIGITS_BEGIN.match(following):
        yield numbers.cards
    if Kind.IBAN in kinds and _IBAN_END.search(line[-48:]):
        yield numbers.ibans


def _across(line: str, following: str, at: int, finder: Finder) -> Iterator[Found]:
    start = max(0, len(line) - EDGE)
    pair = f"{line[start:]}\n{following[:EDGE]}"
    folded = unfolded(pair)
    plain = pair if folded is None else folded.plain
    for one in finder(plain):
        begin, end = (one.start, one.end) if folded is None else folded.span(one.start, one.end)
        if end > len(line) - start:
            yield Found(at + start + begin, at + start + end, one.kind, one.format)


def wrapped(text: str, found: list[Found]) -> Iterator[Found]:
    """The lines in which a token goes on that reached its line's end."""
    for one in found:
        if one.kind is not Kind.SECRET or one.end - one.start < 24 or text[one.end : one.end + 1] != "\n":
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


def columns(lines: list[str]) -> Iterator[Found]:
    """Cells below a heading that names a secret or a phone, in CSV and in Markdown's tables."""
    at, heading, sign = 0, {}, ""
    for line in lines:
        if heading and line.count(sign) >= max(heading):
            yield from _cells(line, at, sign, heading)
        elif heading and line.strip():
            heading = {}
        if not heading and len(line) < 2_000 and HEADED.search(line):
            heading, sign = _headed(line)
        at += len(line) + 1


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
