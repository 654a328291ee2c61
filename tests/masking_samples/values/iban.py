"""International bank account numbers with right check digits."""

from tests.masking_samples.chance import Chance
from tests.masking_samples.sample import Value

COUNTRIES = {  # the part after the check digits: n digits, c capitals or digits, a capitals
    "DE": "18n", "AT": "16n", "CH": "5n12c", "LI": "5n12c", "FR": "10n11c2n", "ES": "20n",
    "IT": "1a10n12c", "GB": "4a14n", "IE": "4a14n", "NL": "4a10n", "BE": "12n", "LU": "3n13c",
    "PL": "24n", "CZ": "20n", "SK": "20n", "HU": "24n", "RO": "4a16c", "BG": "4a6n8c",
    "UA": "6n19c", "PT": "21n", "GR": "7n16c", "SE": "20n", "NO": "11n", "DK": "14n",
    "FI": "14n", "EE": "16n", "LV": "4a13c", "LT": "16n", "HR": "17n", "SI": "15n",
    "MT": "4a5n18c", "CY": "8n16c", "TR": "5n1n16c", "AE": "19n", "SA": "2n18c", "IL": "19n",
    "GE": "2a16n", "KZ": "3n13c", "BR": "23n1a1c", "IS": "22n", "MC": "10n11c2n", "SM": "1a10n12c",
}  # fmt: skip
STYLES = (
    "whole", "groups of four", "lower case", "dashes", "no-break space", "labelled",
    "broken over lines", "groups, lower case",
)  # fmt: skip


def ibans(chance: Chance) -> list[Value]:
    return [iban(chance, country, chance.choice(STYLES)) for country in COUNTRIES]


def iban(chance: Chance, country: str, style: str) -> Value:
    whole = country + check(country, account := bban(chance, country)) + account
    groups = [whole[i : i + 4] for i in range(0, len(whole), 4)]
    text = {
        "whole": whole,
        "groups of four": " ".join(groups),
        "lower case": whole.lower(),
        "dashes": "-".join(groups),
        "no-break space": "\u00a0".join(groups),
        "labelled": "IBAN: " + " ".join(groups),
        "broken over lines": " ".join(groups[:3]) + "\n" + " ".join(groups[3:]),
        "groups, lower case": " ".join(groups).lower(),
    }[style]
    hidden = tuple(text.removeprefix("IBAN: ").split("\n"))
    name = chance.one("iban", "account", "note", "bankAccount")
    return Value("iban", f"{country}, {style}", text, hidden, name)


def bban(chance: Chance, country: str) -> str:
    text, count = "", ""
    for character in COUNTRIES[country]:
        if character.isdigit():
            count += character
        else:
            alphabet = {"n": "d", "c": "u", "a": "A"}[character]
            text, count = text + chance.take(alphabet, int(count)).upper(), ""
    return text


def check(country: str, account: str) -> str:
    number = "".join(str(int(c, 36)) for c in account + country + "00")
    return f"{98 - int(number) % 97:02}"
