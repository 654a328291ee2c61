"""Every text in which something must be hidden, with what."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

from tests.masking_samples.carriers import code, data
from tests.masking_samples.carriers.stems import prose
from tests.masking_samples.chance import Chance
from tests.masking_samples.sample import Positive, Value
from tests.masking_samples.values import (
    blocks,
    card,
    email,
    iban,
    internet,
    lines,
    named,
    phone,
    postal,
    vendors,
)

ROUNDS: dict[Callable[[Chance], list[Value]], int] = {
    email.emails: 40,
    card.cards: 5,
    iban.ibans: 11,
    internet.addresses: 30,
    vendors.vendor_keys: 9,
    named.named_keys: 10,
    blocks.block_keys: 12,
    lines.line_keys: 7,
    phone.phones: 6,
    postal.postals: 40,
}
INVISIBLE = ("\u200b", "\u00ad", "\u2060", "\u200d", "\ufeff")
CODE_LIKE = (*data.ONE_LINE, *code.NAMED)


def positives(seed: int = 20261121) -> Iterator[Positive]:
    chance = Chance(seed)
    for make, rounds in ROUNDS.items():
        for _ in range(rounds):
            for value in make(chance):
                yield positive(chance, value)


def positive(chance: Chance, value: Value) -> Positive:
    value = with_invisible(chance, value)
    name, text = carried(chance, value)
    hidden = tuple(as_written(part, text) for part in value.hidden)
    return Positive(value.kind, value.format, name, text, hidden)


def carried(chance: Chance, value: Value) -> tuple[str, str]:
    if value.whole:
        return whole(chance, value)
    if chance.random() < (0.25 if value.kind == "key" else 0.5) and "\n" not in value.text:
        language, text = prose(chance, value)
        return f"prose/{language}", text
    carrier = chance.choice(carriers(value))
    return carrier.__name__, carrier(chance, value)


def carriers(value: Value) -> tuple[Callable[[Chance, Value], str], ...]:
    if "\n" in value.text:
        return (code.letter, code.bare, data.json_object, data.tool_return, data.message_content)
    if not value.alone and value.kind == "key":
        return CODE_LIKE
    if not value.alone:
        return (*data.ANYTHING, data.message_content, data.memory_block, code.letter, code.log)
    free = (*code.FREE, data.message_content, data.memory_block, code.markdown, code.log)
    if value.kind == "key":
        return (*free, *CODE_LIKE)
    return (*free, *data.ANYTHING, data.xml, code.python) + (
        (data.query,) if value.kind in ("e-mail", "ip") and value.text.isascii() else ()
    )


def whole(chance: Chance, value: Value) -> tuple[str, str]:
    """Lines and files stand alone, in a fence, or in JSON, escaped once or twice."""
    way = chance.randint(0, 4)
    if way == 0:
        return "fence", f"This is what I ran:\n```\n{value.text}\n```\nand it failed."
    if way == 1:
        return "json", json.dumps({"type": "text", "text": value.text})
    if way == 2:
        return "nested json", json.dumps({"arguments": json.dumps({"content": value.text})})
    if way == 3:
        return "message", f"Could you check this for me?\n{value.text}\nThanks!"
    return "bare", value.text


def with_invisible(chance: Chance, value: Value) -> Value:
    """One in fourteen has an invisible character in its middle, as copied text has."""
    one_piece = len(value.hidden) == 1 and "\n" not in value.text and len(value.hidden[0]) > 6
    if value.whole or not value.alone or not one_piece or chance.random() > 0.07:
        return value
    part = value.hidden[0]
    at = chance.randint(2, len(part) - 2)
    noisy = part[:at] + chance.choice(INVISIBLE) + part[at:]
    return Value(
        value.kind, value.format + ", invisible", value.text.replace(part, noisy), (noisy,), value.name
    )  # fmt: skip


def as_written(part: str, text: str) -> str:
    """The hidden part as the carrier wrote it: escaped in JSON, quoted in an address."""
    ways = [part, quote(part, safe="@+:")]
    for _ in range(3):
        ways.append(json.dumps(ways[-1] if len(ways) > 2 else part)[1:-1])
    for way in ways:
        if way in text:
            return way
    raise AssertionError(f"{part!r} is not in {text!r}")
