"""Card numbers of every network, with a right check digit and no account behind them."""

from tests.masking_samples.chance import Chance
from tests.masking_samples.sample import Value

NETWORKS = {  # beginnings and lengths, as the networks publish them
    "visa": (("4",), (16, 13, 19)),
    "mastercard": (("51", "52", "53", "54", "55", "2221", "2500", "2720"), (16,)),
    "american express": (("34", "37"), (15,)),
    "discover": (("6011", "644", "649", "65"), (16,)),
    "diners": (("300", "305", "36", "38"), (14,)),
    "jcb": (("3528", "3589"), (16,)),
    "unionpay": (("62",), (16, 19)),
    "maestro": (("5018", "5020", "5038", "6304", "6759", "6761"), (16, 18)),
    "mir": (("2200", "2204"), (16,)),
    "rupay": (("6521", "6522"), (16,)),
    "elo": (("636368", "509000"), (16,)),
}
SEPARATORS = {
    "none": "",
    "spaces": " ",
    "dashes": "-",
    "no-break space": "\u00a0",
    "thin space": "\u2009",
    "hyphen U+2011": "\u2011",
    "dots": ".",
    "broken over lines": "\n",
}
NAMES = ("card_number", "pan", "note", "cardNumber", "value")


def cards(chance: Chance) -> list[Value]:
    return [card(chance, network, style) for network in NETWORKS for style in SEPARATORS]


def card(chance: Chance, network: str, style: str) -> Value:
    prefixes, lengths = NETWORKS[network]
    digits = checked(chance, chance.choice(prefixes), chance.choice(lengths))
    text = SEPARATORS[style].join(grouped(digits))
    if style == "broken over lines":
        text = text.replace("\n", " ")
        middle = text.index(" ", len(text) // 3)
        text = text[:middle] + "\n" + text[middle + 1 :]
    if style == "none" and chance.random() < 0.15:
        style, text = "full width", "".join(chr(ord(d) + 0xFEE0) for d in digits)
    hidden = tuple(text.split("\n")) if "\n" in text else (text,)
    return Value("card", f"{network}, {style}", text, hidden, chance.choice(NAMES))


def checked(chance: Chance, prefix: str, length: int) -> str:
    body = prefix + chance.take("d", length - len(prefix) - 1)
    return body + next(d for d in "0123456789" if luhn(body + d))


def luhn(digits: str) -> bool:
    doubled = [int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def grouped(digits: str) -> list[str]:
    if len(digits) == 15:
        return [digits[:4], digits[4:10], digits[10:]]
    if len(digits) == 14:
        return [digits[:4], digits[4:10], digits[10:]]
    return [digits[i : i + 4] for i in range(0, len(digits), 4)]
