"""Private keys of several lines: PEM, OpenSSH, PGP and PuTTY."""

import re
from collections.abc import Iterator

from agents_app.text.masking.formats import KEY_BLOCK, PUTTY
from agents_app.text.masking.kinds import Found, Kind

LONGEST = 24_000
_BEGIN = re.compile(r"-----? ?BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)? ?-----?")
_END = re.compile(r"-----? ?END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)? ?-----?")
_NUMBER = r"\d{1,7}[:→]"
_GAP = rf"(?:[\s>|#*\"',]|\\+[nrt\"]|{_NUMBER})"
_HEADER = r"(?:Version|Comment|Hash|MessageID|Charset|Proc-Type|DEK-Info|Key-?ID|X-[A-Za-z-]{1,20}): [^\n\\]{0,200}+"
_CUT_BODY = re.compile(
    rf"(?:{_GAP}{{1,40}}+{_HEADER}){{0,8}}+(?:{_GAP}{{1,40}}+[A-Za-z0-9+/=]{{20,}}+)*+(?:{_GAP}{{1,40}}+[A-Za-z0-9+/=]{{1,19}}+(?=\s*+$))?"
)
_TAIL = re.compile(
    r"(?:[A-Za-z0-9+/=]{40,80}(?:\s|\\+[nr]){1,8}){2,}[A-Za-z0-9+/=]{0,80}(?:\s|\\+[nr]){0,8}$"
)
_LONE = re.compile(
    rf"-----? ?(?P<turn>BEGIN|END) [A-Z0-9 ]{{1,40}}-----?"
    rf"|(?:^|(?<=\n)|(?<=\\n))[ \t>|]{{0,8}}(?:{_NUMBER} ?)?(?P<line>[A-Za-z0-9+/]{{64}}|[A-Za-z0-9+/]{{70}})={{0,2}}"
    r"(?=[ \t\r]{0,4}(?:\n|\\+[nr]|$))(?P<rest>\s{1,4}[A-Za-z0-9+/]{0,70}={1,2}(?=\s|$))?"
)
_NEXT = 6
_MIXED = re.compile(r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=[^0-9]*[0-9])")
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
    yield from _lone_lines(text)


def _lone_lines(text: str) -> Iterator[Found]:
    """Lines of a key that stand without its first one: as wide as keys are written, and of nothing else.

    Those of certificates, public keys and signatures are left, where it is said that they are.
    """
    is_public, start, end = False, -1, -1
    for match in _LONE.finditer(text):
        if match["turn"]:
            is_public = match["turn"] == "BEGIN" and "PRIVATE" not in match[0]
        elif not is_public and _MIXED.match(match["line"]):
            if start >= 0 and match.start() - end > _NEXT:
                yield Found(start, end, Kind.SECRET, KEY_BLOCK)
                start = -1
            start = match.start("line") if start < 0 else start
            end = match.end()
    if start >= 0:
        yield Found(start, end, Kind.SECRET, KEY_BLOCK)


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
