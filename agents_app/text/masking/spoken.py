"""Keys that people speak of: a word for a key in some language, a few words more, and what is drawn and not written."""

import re
from collections.abc import Iterator
from typing import Final

from agents_app.text.masking.kinds import Found, Kind
from agents_app.text.masking.named import is_random
from agents_app.text.masking.words import KEY_SIGNS, KEYS

FORMAT: Final = "key that a sentence speaks of"
NAMES: Final = re.compile(
    r"(?:api|access|secret|private|signing|license|server|app|auth|bearer|session|personal|bot)[\s_-]{0,2}(?:key|token|secret|code)"
    rf"|(?<![^\W_])(?:key|token|secret|credential)s?(?![^\W_])|(?<![^\W_])(?:{KEYS})(?![^\W_])|{KEY_SIGNS}",
    re.IGNORECASE,
)
_NO_KEY = re.compile(
    r"(?:public|primary|foreign|sort|partition|cache|unique|idempotency|object|routing|group|natural|row|hash|index|page|next"
    r"|continuation|cancellation|registry|translation|shortcut|function|arrow|fingerprint\w{0,4}|sha\d{0,3}|md5|commit|digest|checksum|etag)[\s_:-]{0,3}$",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(
    r"(?:sha-?\d{0,3}|md5|hash|commit|digest|checksum|etag|fingerprint|count|s3://|arn:|uuid|\bids?\b|path|file|revision)|[{}\[\]<>;]",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_./@#-])[A-Za-z0-9][A-Za-z0-9_+/=.~!:-]{18,600}(?![\w/])", re.ASCII
)
_NEAR: Final = 60


def spoken_secrets(text: str) -> Iterator[Found]:
    """The first of what reads as drawn, within some sixty characters after the name of a key."""
    tokens = _TOKEN.finditer(text)
    token = next(tokens, None)
    for name in NAMES.finditer(text):
        while token is not None and token.start() < name.end():
            token = next(tokens, None)
        if token is None:
            return
        value = token[0].rstrip(".:-")
        is_near = token.start() <= name.end() + _NEAR
        if is_near and _is_spoken_of(text, name, token.start()) and _is_drawn(value):
            yield Found(token.start(), token.start() + len(value), Kind.SECRET, FORMAT)


def _is_spoken_of(text: str, name: re.Match[str], start: int) -> bool:
    return not (
        _BETWEEN.search(text, name.end(), start)
        or _NO_KEY.search(text, max(0, name.start() - 20), name.start())
    )


def _is_drawn(value: str) -> bool:
    return not value.isdecimal() and is_random(value, strict=True)
