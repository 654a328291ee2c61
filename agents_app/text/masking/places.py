"""Postal addresses, as far as a street with a number can be told; a help, no proof."""

import re
from collections.abc import Iterator
from typing import Final

from agents_app.text.masking.kinds import Found, Kind

_STREETS: Final = frozenset({
    "street", "str", "road", "rd", "avenue", "ave", "av", "boulevard", "blvd", "lane", "ln", "drive", "dr", "court", "ct",
    "square", "sq", "place", "pl", "terrace", "ter", "highway", "hwy", "parkway", "pkwy", "circle", "cir", "way", "trail",
    "crescent", "close", "mews", "row", "gardens", "grove", "parade", "quay", "esplanade",
})  # fmt: skip
_WORD = re.compile(r"[A-Za-z]{2,9}\b")
_ENDED = re.compile(
    r"\.?(?:$|[\s]?[,;)\n]|\s(?:Apt|Apartment|Suite|Ste|Unit|Flat|#|and|is|in|NW|NE|SW|SE|N|S|E|W)\b)"
)
_NUMBER_FIRST = re.compile(
    r"(?<![A-Za-z0-9_.,$€£#-])\d{1,6}[A-Za-z]?\s(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?\s)?(?:(?:\d{1,3}(?:st|nd|rd|th)|[A-Z][\w'.-]{1,30})\s){1,4}"
    r"|(?<![A-Za-z0-9_.,$€£#-])\d{1,6}[A-Za-z]?\s(?:[NSEW]|NE|NW|SE|SW)\.?\s\d{1,3}(?:st|nd|rd|th|ST|ND|RD|TH)\s"
)
_AFTER_STREET = re.compile(
    r"\.?(?:,?\s(?:Apt|Apartment|Suite|Ste|Unit|Flat|#)\.?\s?\w{1,6})?(?:,\s[A-Z][\w .'-]{1,40}(?:,\s[A-Z]{2}(?:\s\d{5}(?:-\d{4})?)?)?)?"
)
_MEASURES: Final = "Minuten?|Stunden?|Runden?|Jahren?|Tagen?|Wochen?|Metern?|Kilometern?|km|Euro|Prozent|Personen|Leuten?|Mal|min|timmar|minuter|kr"
_ENDINGS = re.compile(
    r"(?:stra(?:ß|ss)e|str\.|weg|gasse|platz|allee|ufer|damm|chaussee|stieg|bach|laan|straat|gracht|plein|gatan|gata|gaten|vägen|veien|vegen|vejen|vej|gade|gaden"
    r"|all[eé]e?n|torget|katu|tie|kuja|Stra(?:ß|ss)e|Str\.|Weg|Gasse|Platz|Allee|Ring|Ufer|Damm|STRA(?:ẞ|ß|SS)E|STR\.|WEG|GASSE|PLATZ|ALLEE|RING|UFER|DAMM|BACH"
    r"|\s(?:(?<=[a-zäöüß]s\s)gate|utca|útja|út|tér|körút|krt\.|Caddesi|Cad\.|Sokak|Sokağı|Sok\.|Sk\.|Bulvarı|Blv\.|Mahallesi|Mah\.|allé))"
    rf",?\s{{1,2}}(?:No\.?:?\s?)?\d{{1,4}}(?:\s?[a-zA-Z])?(?:/\d{{1,4}}){{0,2}}(?![\w.,]\d|\w|\s(?:{_MEASURES})\b)(?:,?\s\d{{4,5}}\s[A-ZÄÖÜ]\w{{1,30}})?"
)
_NAME_BEFORE = re.compile(r"(?<!\w)(?:[A-ZÄÖÜ][\wäöüß.]{1,30}[- ]){0,3}[A-ZÄÖÜ]?[\wäöüß'.-]{0,40}$")
_NUMBER: Final = r",?\s{0,2}(?:n\.?º?\s?|[Nn]r\.?\s?|No\.?:?\s?|№\s?|д\.\s?|дом\s|буд\.\s?|будинок\s)?\d{1,4}(?!\w|[.,]\d)"
_BEGINNINGS = re.compile(
    r"(?<!\w)(?:Via|Viale|Vicolo|Piazza|Piazzale|Corso|Largo|Strada|Calle|C/|Avenida|Avda\.|Av\.|Plaza|Paseo|Camino|Carrer|Carretera|Calzada|Calz\.|Blvd\.|Diagonal|Pasaje|Ronda"
    r"|Rua|Praça|Travessa|Alameda|Rodovia|Estrada|Rue|Avenue|Chemin|Quai|Bulevardul|Calea|Aleea|Str\.|Bd\.|Șos\.|ul\.|al\.|os\.|pl\.|nám\.|třída|tř\."
    r"|VIA|VIALE|PIAZZA|CORSO|CALLE|AVENIDA|PLAZA|PASEO|RUA)"
    rf"\s?(?:(?:\d{{1,2}}\sde\s)?[A-ZÀ-ÝĀ-ŽȘȚ][\wà-ÿ'’.-]{{0,30}}\s?|\d{{1,2}}\sde\s|(?:d[eaiou]l?l?a?s?|l[ao]s?|el|km\s\d{{1,4}}|D[EAIO]L?L?A?S?|L[AO]S?|EL)\s){{1,6}}{_NUMBER}(?:/\d{{1,4}})?(?:\sm\.\s?\d{{1,4}})?"
    r"|(?<![\w.,])\d{1,4},\s(?:\d{1,3}(?:st|nd|rd|th)\s)?(?:[A-Z][\w.]{1,20}\s){0,3}(?:Road|Rd|Cross|Marg|Main|Street|Lane)\b(?:,\s[A-Z]\w{2,30})?"
    r"|(?<!\w)P\.?\s?O\.?\s?Box\s\d{1,8}"
    r"|(?<!\w)(?:House|Plot|Flat|Door|Shop|H\.)\sNo\.?\s?\d{1,5}(?:[/-]?\w{1,4})?,\s[A-Z][\w ]{1,40}"
)
_OTHER_SCRIPTS = re.compile(
    rf"(?<!\w)(?:Οδός|οδός|Λεωφόρος|Λεωφ\.|Πλατεία)\s[Α-ΩΆ-Ώ][\wά-ώ. ]{{1,40}}?{_NUMBER}"
    rf"|\d{{1,5}}\s(?:شارع|طريق)\s[^\d\n,،\"]{{2,40}}(?:،\s?حي\s[^\d\n,،\"]{{2,30}})?|(?:شارع|طريق)\s[^\d\n,،\"]{{2,40}}{_NUMBER}"
    r"|(?:[가-힣]{2,8}(?:시|도)\s)?(?:[가-힣]{1,6}(?:시|군|구)\s){0,2}[가-힣]{1,10}(?:대로|로|길)\s?\d{1,4}(?:-\d{1,4})?(?:번길\s?\d{1,4})?(?:,\s?\d{1,4}호)?(?!\d)"
    rf"|(?<!\w)[А-ЯЁЇІЄҐ][\wа-яёїієґ’-]{{2,30}}\s(?:проспект|улица|переулок|шоссе|бульвар|набережная|вулиця|провулок|пр-к?т|просп\.|ул\.|пер\.|б-р|наб\.|ш\.){_NUMBER}"
)
_CITY: Final = (
    r"(?:[A-Z]{1,2}-)?(?!(?:19|20)\d\d\s)(?:\d{3}\s\d{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{5}(?:-\d{3,4})?|\d{4}(?:\s[A-Z]{2})?|[A-Z]\d{4}[A-Z]{3})"
    r"\s[A-ZÀ-ÝĀ-ŽȘȚΑ-ΩΆ-Ώ][^\W\d_]{2,30}"
)
_BEFORE_CITY = re.compile(
    r"(?<!\w)[A-ZÀ-ÝĀ-ŽȘȚΑ-ΩΆ-Ώ][^\W\d_][\w.'’-]{0,30}(?:\s[\w.'’-]{2,30}){0,3},?\s(?:n[ro]\.\s?)?\d{1,5}(?:\s?[a-zA-Z])?(?:/\d{1,4}){0,2}"
    rf"(?:,?\s(?:bte|lgh|apt|apto|Piso|Daire|D:|m\.|st\.|A)\s?[\w. ]{{1,12}})?(?:,\s{{1,2}}|\s{{0,3}}\r?\n\s{{0,8}}){_CITY}"
)
_CYRILLIC = re.compile(
    r"(?<!\w)(?:(?i:ул\.|вул\.|пр\.|пр-т|просп\.|пер\.|пров\.|бул\.|бульв\.|б-р|наб\.|пл\.)\s?(?:\d{1,2}(?:-\w{1,2})?\s)?[А-ЯЁЇІЄҐа-яёїієґ]"
    r"|(?i:улица|улице|вулиця|вулиці|проспект|проспекті|переулок|провулок|бульвар|набережная|набережна|шоссе|площадь|площа)\s[А-ЯЁЇІЄҐ])"
    rf"[\wа-яёїієґ'’. -]{{1,40}}?{_NUMBER}"
)
_FRENCH = re.compile(
    r"(?<![A-Za-z0-9_.,])\d{1,4}(?:\s?(?:bis|ter))?,?\s(?:rue|avenue|boulevard|bd|place|chemin|allée|impasse|quai|route|cours|RUE|AVENUE|BOULEVARD|PLACE|CHEMIN|ALLÉE|IMPASSE|QUAI|ROUTE)"
    r"\s(?:[A-Za-zÀ-ÿ][\wÀ-ÿ'’.-]{0,30}\s?){1,6}"
)
_JAPANESE = re.compile(
    r"(?:〒\s?\d{3}-\d{4}\s?)?[\u4e00-\u9fff]{2,3}[都道府県市][\u4e00-\u9fff\u3040-\u30ff]{1,12}[市区町村郡町][^\s,、。」）]{0,24}\d[\d-]{0,12}(?:番地?|号|丁目)?|〒\s?\d{3}-\d{4}"
)

_FIELD = re.compile(
    r"(?i:(?<![^\W_])(?:(?P<street>street(?:[_-]?(?:address|line))?[_-]?\d?|address[_-]?line[_-]?\d|stra(?:ß|ss)e|calle|улица|вулиця|住所)"
    r"|(?:shipping|billing|home|mailing|postal|delivery)[_-]?address|(?<!\w)address[_-]?1?|adresse|anschrift|direcci[oó]n|domicilio|indirizzo|endere[cç]o|адрес|адреса|地址)"
    r"['\"]?\s?)(?:[:=]\s?(?:(?P<quote>['\"])|(?(street)(?=\S)|(?!)))|>)(?=[^\n'\"<>]{0,80}\d)(?P<value>[^\n'\"<>{}\[\]@=]{6,120})(?(quote)(?P=quote)|(?=<|$))"
    r"|(?<!\w)ADR[^:\n]{0,60}:[^;\n]{0,40};[^;\n]{0,40};(?P<card>(?=[^;\n]{0,80}\d)[^;\n]{3,80});",
)
_PLACE = re.compile(
    r"(?=.*[^\W\d_]{2})(?=.*(?:\s|[^\x00-\x7f]))(?!0x|\d{4}-\d\d-\d\d|https?:|/|[\w.-]+:\d)"
)


def postal(text: str) -> Iterator[Found]:
    """What reads like a street with a number, in the forms of several languages."""
    for start, end in _spans(text):
        yield Found(start, end, Kind.ADDRESS, "address")


def _spans(text: str) -> Iterator[tuple[int, int]]:
    yield from _after_numbers(text)
    for match in _FIELD.finditer(text):
        group = "card" if match["card"] else "value"
        if _PLACE.match(match[group]):
            yield match.span(group)
    for match in _ENDINGS.finditer(text):
        before = text[max(0, match.start() - 64) : match.start()]
        name = _NAME_BEFORE.search(before)
        if (
            name
            and any(map(str.isalpha, name[0]))
            and any(map(str.isupper, name[0] + match[0][:1]))
        ):
            yield match.start() - len(before) + name.start(), match.end()
    for pattern in (_BEGINNINGS, _FRENCH) if text.isascii() else (_BEGINNINGS, _CYRILLIC, _FRENCH):
        for match in pattern.finditer(text):
            yield match.span()
    if not text.isascii():
        for pattern in (_JAPANESE, _OTHER_SCRIPTS):
            for match in pattern.finditer(text):
                yield match.span()


def before_cities(text: str) -> Iterator[Found]:
    """A name with a number before a postal code and a name, in one line or in two."""
    for match in _BEFORE_CITY.finditer(text):
        yield Found(*match.span(), Kind.ADDRESS, "address")


def _after_numbers(text: str) -> Iterator[tuple[int, int]]:
    """ "221B Baker Street, London": a street's word with a number and names before it."""
    for word in _WORD.finditer(text):
        name = word[0].lower()
        if name not in _STREETS and not (name == "st" and _ENDED.match(text, word.end())):
            continue
        begin = max(0, word.start() - 96)
        for number in _NUMBER_FIRST.finditer(text, begin, word.start()):
            if number.end() == word.start():
                end = _AFTER_STREET.match(text, word.end())
                yield number.start(), end.end() if end else word.end()
