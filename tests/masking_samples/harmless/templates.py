"""One-line templates: `<h40>` draws characters, `{iso}`, `{uuid}`, `{n}` and others draw values."""

from tests.masking_samples.chance import Chance


def drawn(chance: Chance, template: str) -> str:
    text, _ = chance.fill(template)
    for name, draw in DRAWS.items():
        while f"{{{name}}}" in text:
            text = text.replace(f"{{{name}}}", draw(chance), 1)
    return text


DRAWS = {
    "iso": lambda c: c.iso(),
    "day": lambda c: c.iso()[:10],
    "clock": lambda c: c.iso()[11:],
    "uuid": lambda c: c.uuid(),
    "n": lambda c: str(c.randint(2, 999)),
    "d": lambda c: str(c.randint(1, 9)),
    "nn": lambda c: str(c.randint(1000, 99999)),
    "year": lambda c: str(c.randint(1960, 2030)),
    "price": lambda c: f"{c.randint(1, 4999)}.{c.randint(0, 99):02}",
    "euro": lambda c: f"{c.randint(1, 99)}.{c.randint(100, 999)},{c.randint(0, 99):02}",
    "dec": lambda c: f"{c.uniform(0, 100):.{c.randint(1, 6)}f}",
    "lat": lambda c: f"{c.uniform(-85, 85):.6f}",
    "lon": lambda c: f"{c.uniform(-179, 179):.6f}",
    "version": lambda c: f"{c.randint(0, 24)}.{c.randint(0, 30)}.{c.randint(0, 40)}",
    "fourpart": lambda c: ".".join(str(c.randint(0, 60)) for _ in range(4)),
    "word": lambda c: c.choice(WORDS),
    "name": lambda c: c.choice(NAMES),
    "town": lambda c: c.choice(TOWNS),
    "thing": lambda c: c.choice(THINGS),
}
WORDS = ["shop", "letta", "agent", "memory", "billing", "search", "index", "worker", "gateway", "report", "invoice", "queue", "batch", "archive", "session"]  # fmt: skip
NAMES = ["Robin", "Anna", "Jonas", "Оксана", "Тарас", "Lucía", "Chloé", "由紀", "Priya", "Liam", "Nora", "Emre", "Zofia", "Ольга"]  # fmt: skip
TOWNS = ["Köln", "Paris", "Madrid", "Kyiv", "Львів", "Kyoto", "Leeds", "Austin", "Reykjavík", "Porto", "Łódź", "Hanoi"]  # fmt: skip
THINGS = ["kimchi", "ramen", "borschtsch", "long walks", "chess", "jazz", "mountain bikes", "tea", "old maps", "crosswords", "swimming", "photography"]  # fmt: skip
