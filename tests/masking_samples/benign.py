"""Every text in which nothing may be hidden."""

import json
from collections.abc import Iterator

from tests.masking_samples.chance import Chance
from tests.masking_samples.harmless import identifiers, letta, numbers, software, talk
from tests.masking_samples.harmless.templates import drawn
from tests.masking_samples.sample import Benign
from tests.masking_samples.values.card import luhn

GROUPS = identifiers.GROUPS | numbers.GROUPS | software.GROUPS | letta.GROUPS | talk.GROUPS
EACH = 32


def benign(seed: int = 20261122) -> Iterator[Benign]:
    """Each text once, however often chance draws it."""
    seen: set[str] = set()
    for sample in drawn_benign(Chance(seed)):
        if sample.text not in seen:
            seen.add(sample.text)
            yield sample


def drawn_benign(chance: Chance) -> Iterator[Benign]:
    for group, templates in GROUPS.items():
        for template in templates:
            for _ in range(EACH):
                yield Benign(group, text(chance, group, template))
    yield from documents(chance)


def text(chance: Chance, group: str, template: str) -> str:
    made = drawn(chance, template).replace("{{", "{").replace("}}", "}")
    while looks_like_a_card(made):
        made = drawn(chance, template).replace("{{", "{").replace("}}", "}")
    way = chance.random()
    if way < 0.08:
        return json.dumps([{"type": "text", "text": made, "signature": None}])
    if way < 0.12:
        return json.dumps({"func_response": json.dumps({"status": "OK", "message": made})})
    if way < 0.16:
        return f"- {made}\n"
    if way < 0.20:
        return f"`{made}`"
    return made


def looks_like_a_card(made: str) -> bool:
    """Chance draws a right check digit in one of ten; a number alone would then be a card."""
    runs = "".join(
        c if c.isdigit() else " " for c in made.replace("-", "").replace(".", "")
    ).split()
    return any(13 <= len(run) <= 19 and luhn(run) for run in runs)


def documents(chance: Chance) -> Iterator[Benign]:
    """Longer texts: several harmless lines under each other."""
    for group, templates in GROUPS.items():
        for _ in range(30):
            lines = [text(chance, group, t) for t in chance.some(templates, 5)]
            yield Benign(f"{group}, longer", "\n".join(lines))
