"""What goes on in the next line: broken numbers, wrapped tokens, names above their values, columns."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from agents_app.text.masking import numbers, places
from agents_app.text.masking.kinds import Found, Kind
from agents_app.text.masking.named import HEADED, named_secrets, names_secret, value_in_column
from agents_app.text.masking.phones import HEADING as PHONE_HEADING
from agents_app.text.masking.phones import is_dialled
from agents_app.text.masking.unfolded import unfolded

CLOSE: Final = 26
LONGEST: Final = 1_200
MOST: Final = 2_000
_BREAK: Final = r"[ \t\u00a0-]{0,3}\r?\n[ \t>|]{0,8}"
_BROKEN_NUMBER = re.compile(rf"\d{{4}}{_BREAK}(?=\d)")
_BROKEN_IBAN = re.compile(
    rf"(?<![A-Za-z0-9])[A-Za-z]{{2}}\d{{2}}[A-Za-z0-9 \u00a0-]{{0,36}}?{_BREAK}(?=[A-Za-z0-9])"
)
_NAME_ABOVE = re.compile(
    r"(?:pass|pwd|secret|token|key|phrase|_id|credential|passwort|kennwort|contraseña|пароль|パスワード)(?<!\n)(?:s|word|wd|phrase|code)?['\"]?,?\s?(?:</[a-z]{1,8}>|:(?:\s[|>][-+]?)?|=|\\|\{)?[ \t\r]{0,4}\n",
    re.IGNORECASE,
)
_TOKEN_GOES_ON = re.compile(r"[ \t>]{0,8}([A-Za-z0-9+/_.=-]{1,120})(?=\s|$)")
_MOST_LINES_OF_TOKEN: Final = 60
_RECOVERY = re.compile(
    r"(?:recovery|backup|scratch|wiederherstellungs|notfall|резервные)[\s_-]?(?:codes?|коды)\b[^\n]{0,80}\n",
    re.IGNORECASE,
)
_CODES = re.compile(
    r"[ \t>*•-]{0,6}(?:\d{1,2}[.)] )?([0-9A-Za-z]{4,6}(?:[ -][0-9A-Za-z]{4,6}){1,4})[ \t\r,]{0,4}(?:\n|$)"
)
_INSERT = re.compile(
    r"(?i:\bINSERT\s{1,3}INTO\s{1,3}[^\s(]{1,80}\s{0,3})\(([^()\n]{1,600})\)\s{0,3}(?i:VALUES)"
)
_ROW = re.compile(r"[\s,]{0,20}\(((?:'(?:[^'\\\n]|''|\\.){0,2000}'|[^'()\n]){1,4000})\)")
_VALUE = re.compile(r"\s{0,4}(?:'(?:[^'\\\n]|''|\\.){0,2000}'|[^',]{1,2000})")
_HEADER = re.compile(r"[\w \"'-]{0,40}(?:[,;\t|][\w \"'-]{0,40}){1,60}")


def joined(text: str, kinds: Collection[Kind]) -> Iterator[Found]:
    """What the pair of a line and the next one holds and neither alone; linear in the text's length."""
    if Kind.CARD in kinds:
        for broken in _BROKEN_NUMBER.finditer(text):
            yield from _broken_card(text, broken.start() + 4, broken.end())
    if Kind.IBAN in kinds:
        for broken in _BROKEN_IBAN.finditer(text):
            found = numbers.iban_at(text, broken.start())
            if found is not None and found.end > broken.end():
                yield found
    if Kind.SECRET in kinds:
        for name in _NAME_ABOVE.finditer(text):
            yield from _below(text, name)
        yield from _recovery_codes(text)
    if Kind.ADDRESS in kinds:
        yield from places.before_cities(text)
    yield from (one for one in (*columns(text), *inserted(text)) if one.kind in kinds)


def _recovery_codes(text: str) -> Iterator[Found]:
    """Codes that stand below their name, one or more in a line."""
    for name in _RECOVERY.finditer(text):
        at = name.end()
        while line := _CODES.match(text, at):
            yield Found(line.start(1), line.end(1), Kind.SECRET, "recovery code")
            at = line.end()


def _broken_card(text: str, start: int, end: int) -> Iterator[Found]:
    """A card number that crosses the line's end between these places."""
    begin = max(0, start - CLOSE)
    while 0 < begin < start and text[begin - 1].isalnum():
        begin += 1
    for one in numbers.cards(text[begin : end + CLOSE]):
        if one.start + begin < start and one.end + begin > end:
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


def inserted(text: str) -> Iterator[Found]:
    """Values of an INSERT at the places of columns that name a secret or a phone."""
    for begun in _INSERT.finditer(text):
        heading = _named_cells(begun[1].split(","))
        row = _ROW.match(text, begun.end()) if heading else None
        while row:
            for place, value in enumerate(_VALUE.finditer(text, row.start(1), row.end(1))):
                if place in heading:
                    yield from _cell(value[0], value.start(), heading[place])
            row = _ROW.match(text, row.end())


def columns(text: str) -> Iterator[Found]:
    """Cells below a heading that names a secret or a phone, in CSV and in Markdown's tables."""
    done = 0
    for name in HEADED.finditer(text):
        if name.start() < done:
            continue
        begin = text.rfind("\n", 0, name.start()) + 1
        at = done = _end_of_line(text, name.end()) + 1
        heading, sign = _headed(text[begin : at - 1]) if at - begin < MOST else ({}, "")
        count = text.count(sign, begin, at) if heading else 0
        while heading and at < len(text):
            end = _end_of_line(text, at)
            line = text[at:end]
            if line.count(sign) != count:
                break
            yield from _cells(line, at, sign, heading)
            at = done = end + 1


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _headed(line: str) -> tuple[dict[int, str], str]:
    if line[:1] in " \t" or not _HEADER.fullmatch(line.rstrip()):
        return {}, ""
    sign = max(",;\t|", key=line.count)
    cells = [cell.strip(" \"'\r") for cell in line.split(sign)]
    return _named_cells(cells), sign


def _named_cells(cells: list[str]) -> dict[int, str]:
    """What each column holds that is to be masked, by its place."""
    named = {
        place: "phone" if PHONE_HEADING.search(cell) else names_secret(cell.strip(" `\"'"))
        for place, cell in enumerate(cells)
    }
    return {place: name for place, name in named.items() if name}


def _cells(line: str, at: int, sign: str, heading: dict[int, str]) -> Iterator[Found]:
    start = at
    for place, cell in enumerate(line.split(sign)):
        if place in heading:
            yield from _cell(cell, start, heading[place])
        start += len(cell) + len(sign)


def _cell(cell: str, at: int, name: str) -> Iterator[Found]:
    """A cell that begins there, if it holds what its column's name says."""
    inner = cell.strip(" \"'`\r")
    begin = at + cell.find(inner)
    if inner and name == "phone":
        if is_dialled(inner):
            yield Found(begin, begin + len(inner), Kind.PHONE, "phone number")
    elif inner and value_in_column(inner, name):
        yield Found(begin, begin + len(inner), Kind.SECRET, "value below a secret's name")
