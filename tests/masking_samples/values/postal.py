"""Postal addresses where nobody lives."""

from tests.masking_samples.chance import Chance
from tests.masking_samples.sample import Value

STREETS = {
    "de": (
        "Lindenallee",
        "Am Mühlbach",
        "Goethestraße",
        "Hauptstr.",
        "Rosenweg",
        "Karl-Braun-Platz",
    ),
    "us": (
        "Maple Avenue",
        "Old Mill Rd",
        "Juniper Street",
        "W 3rd St",
        "Sunset Blvd",
        "Harbor Drive",
    ),
    "gb": ("Harrow Lane", "Station Road", "Elm Grove", "Kings Crescent", "Church Street"),
    "fr": ("rue des Lilas", "avenue de la Gare", "boulevard Saint-Michel", "place du Marché"),
    "es": ("Calle de los Olivos", "Avenida del Puerto", "Plaza Mayor", "Paseo de la Ribera"),
    "ua": ("вул. Лісова", "вулиця Садова", "просп. Миру", "бульвар Каштановий"),
    "ru": ("ул. Зелёная", "улица Лесная", "проспект Мира", "пер. Садовый"),
}
FORMS = {
    "de": "{s} {n}, {z} {t}", "us": "{n} {s}, {t} {z}", "gb": "{n} {s}, {t} {z}",
    "fr": "{n} {s}, {z} {t}", "es": "{s}, {n}, {z} {t}", "ua": "{s}, {n}, кв. {k}, {t}, {z}",
    "ru": "{s}, д. {n}, кв. {k}, {t}, {z}",
}  # fmt: skip
TOWNS = {
    "de": ("Köln", "Leipzig", "Bad Homburg"), "us": ("Springfield, IL", "Portland, OR", "Austin, TX"),
    "gb": ("London", "Leeds", "Bristol"), "fr": ("Paris", "Lyon", "Saint-Étienne"),
    "es": ("Madrid", "Sevilla", "Bilbao"), "ua": ("Київ", "Львів", "м. Одеса"),
    "ru": ("Москва", "г. Казань", "Пермь"),
}  # fmt: skip
JAPAN = (
    ("東京都渋谷区神宮前{a}丁目{b}-{c}", "〒150-0{d}"), ("大阪府大阪市北区梅田{a}-{b}-{c}", "〒530-0{d}"),
    ("京都市左京区吉田本町{b}番地", "〒606-8{d}"),
)  # fmt: skip


def postals(chance: Chance) -> list[Value]:
    return [postal(chance, country) for country in STREETS] + [japanese(chance)]


def postal(chance: Chance, country: str) -> Value:
    street, number = chance.choice(STREETS[country]), str(chance.randint(1, 240))
    zip_code = {"us": "62###", "gb": "SE5 #QT", "ua": "0####", "ru": "10####"}.get(country, "5####")
    text = FORMS[country].format(
        s=street, n=number, z=chance.digits(zip_code), k=chance.randint(1, 90),
        t=chance.choice(TOWNS[country]),
    )  # fmt: skip
    style = chance.choice(["one line", "one line", "lines", "upper case"])
    if style == "lines":
        text = text.replace(", ", "\n")
    if style == "upper case":
        text, street = text.upper(), street.upper()
    street_line = f"{number} {street}" if country in ("us", "gb", "fr") else street
    if country == "de":
        street_line = f"{street} {number}"
    return Value("address", f"{country}, {style}", text, (street_line,), "address")


def japanese(chance: Chance) -> Value:
    form, code = chance.choice(JAPAN)
    street = form.format(a=chance.randint(1, 9), b=chance.randint(1, 40), c=chance.randint(1, 30))
    text = f"{code.format(d=chance.digits('###'))} {street}"
    return Value("address", "jp", text, (street,), "address")
