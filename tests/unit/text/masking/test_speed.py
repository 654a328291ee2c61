"""Masking is linear: no text of 64 KB takes long, whatever it is made of."""

import random
import time

import pytest

from agents_app.text.masking.finding import find
from agents_app.text.masking.formats import FORMATS

SIZE, LONGEST_S = 64 * 1024, 0.1  # of a quiet machine; the suite allows five times as much
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
PATTERNS = {
    "at signs": "@", "mails": "a@", "domains": "a@b.", "digits": "1", "spaced digits": "1 ", "groups": "123 ",
    "dots": ".", "at": "at ", "in words": " (at) ", "dot": "a at b dot ", "keys": "sk-", "tokens": "eyJ", "halves": "eyJaaaaaaaaaa.",
    "schemes": "://", "users": "://a:", "colons": ":", "hexadecimal": "ab12:", "abroad": "+49 151 ", "phones": "030 1234567, ",
    "whole phones": "+491511234567 ", "capitals": "A ", "streets": "1 Abc Street ", "ways": "weg 1", "begins": "-----BEGIN PRIVATE KEY-----\n",
    "ends": "-----END PRIVATE KEY-----\n", "backslashes": "\\", "escapes": "\\u0040", "breaks": "\\n", "names": "key=", "passwords": "password: ",
    "values": "password=aaa ", "countries": "DE89 ", "ibans": "DE89370400440532013001 ", "cards": "4111 ", "invisible": "a\u200b",
    "wide": "\uff11", "dashes": "-", "quotes": '"', "curl": "curl -u ", "cookies": "cookie: a=bbbbbbbbb ", "body": "Q" * 64 + "\n",
    "addresses": "1.1.1.1 ", "colons and f": "f::", "hashes": "$2", "parentheses": "(1) ", "queries": "?key=a1", "blanks": " ", "lines": "\n",
    "broken numbers": "4111\n", "columns": "password,phone\n", "pairs": '"value": 12345, ', "phones by name": '"phone": 1234567, ',
    "objects": '{"key": "a", "value": "b", ', "lists": '"phones": [1234567, ', "open quotes": '"phone": "1', "key lines": "Ab1" * 21 + "x\n", "headers": "-----BEGIN PRIVATE KEY-----\nComment: a\n",
}  # fmt: skip
UNITS = (
    "12 ", "1-", "+1 ", "4111 1111 1111 1111 ", "4111 1111\n", "DE89 3704\n", "1.2.3.4 ", "ab:", "a.b@c.de ",
    "password", "password\n", "secret ", "token: x1\n", "_key=", "パスワードは", "password,b\n1,2\n", "\"password\", ",
    "</td>\n<td>", "Private-Lines: 1\n", "eyJa.", "\\u0031", "%40", "\u200b", "1 Street ", "Calle de la ", "ул. А",
    "1 rue ", "東京都", "a_", "aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3", "a:1234:", "Cookie: a=b; ", "&token=",
    "eyJhbGciOi.eyJ",
)  # fmt: skip
ALL = [
    *(pytest.param(pattern, id=name) for name, pattern in PATTERNS.items()),
    *(pytest.param(unit, id=ascii(unit)) for unit in UNITS),
]


def seconds(text: str) -> float:
    """Of processor time, the least of three: another program's share is none of ours."""
    took = []
    for _ in range(3):
        began = time.process_time()
        find(text)
        took.append(time.process_time() - began)
    return min(took)


@pytest.mark.parametrize("pattern", ALL)
def test_a_hostile_text_takes_no_long_time(pattern: str) -> None:
    assert seconds((pattern * (SIZE // len(pattern) + 1))[:SIZE]) < 5 * LONGEST_S


def test_so_does_random_text_with_every_hint() -> None:
    chance = random.Random(7)
    hints = " ".join(hint for one in FORMATS for hint in one.hints)
    text = hints + "".join(chance.choices(LETTERS, k=SIZE))
    assert seconds(text[:SIZE]) < 5 * LONGEST_S


@pytest.mark.parametrize("pattern", ALL)
def test_sixteen_times_the_text_takes_no_square_of_the_time(pattern: str) -> None:
    text = (pattern * (SIZE // len(pattern) + 1))[:SIZE]
    assert seconds(text * 4) < 64 * max(seconds(text[: SIZE // 4]), 0.002)
