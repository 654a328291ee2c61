"""Phone numbers: what a country's plan allows and what is written, or announced, as one."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import phonenumbers

from agents_app.text.masking.kinds import Found, Kind

_GAP: Final = r"[ \t\u00a0\u202f().\u2010-\u2015/-]"
_PHONE = re.compile(
    rf"(?:(?<![\w+])\+\s?|(?<![\w.,/#=+@-])(?=[\d(])|(?<=[a-z][=:/.])(?=[\d(]))\(?\+?\d++(?:{_GAP}{{1,3}}+\d++){{0,8}}+"
    r"(?:\s?(?:ext|x|extension|Durchwahl|doorkies)\.?\s?\d{1,5})?(?![\w@%]|[.,:/-]\d)"
)
_WORDS: Final = (
    "phone|phones|telephone|tel|mobile|cell|cellphone|fax|whatsapp|sms|hotline|callback|signal|telegram|viber"
    "|telefon|telefonnummer|handy|handynummer|mobil|mobilnummer|rufnummer|durchwahl|festnetz|rückrufnummer"
    "|tél|téléphone|portable|teléfono|telefono|móvil|celular|cellulare|telefone|telemóvel|fono|telefoon|gsm|puhelin|tlf|puh"
    "|тел|телефон|моб|мобильный|номер|电话|電話|手机|携帯|전화|휴대폰|هاتف|جوال|טלפון"
)
_NAMED = re.compile(
    rf"(?:(?<![^\W_])(?:{_WORDS})|phone|Phone|mobile|Mobile)[\s_-]?(?i:number|numbers|no\.?|nr\.?|nummer|num|#|№)?"
    r"(?:\s(?:is|are|ist|lautet|est|es|è))?['\"\s:=#()\].]{0,6}$",
    re.IGNORECASE,
)
_CUE = re.compile(
    rf"(?<![^\W_])(?:{_WORDS}|call|calls|called|calling|text|texted|reach|ring|dial|contact|reached|number is|nummer ist|anrufen|ruf|rufen"
    r"|unter|erreichbar|appelez|appeler|joindre|llame|llamar|llámame|chiamare|chiama|позвоните|звоните|звонить)(?![^\W_])"
    r"[\w.\s:,()#№'\"-]{0,28}$",
    re.IGNORECASE,
)
_NO_CUE = re.compile(
    r"(?:order|invoice|ticket|case|\bid|_id|\bref|reference|sku|isbn|issn|\bean|upc|serial|tracking|account|acct|konto|kontonummer"
    r"|bestellung|rechnung|rechnungsnummer|auftrag|bestellnummer|commande|facture|pedido|заказ|version|batch|\blot|model|\bpart|item|\bzip|plz"
    r"|\bdate|datum|timestamp|usd|eur|\$|€|£|¥|\bpin|code|size|bytes|tokens|port|pid|line|row|page|policy|contract|customer|member|claim|vin|imei|vat|tax)"
    r"(?:s|\s?(?:number|no\.?|nr\.?|id|code|is))?[\s.:=#'\"-]{0,6}$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{4}[-/. ]\d{1,2}[-/. ]\d{1,2}(?:[ T]\d{1,2}){0,3}|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}(?: \d{1,2}){0,3}|\d{4} ?[-\u2013/] ?\d{2,4}"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:[ -]?\d{4,6})?"
)
_MOMENT = re.compile(r"1[5-9]\d{8}(?:\d{3}){0,3}")
_PLAIN_NUMBER = re.compile(r"\d{1,3}(?:[ .\u00a0\u202f]\d{3}){1,4}|\d+\.\d+|\d+[-\u2013]\d+")
_BY_FORM: Final = re.compile(
    r"(?:1[ .-]?)?\(?[2-9]\d{2}\)?[ .\u2010-\u2015-]{1,2}\d{3}[ .\u2010-\u2015-]\d{4}(?:\s?(?:ext|x|extension).{1,8})?"  # North America
    r"|\(?0\d{2,4}\)?[ -]\d{1,4}-\d{4}|0[5-9]0-\d{4}-\d{4}"  # Japan, Korea
    r"|8[ -]?\(?[3-9]\d{2}\)?[ -]?\d{3}[ -]\d{2}[ -]\d{2}"  # Russia
    r"|\(?[1-9]{2}\)? ?9?\d{4}-\d{4}"  # Brazil
    r"|1[3-9]\d[ -]\d{4}[ -]\d{4}|[6-9]\d{4}[ -]\d{5}"  # China, India
)
_TRUNK = re.compile(
    r"\(?0[1-9]\d{0,4}\)?(?:[ /.\u2010-\u2015-]{1,3}\d{2,8}){1,5}|0(?:1[5-7]\d|[4-7]\d)\d{6,8}"
)
_REGIONS: Final = (
    "DE", "GB", "FR", "IT", "NL", "CH", "AT", "BE", "SE", "AU", "JP", "KR", "IN", "ES", "PL", "TR", "UA", "ZA", "NZ", "IL",
)  # fmt: skip
MOST_ASKED, MOST_VALIDATED = 200, 40


def phones(text: str) -> Iterator[Found]:
    """Numbers of a form, a prefix or a name that only phone numbers have."""
    asked = 0
    for match in _PHONE.finditer(text):
        written = match[0]
        if not 7 <= sum(map(str.isdigit, written)) <= 24 or _DATE.fullmatch(written):
            continue
        if written.lstrip("(").startswith(("+", "00")):
            end = _international(written)
        else:
            asked += 1
            before = text[max(0, match.start() - 48) : match.start()] if asked <= MOST_ASKED else ""
            end = len(written) if _is_national(written, before, asked) else 0
        if end:
            yield Found(match.start(), match.start() + end, Kind.PHONE, "phone number")


def _is_national(written: str, before: str, asked: int) -> bool:
    """Of the many numbers of one line only the first are looked at with the words before them."""
    digits = sum(map(str.isdigit, written))
    if digits > 15:
        return False
    if before:
        if _NAMED.search(before):
            return True
        if _NO_CUE.search(before) or _MOMENT.fullmatch(written):
            return False
        if _CUE.search(before):
            is_plain = _PLAIN_NUMBER.fullmatch(written) and digits < 9
            return not is_plain or " " in written.strip()
    if _BY_FORM.fullmatch(written):
        return True
    return bool(_TRUNK.fullmatch(written)) and (asked > MOST_VALIDATED or _is_valid(written))


def _international(written: str) -> int:
    """How many characters of it are a number with its country's code and a length that country has; 0: none."""
    end = len(written)
    while end > 7:
        digits = re.sub(r"\D", "", written[:end]).removeprefix("00")
        if _is_possible(digits) or (
            len(digits) > 10 and _is_possible(_without_trunk(written[:end]))
        ):
            return end
        end = len(re.sub(r"\D*\d+\D*$", "", written[:end]))
    return 0


def _without_trunk(written: str) -> str:
    """The digits of "+44 (0)20 …" without the zero that only the country itself dials."""
    return re.sub(r"\D", "", written.replace("(0)", "")).removeprefix("00")


def _is_possible(digits: str) -> bool:
    for length in (1, 2, 3):
        lengths = _lengths(digits[:length])
        if lengths:
            return len(digits) - length in lengths
    return False


@cache
def _lengths(code: str) -> frozenset[int]:
    """How many digits numbers of this country code have; nothing for what is no code."""
    if not code.isdecimal():
        return frozenset()
    found = set[int]()
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code), ()):
        known = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(int(code), region)
        found.update(known.general_desc.possible_length if known and known.general_desc else ())
    return frozenset(length for length in found if length > 0)


def _is_valid(written: str) -> bool:
    for region in _REGIONS:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(written, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False
