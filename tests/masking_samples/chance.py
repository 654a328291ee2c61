"""Seeded chance: every run of the samples is the same."""

import base64
import json
import re
import string
import uuid
from collections.abc import Sequence
from random import Random

ALPHABETS = {
    "a": string.ascii_letters + string.digits,
    "A": string.ascii_letters,
    "l": string.ascii_lowercase + string.digits,
    "u": string.ascii_uppercase + string.digits,
    "B": string.ascii_uppercase + "234567",
    "h": "0123456789abcdef",
    "H": "0123456789ABCDEF",
    "d": string.digits,
    "w": string.ascii_letters + string.digits + "-_",
    "b": string.ascii_letters + string.digits + "+/",
    "z": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
}
FIELD = re.compile(r"<([a-zA-Z])(\d+)>")
SHORT = 8  # a field below this many characters is no secret of its own


class Chance(Random):
    def take(self, alphabet: str, length: int) -> str:
        letters = ALPHABETS[alphabet]
        edge = letters.replace("-", "").replace("_", "")
        middle = "".join(self.choices(letters, k=max(length - 2, 0)))
        return (self.choice(edge) + middle + self.choice(edge))[:length]

    def fill(self, template: str) -> tuple[str, tuple[str, ...]]:
        """`ghp_<a36>` becomes a text and the filled fields that must be hidden."""
        fields: list[str] = []

        def field(match: re.Match[str]) -> str:
            fields.append(self.take(match[1], int(match[2])))
            return fields[-1]

        text = FIELD.sub(field, template.replace("<uuid>", "<h8>-<h4>-4<h3>-a<h3>-<h12>"))
        return text, tuple(f for f in fields if len(f) >= SHORT) or (text,)

    def uuid(self) -> str:
        return str(uuid.UUID(int=self.getrandbits(128), version=4))

    def digits(self, pattern: str) -> str:
        """Replace `#` by any digit, `N` by 2 to 9, `M` by 1 to 9."""
        ranges = {"#": "0123456789", "N": "23456789", "M": "123456789"}
        return "".join(self.choice(ranges[c]) if c in ranges else c for c in pattern)

    def iso(self) -> str:
        day = f"20{self.randint(19, 26)}-{self.randint(1, 12):02}-{self.randint(1, 28):02}"
        return f"{day}T{self.randint(0, 23):02}:{self.randint(0, 59):02}:{self.randint(0, 59):02}"

    def base64(self, size: int) -> str:
        return base64.b64encode(self.randbytes(size)).decode()

    def token_part(self, claims: dict[str, object]) -> str:
        packed = json.dumps(claims, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    def one(self, *choices: str) -> str:
        return self.choice(choices)

    def some(self, choices: Sequence[str], count: int) -> list[str]:
        return self.sample(list(choices), min(count, len(choices)))
