"""E-mail addresses as people and programs write them."""

import re
from collections.abc import Iterator
from typing import Final

from agents_app.text.masking.kinds import Found, Kind

_LOCAL: Final = frozenset("._%+-'!#$&*^~`{|}")
_EDGE: Final = ".-'!#$&*^~`{|}%+"
_LONGEST_LOCAL: Final = 64
_DOMAIN = re.compile(
    r"(?:\w(?:[\w-]{0,61}\w)?\.){1,8}(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})(?![^\W_]|-|@)"
    r"|\[(?:\d{1,3}\.){3}\d{1,3}\]|\[IPv6:[0-9a-fA-F:.]{2,45}\]"
)
_FILES: Final = frozenset({
    "png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "ico", "css", "js", "mjs", "jsx", "ts", "tsx", "json", "html", "htm",
    "txt", "pdf", "log", "yaml", "yml", "xml", "csv", "service", "socket", "timer", "target", "mount", "slice", "scope", "dll", "exe", "so", "jar", "whl", "gz",
})  # fmt: skip
_AT_IN_WORDS = re.compile(
    r"\s{0,2}[\[({<]\s?(?:at|@)\s?[\])}>]\s{0,2}|\s(?:at|@)\s(?=[\w-]{1,63}\s?(?:\sdot\s|[\[({<]\s?dot))",
    re.IGNORECASE,
)
_DOMAIN_IN_WORDS = re.compile(
    r"[\w-]{1,63}(?:(?:\s?[\[({<]\s?(?:dot|\.)\s?[\])}>]\s?|\.|\sdot\s)[\w-]{1,63}){1,4}",
    re.IGNORECASE,
)

_QUOTED_NAME = re.compile(r'"[^"<>=\n]{0,63}[^\W_][^"<>=\n]{0,63}"')


def emails(text: str) -> Iterator[Found]:
    """Addresses with an @ and a domain, also "name (at) host (dot) tld"; not a Git remote's user."""
    at = text.find("@")
    while at >= 0:
        found = _email(text, at)
        if found is not None:
            yield found
        at = text.find("@", at + 1)
    for match in _AT_IN_WORDS.finditer(text):
        start = _start_of_name(text, match.start())
        domain = _DOMAIN_IN_WORDS.match(text, match.end())
        if domain and start < match.start():
            yield Found(start, domain.end(), Kind.EMAIL, "e-mail")


def _email(text: str, at: int) -> Found | None:
    start = _start_of_name(text, at)
    domain = _DOMAIN.match(text, at + 1) if start < at else None
    if domain is None or domain[0].rpartition(".")[2].lower() in _FILES:
        return None
    if text[start - 1 : start] == "@" or text[domain.end() : domain.end() + 1] == "(":
        return None  # a name of the Fediverse, a method of Kotlin
    if text[start:at] == "git" and text[domain.end() : domain.end() + 1] == ":":
        return None
    return Found(start, domain.end(), Kind.EMAIL, "e-mail")


def _start_of_name(text: str, end: int) -> int:
    """Where the part before an @ begins; `end` when there is none."""
    if text[end - 1 : end] == '"':
        opened = text.rfind('"', max(0, end - _LONGEST_LOCAL - 1), end - 1)
        named = 0 <= opened < end - 2 and _QUOTED_NAME.fullmatch(text, opened, end)
        return opened if named else end
    start = end
    while start and end - start < _LONGEST_LOCAL and _is_local(text[start - 1]):
        start -= 1
    while start < end and text[start] in _EDGE:
        start += 1
    return start


def _is_local(character: str) -> bool:
    return character in _LOCAL or character.isalnum()
