"""Private keys stay hidden wherever the text that holds them is cut, and however long they are."""

import json

import pytest

from agents_app.text.masking import policy
from agents_app.text.masking.finding import mask
from agents_app.text.masking.policy import MASKED, using

LINE = "lQOYBFq8Zk2mVx7Bn4Lw9Tc1Rf6Hj3Ys5Dp0AbCdEfGhIjKlMnOpQrStUvWxYz"
WIDE = (LINE + "AbC1")[:64]
HEADERS = [
    "Version: GnuPG v2\nComment: mine\n\n",
    "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF\n\n",
    "",
]
FORMS = {
    "lines": str,
    "json": lambda text: json.dumps({"key": text}),
    "list": lambda text: json.dumps(text.split("\n"), indent=2),
    "numbered": lambda text: "\n".join(
        f"> {n}: {one}" for n, one in enumerate(text.split("\n"), 1)
    ),
    "quoted": lambda text: "> " + text.replace("\n", "\n> "),
}


def key(headers: str, *, lines: int) -> str:
    body = "\n".join(f"{LINE}{number:04}" for number in range(lines))
    name = "PGP PRIVATE KEY BLOCK" if "Version" in headers else "RSA PRIVATE KEY"
    return f"-----BEGIN {name}-----\n{headers}{body}\n=abcd\n-----END {name}-----\n"


@pytest.mark.parametrize("headers", HEADERS)
@pytest.mark.parametrize("form", FORMS)
def test_a_key_that_is_cut_is_masked_as_far_as_it_goes(headers: str, form: str) -> None:
    text = "My key: " + FORMS[form](key(headers, lines=60))
    with using(MASKED):
        for end in range(300, 1_500, 37):
            assert "lQOY" not in policy.beginning(text[:end], 280)[0]


@pytest.mark.parametrize("headers", HEADERS)
def test_a_key_of_any_length_is_masked_whole(headers: str) -> None:
    found = mask("before\n" + key(headers, lines=600) + "after the key")
    assert "lQOY" not in found
    assert "before" in found
    assert "after the key" in found


def test_what_follows_a_begin_without_a_key_is_left() -> None:
    text = "-----BEGIN PRIVATE KEY-----\nis how it begins: nothing else."
    assert mask(text).endswith("is how it begins: nothing else.")


@pytest.mark.parametrize(
    "text",
    [
        '{"token": "%s"}' % ("q8Zk2mVx7B" * 70),
        '"password": "%s"' % ("q8Zk2m-x7B" * 70),
        "token=%s" % ("q8Zk2mVx7B" * 200),
        '"password": "q8Zk2mVx7B',
    ],
)  # fmt: skip
def test_a_named_secret_is_masked_to_its_end(text: str) -> None:
    assert "q8Zk2m" not in mask(text)


@pytest.mark.parametrize(
    "text", ["{0}", "> 12: {0}", "3→ {0}", "{0}\n{0}\nAbC1==", r"a\n{0}\n{0}\nb"]
)
def test_lines_of_a_key_are_masked_without_its_first(text: str) -> None:
    found = mask(text.format(WIDE))
    assert "lQOY" not in found
    assert "AbC1" not in found


@pytest.mark.parametrize("name", ["CERTIFICATE", "PUBLIC KEY", "PGP SIGNATURE"])
def test_lines_of_what_is_public_are_left(name: str) -> None:
    text = f"-----BEGIN {name}-----\n{WIDE}\n{WIDE}\n-----END {name}-----"
    assert mask(text) == text


def test_hashes_and_long_words_are_left() -> None:
    text = "\n".join(["9f" * 32, "AB" * 32, "x" * 64, "a" * 63 + "-", WIDE[:40]])
    assert mask(text) == text
