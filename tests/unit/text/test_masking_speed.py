"""Masking takes time in proportion to a text's length, whatever it is made of."""

import time

import pytest

from agents_app.text.masking.finding import mask

SIZE = 64 * 1024
UNITS = (
    "1", "12 ", "1-", "+1 ", "4111 1111 1111 1111 ", "4111 1111\n", "DE89 3704\n", "1.2.3.4 ", "ab:", "a@", "a.b@c.de ",
    "password", "password: ", "password\n", "secret ", "token: x1\n", "_key=", "パスワードは", "password,b\n1,2\n", '"password", ',
    "</td>\n<td>", "-----BEGIN PRIVATE KEY-----\n", "Private-Lines: 1\n", "eyJa.", "://a:", "\\n", "\\u0031", "%40", "\u200b", "１",
    "1 Street ", "Calle de la ", "ул. А", "1 rue ", "東京都", "a_", "aB3" * 11, "a:1234:", "Cookie: a=b; ", "&token=", "sk-", "eyJhbGciOi.eyJ",
)  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_a_text_sixteen_times_as_long_takes_no_square_of_the_time(unit):
    short, long = seconds(unit, SIZE // 4), seconds(unit, 4 * SIZE)
    assert short < 0.5
    assert long < 64 * max(short, 0.002)


def seconds(unit: str, size: int) -> float:
    """CPU time of the best of three."""
    text = (unit * (size // len(unit) + 1))[:size]
    taken = []
    for _ in range(3):
        begun = time.process_time()
        mask(text)
        taken.append(time.process_time() - begun)
    return min(taken)
