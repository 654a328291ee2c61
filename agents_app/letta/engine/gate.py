"""The statement gate: only one plain reading statement passes on its way to Letta's database.

It reads SQL as PostgreSQL's scanner does (strings, quoted names, nested comments), knows no grammar
and refuses what it does not know: a second statement, a word that writes, a function off the list.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from agents_app.letta.engine.allowed import FUNCTIONS, GRAMMAR, REFUSED_WORDS
from agents_app.letta.errors import LettaWriteRefused

_STARTS = frozenset({"select", "with", "values", "show", "explain"})
_LOCKING = frozenset({"update", "share", "no", "key"})  # FOR UPDATE, FOR NO KEY UPDATE …
_TEXTS = frozenset({"string", "placeholder"})
_EMPTY = frozenset({"space", "comment"})

# Order matters. Refused outright, as nothing here needs them: dollar quotes and $1, the prefixes
# B'' X'' N'' U&'' U&"", and letters outside ASCII in bare names.
_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\n\r\f]+)
    | (?P<comment>--[^\n\r]*)
    | (?P<block>/\*)
    | (?P<string>[eE]'(?:[^'\\]|''|\\.)*' | '(?:[^']|'')*')
    | (?P<prefixed>[bBxXnN]' | [uU]&['"])
    | (?P<quoted>"(?:[^"]|"")+")
    | (?P<word>[A-Za-z_][A-Za-z0-9_$]*)
    | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)
    | (?P<placeholder>%(?:\([^()%]*\))?[sbt])
    | (?P<percent>%%)
    | (?P<symbol>[-+*/<>=~!@\#%^&|`?()\[\],.:;])
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_BARE_PERCENT = re.compile(r"%(?!%)")


class Token(NamedTuple):
    """`kind` is a group of the scanner; `text` is folded as PostgreSQL folds names; `start` is its place."""

    kind: str
    text: str
    start: int = 0


def check(sql: str, *, has_params: bool) -> None:
    """Raises LettaWriteRefused unless `sql` is one statement that only reads.

    With parameters `%s` and `%(name)s` are placeholders and `%%` is a percent sign; one inside
    quotes is refused, as the driver would put its own quotes inside those.
    """
    reason = _refusal(sql, has_params=has_params)
    if reason:
        raise LettaWriteRefused(detail=f"statement gate: {reason}")


@lru_cache(maxsize=1024)
def _refusal(sql: str, *, has_params: bool) -> str:
    """Why the statement is refused, or nothing; kept for the statements used last."""
    try:
        found = list(tokens(sql, has_params=has_params))
    except _Unreadable as error:
        return str(error)
    if found and found[-1].kind == ";":
        found.pop()
    return _bad_start(found) or _bad_token(found)


class _Unreadable(Exception):
    pass


def tokens(sql: str, *, has_params: bool) -> Iterator[Token]:
    """The meaningful tokens, in order; symbols have their own text as kind."""
    at = 0
    while at < len(sql):
        match = _TOKEN.match(sql, at)
        kind = match.lastgroup if match else None
        if match is None or kind is None or kind == "prefixed":
            raise _Unreadable("a character or quote that is not understood")
        at = _end_of_comment(sql, match.end()) if kind == "block" else match.end()
        if kind in ("space", "comment", "block"):
            _no_placeholder(sql[match.start() : at], quoted=has_params)
            continue
        if kind in ("string", "quoted"):
            _no_placeholder(match[0], quoted=has_params)
        yield _token(kind, match[0], has_params=has_params)._replace(start=match.start())


def _token(kind: str, text: str, *, has_params: bool) -> Token:
    if kind == "quoted":
        return Token("quoted", text[1:-1].replace('""', '"'))
    if kind == "placeholder" and not has_params:
        raise _Unreadable("a placeholder without parameters")
    if kind == "symbol" and text == "%" and has_params:
        raise _Unreadable("a bare percent sign")
    return Token(text, text) if kind == "symbol" else Token(kind, text.lower())


def _no_placeholder(text: str, *, quoted: bool) -> None:
    if quoted and "%" in text and _BARE_PERCENT.search(text.replace("%%", "")):
        raise _Unreadable("a placeholder inside quotes or a comment")


def _end_of_comment(sql: str, at: int) -> int:
    """Past the end of a block comment that begins before `at`; they nest."""
    depth = 1
    for edge in _COMMENT_EDGE.finditer(sql, at):
        depth += 1 if edge[0] == "/*" else -1
        if depth == 0:
            return edge.end()
    raise _Unreadable("a comment without an end")


def _bad_start(tokens: list[Token]) -> str:
    words = [token for token in tokens[:64] if token.kind != "("]
    if not words or words[0].kind != "word" or words[0].text not in _STARTS:
        return "it does not begin with SELECT, WITH, VALUES, SHOW or EXPLAIN"
    return ""


def _bad_token(tokens: list[Token]) -> str:
    """One look at each token beside its neighbours."""
    before, earlier = Token("", ""), Token("", "")
    for token in tokens:
        if token.kind == ";":
            return "more than one statement"
        if token.kind == "word" and token.text in REFUSED_WORDS and before.kind != ".":
            return f"the word {token.text.upper()}"
        if before.text == "for" and before.kind == "word" and token.text in _LOCKING:
            return "a locking clause"
        if token.kind in _TEXTS and before.kind in _TEXTS:
            return "two strings side by side"
        if token.kind == "(" and not _may_open(before, earlier):
            return f"the function {before.text[:63]}"
        before, earlier = token, before
    return ""


def _may_open(before: Token, earlier: Token) -> bool:
    """Whether a parenthesis may follow `before`: a listed function, grammar, or an alias's columns."""
    if before.kind not in ("word", "quoted"):
        return True
    if before.text in FUNCTIONS:
        return True
    if before.kind == "word" and before.text in GRAMMAR and earlier.kind != ".":
        return True
    return earlier.kind == "word" and earlier.text in ("as", "with", "recursive")
