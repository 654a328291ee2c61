"""What is masked: kinds of personal data and secrets, and where in a text they stand."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A kind of text that not everybody may read; the value is the word shown in its place."""

    SECRET = "secret"
    EMAIL = "e-mail"
    CARD = "card number"
    IBAN = "IBAN"
    IP = "IP address"
    PHONE = "phone number"
    ADDRESS = "address"


PERSONAL = frozenset(Kind) - {Kind.SECRET}


@dataclass(frozen=True, slots=True)
class Found:
    """`text[start:end]` is of this kind; `format` names the rule, such as "AWS access key"."""

    start: int
    end: int
    kind: Kind
    format: str
