"""Private keys of several lines: PEM, OpenSSH, PGP and PuTTY."""

import re
from collections.abc import Iterator

from agents_app.text.masking.formats import KEY_BLOCK, PUTTY
from agents_app.text.masking.kinds import Found, Kind

LONGEST = 24_000
_BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_END = re.compile(r"-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_GAP = r"(?:[\s>|#*\"',]|\\+[nrt\"])"
_HEADER = r"(?:Version|Comment|Hash|MessageID|Charset|Proc-Type|DEK-Info|Key-?ID|X-[A-Za-z-]{1,20}): [^\n\\]{0,200}+"
_CUT_BODY = re.compile(
    rf"(?:{_GAP}{{1,40}}+{_HEADER}){{0,8}}+(?:{_GAP}{{1,40}}+[A-Za-z0-9+/=]{{20,}}+)*+(?:{_GAP}{{1,40}}+[A-Za-z0-9+/=]{{1,19}}+(?=\s*+$))?"
)
_TAIL = re.compile(
    r"(?:[A-Za-z0-9+/=]{40,80}(?:\s|\\+[nr]){1,8}){2,}[A-Za-z0-9+/=]{0,80}(?:\s|\\+[nr]){0,8}$"
)
_PUTTY = re.compile(r"Private-Lines: \d+(?:(?:\s|\\+[nr]){1,8}[A-Za-z0-9+/=]{4,}+(?![:\w]))*+")


def holds_key_block(text: str) -> bool:
    """Whether a key of several lines begins in it."""
    return "Private-Lines:" in text or bool(_BEGIN.search(text))


def key_blocks(text: str) -> Iterator[Found]:
    """From the first line to the last; of a key that is cut off, its lines as far as they go."""
    if "PRIVATE KEY" in text:
        yield from _pem(text)
    if "Private-Lines:" in text:
        for match in _PUTTY.finditer(text):
            yield Found(match.start(), match.end(), Kind.SECRET, PUTTY)


def _pem(text: str) -> Iterator[Found]:
    ends = [match.end() for match in _END.finditer(text)]
    place = reached = 0
    for begin in _BEGIN.finditer(text):
        if begin.start() < reached:
            continue
        while place < len(ends) and ends[place] <= begin.end():
            place += 1
        if place < len(ends) and ends[place] - begin.end() <= LONGEST:
            reached = ends[place]
        else:
            body = _CUT_BODY.match(text, begin.end())
            reached = body.end() if body else begin.end()
        yield Found(begin.start(), reached, Kind.SECRET, KEY_BLOCK)
    first = _END.search(text)
    begun = _BEGIN.search(text)
    if first and not (begun and begun.start() < first.start()):
        body = _TAIL.search(text, max(0, first.start() - LONGEST), first.start())
        yield Found(body.start() if body else first.start(), first.end(), Kind.SECRET, KEY_BLOCK)
