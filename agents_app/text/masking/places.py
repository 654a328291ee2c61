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
_NUMBER_FIRST = re.compile(
    r"(?<![\w.,$€£#-])\d{1,6}[A-Za-z]?\s(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?\s)?(?:(?:\d{1,3}(?:st|nd|rd|th)|[A-Z][\w'.-]{1,30})\s){1,4}"
)
_AFTER_STREET = re.compile(
    r"\.?(?:,?\s(?:Apt|Apartment|Suite|Ste|Unit|Flat|#)\.?\s?\w{1,6})?(?:,\s[A-Z][\w .'-]{1,40}(?:,\s[A-Z]{2}(?:\s\d{5}(?:-\d{4})?)?)?)?"
)
_ENDINGS = re.compile(
    r"(?:straße|strasse|str\.|weg|gasse|platz|allee|ring|ufer|damm|chaussee|stieg|laan|straat|gracht|plein|gatan|vägen|veien|Straße|Strasse|Str\."
    r"|Weg|Gasse|Platz|Allee|Ring|Ufer|Damm)\s{1,2}\d{1,4}\s?[a-zA-Z]?(?![\w.,]\d|\w)(?:,\s?\d{4,5}\s[A-ZÄÖÜ]\w{1,30})?"
)
_NAME_BEFORE = re.compile(r"(?<!\w)(?:[A-ZÄÖÜ][\wäöüß.]{1,30}[- ]){0,3}[A-ZÄÖÜ]?[\wäöüß'.-]{0,40}$")
_BEGINNINGS = re.compile(
    r"(?<!\w)(?:Via|Viale|Piazza|Corso|Calle|Avenida|Avda\.|Plaza|Paseo|Rua|Praça|Travessa)\s(?:[A-ZÀ-Ý][\wà-ÿ'.-]{0,30}\s?|d[eio]l?l?a?s?\s){1,5},?\s?(?:n\.?º?\s?)?\d{1,4}(?!\w)"
    r"|(?<!\w)(?:ул\.|улица|пр\.|просп\.|проспект|пер\.|переулок|бульвар|наб\.|шоссе)\s?[А-ЯЁ][\wа-яё. -]{1,40},?\s?(?:д\.\s?|дом\s)?\d{1,4}(?!\w)"
    r"|(?<!\w)P\.?\s?O\.?\s?Box\s\d{1,8}"
)
_FRENCH = re.compile(
    r"(?<![\w.,])\d{1,4}(?:\s?(?:bis|ter))?,?\s(?:rue|avenue|boulevard|bd|place|chemin|allée|impasse|quai|route|cours)\s(?:[\wÀ-ÿ'’.-]{1,30}\s?){1,6}"
)
_JAPANESE = re.compile(
    r"[\u4e00-\u9fff]{2,3}[都道府県][\u4e00-\u9fff]{1,8}[市区町村郡][^\s,、。]{1,24}\d[\d-]{0,12}"
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
        if name and name[0].strip():
            yield match.start() - len(before) + name.start(), match.end()
    for pattern in (_BEGINNINGS, _FRENCH):
        for match in pattern.finditer(text):
            yield match.span()
    if not text.isascii():
        for match in _JAPANESE.finditer(text):
            yield match.span()


def _after_numbers(text: str) -> Iterator[tuple[int, int]]:
    """ "221B Baker Street, London": a street's word with a number and names before it."""
    for word in _WORD.finditer(text):
        if word[0].lower() not in _STREETS:
            continue
        begin = max(0, word.start() - 96)
        for number in _NUMBER_FIRST.finditer(text, begin, word.start()):
            if number.end() == word.start():
                end = _AFTER_STREET.match(text, word.end())
                yield number.start(), end.end() if end else word.end()
