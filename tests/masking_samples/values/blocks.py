"""Private keys in armour, JSON web tokens, and files that carry them."""

import json
from textwrap import wrap

from tests.masking_samples.chance import Chance
from tests.masking_samples.sample import Value

LABELS = ("RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "OPENSSH PRIVATE KEY",
          "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK")  # fmt: skip
DASHES = "-" * 5


def block_keys(chance: Chance) -> list[Value]:
    made = [armoured(chance, label) for label in LABELS]
    made += [web_token(chance), encrypted_token(chance), wrapped_token(chance)]
    return [*made, service_account(chance), putty(chance), one_line(chance), cut_off(chance)]


def armoured(chance: Chance, label: str) -> Value:
    lines = body(chance)
    head = ["Version: GnuPG v2", ""] if label.startswith("PGP") else []
    if label == "RSA PRIVATE KEY" and chance.random() < 0.5:
        head = ["Proc-Type: 4,ENCRYPTED", f"DEK-Info: AES-256-CBC,{chance.take('H', 32)}", ""]
    text = "\n".join([begin(label), *head, *lines, begin(label).replace("BEGIN", "END")])
    return Value("key", label.lower(), text, tuple(lines), "private_key")


def begin(label: str) -> str:
    return f"{DASHES}BEGIN {label}{DASHES}"


def body(chance: Chance) -> list[str]:
    return wrap(chance.base64(chance.randint(200, 700)), 64)[:-1]


def one_line(chance: Chance) -> Value:
    """As `private_key` stands in an environment variable: written line breaks."""
    lines = body(chance)
    text = "\\n".join([begin("PRIVATE KEY"), *lines, begin("PRIVATE KEY").replace("BEGIN", "END")])
    return Value("key", "private key, one line", text, tuple(lines), "PRIVATE_KEY")


def cut_off(chance: Chance) -> Value:
    """A key whose end a limit has cut away."""
    lines = body(chance)
    text = "\n".join([begin("RSA PRIVATE KEY"), *lines])
    return Value("key", "private key, cut", text, tuple(lines), whole=True)


def web_token(chance: Chance) -> Value:
    text, hidden = token(chance)
    return Value("key", "jwt", text, hidden, chance.one("token", "id_token", "session", "jwt"))


def token(chance: Chance) -> tuple[str, tuple[str, ...]]:
    head = chance.token_part({"alg": chance.one("HS256", "RS256", "ES256"), "typ": "JWT"})
    claims = chance.token_part(
        {"sub": chance.take("d", 10), "iat": 1_760_000_000, "jti": chance.uuid()}
    )
    seal = chance.take("w", 43)
    return f"{head}.{claims}.{seal}", (claims[12:], seal)


def encrypted_token(chance: Chance) -> Value:
    head = chance.token_part({"alg": "RSA-OAEP", "enc": "A256GCM"})
    parts = [chance.take("w", n) for n in (342, 16, 60, 22)]
    text = ".".join([head, *parts])
    return Value("key", "jwe", text, tuple(parts), "assertion")


def wrapped_token(chance: Chance) -> Value:
    """A token that a mail program broke at 64 columns."""
    text, _ = token(chance)
    lines = wrap(text, 64)
    return Value(
        "key", "jwt, broken over lines", "\n".join(lines), (lines[0][-24:],), "token", whole=True
    )


def service_account(chance: Chance) -> Value:
    key = armoured(chance, "PRIVATE KEY")
    text = json.dumps(
        {
            "type": "service_account",
            "project_id": "demo-project",
            "private_key_id": chance.take("h", 40),
            "private_key": key.text + "\n",
            "token_uri": "https://oauth2.googleapis.com/token",
        },
        indent=2,
    )
    return Value("key", "google service account", text, key.hidden, whole=True)


def putty(chance: Chance) -> Value:
    lines = body(chance)
    text = (
        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: laptop\n"
        f"Private-Lines: {len(lines)}\n"
        + "\n".join(lines)
        + f"\nPrivate-MAC: {chance.take('h', 64)}"
    )
    return Value("key", "putty", text, tuple(lines), whole=True)
