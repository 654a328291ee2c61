"""Postal addresses, as far as a street with a number can be told; a help, no proof."""

import re
from collections.abc import Iterator
from typing import Final

from agents_app.text.masking.kinds import Found, Kind

_STREETS: Final = frozenset({
    "street", "str", "road", "rd", "avenue", "ave", "av", "boulevard", "blvd", "lane", "ln", "drive", "dr", "court", "ct",
    "square", "sq", "place", "pl", "terrace", "ter", "highway", "hwy", "parkway", "pkwy", "circle", "cir", "way", "trail",
    "crescent", "close", "mews", "row", "gardens", "grove",
})  # fmt: skip
_WORD = re.compile(r"[A-Za-z]{2,9}\b")
_ENDED = re.compile(
    r"\.?(?:$|[\s]?[,;)\n]|\s(?:Apt|Apartment|Suite|Ste|Unit|Flat|#|and|is|in|NW|NE|SW|SE)\b)"
)
_NUMBER_FIRST = re.compile(
    r"(?<![A-Za-z0-9_.,$€£#-])\d{1,6}[A-Za-z]?\s(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?\s)?(?:(?:\d{1,3}(?:st|nd|rd|th)|[A-Z][\w'.-]{1,30})\s){1,4}"
    r"|(?<![A-Za-z0-9_.,$€£#-])\d{1,6}[A-Za-z]?\s(?:[NSEW]|NE|NW|SE|SW)\.?\s\d{1,3}(?:st|nd|rd|th|ST|ND|RD|TH)\s"
)
_AFTER_STREET = re.compile(
    r"\.?(?:,?\s(?:Apt|Apartment|Suite|Ste|Unit|Flat|#)\.?\s?\w{1,6})?(?:,\s[A-Z][\w .'-]{1,40}(?:,\s[A-Z]{2}(?:\s\d{5}(?:-\d{4})?)?)?)?"
)
_ENDINGS = re.compile(
    r"(?:stra(?:ß|ss)e|str\.|weg|gasse|platz|allee|ufer|damm|chaussee|stieg|bach|laan|straat|gracht|plein|gatan|vägen|veien|Stra(?:ß|ss)e|Str\."
    r"|Weg|Gasse|Platz|Allee|Ring|Ufer|Damm|STRA(?:ẞ|ß|SS)E|STR\.|WEG|GASSE|PLATZ|ALLEE|RING|UFER|DAMM|BACH)"
    r",?\s{1,2}\d{1,4}\s?[a-zA-Z]?(?![\w.,]\d|\w)(?:,?\s\d{4,5}\s[A-ZÄÖÜ]\w{1,30})?"
)
_NAME_BEFORE = re.compile(r"(?<!\w)(?:[A-ZÄÖÜ][\wäöüß.]{1,30}[- ]){0,3}[A-ZÄÖÜ]?[\wäöüß'.-]{0,40}$")
_NUMBER: Final = r",?\s{0,2}(?:n\.?º?\s?|№\s?|д\.\s?|дом\s|буд\.\s?|будинок\s)?\d{1,4}(?!\w|[.,]\d)"
_BEGINNINGS = re.compile(
    r"(?<!\w)(?:Via|Viale|Piazza|Corso|Calle|C/|Avenida|Avda\.|Av\.|Plaza|Paseo|Camino|Carrer|Ronda|Rua|Praça|Travessa|VIA|VIALE|PIAZZA|CORSO|CALLE|AVENIDA|PLAZA|PASEO|RUA)"
    rf"\s?(?:[A-ZÀ-Ý][\wà-ÿ'.-]{{0,30}}\s?|(?:d[eaio]l?l?a?s?|l[ao]s?|el|D[EAIO]L?L?A?S?|L[AO]S?|EL)\s){{1,6}}{_NUMBER}"
    r"|(?<!\w)P\.?\s?O\.?\s?Box\s\d{1,8}"
)
_CYRILLIC = re.compile(
    r"(?<!\w)(?:ул\.|улица|улице|вул\.|вулиця|вулиці|пр\.|пр-т|просп\.|проспект|проспекті|пер\.|переулок|пров\.|провулок|бульвар|бул\.|б-р|наб\.|набережная|набережна|шоссе|площадь|площа|пл\.)"
    rf"\s?[А-ЯЁЇІЄҐ][\wа-яёїієґ'’. -]{{1,40}}?{_NUMBER}",
    re.IGNORECASE,
)
_FRENCH = re.compile(
    r"(?<![A-Za-z0-9_.,])\d{1,4}(?:\s?(?:bis|ter))?,?\s(?:rue|avenue|boulevard|bd|place|chemin|allée|impasse|quai|route|cours|RUE|AVENUE|BOULEVARD|PLACE|CHEMIN|ALLÉE|IMPASSE|QUAI|ROUTE)"
    r"\s(?:[A-Za-zÀ-ÿ][\wÀ-ÿ'’.-]{0,30}\s?){1,6}"
)
_JAPANESE = re.compile(
    r"(?:〒\s?\d{3}-\d{4}\s?)?[\u4e00-\u9fff]{2,3}[都道府県市][\u4e00-\u9fff\u3040-\u30ff]{1,12}[市区町村郡町][^\s,、。」）]{0,24}\d[\d-]{0,12}(?:番地?|号|丁目)?|〒\s?\d{3}-\d{4}"
)


def postal(text: str) -> Iterator[Found]:
    """What reads like a street with a number, in the forms of several languages."""
    for start, end in _spans(text):
        yield Found(start, end, Kind.ADDRESS, "address")


def _spans(text: str) -> Iterator[tuple[int, int]]:
    yield from _after_numbers(text)
    for match in _ENDINGS.finditer(text):
        before = text[max(0, match.start() - 64) : match.start()]
        name = _NAME_BEFORE.search(before)
        if name and name[0].strip() and any(map(str.isupper, name[0] + match[0][:1])):
            yield match.start() - len(before) + name.start(), match.end()
    for pattern in (_BEGINNINGS, _FRENCH) if text.isascii() else (_BEGINNINGS, _CYRILLIC, _FRENCH):
        for match in pattern.finditer(text):
            yield match.span()
    if not text.isascii():
        for match in _JAPANESE.finditer(text):
            yield match.span()


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
