"""Phone numbers: what a country's plan allows and what is written, or announced, as one."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import phonenumbers

from agents_app.text.masking.kinds import Found, Kind

_GAP: Final = r"[ \t\u00a0\u2000-\u200a\u202f().\u2010-\u2015\u2212/-]"
_PHONE = re.compile(
    rf"(?:(?<![\w+])\+(?:\s(?=\(?\d{{1,3}}[ \u00a0()-])|(?=[\d(]))|(?<![\w./#=+@-])(?<!\d:)(?=[\d(])|(?<=[A-Za-z][=:/.])(?=[\d(]))"
    rf"\(?\+?\d++(?:{_GAP}{{1,3}}+\d++){{0,8}}+"
    r"(?:\s?(?:ext|x|extension|Durchwahl|доб)\.?\s?\d{1,5})?(?![\w@%]|[.:/-]\d)",
    re.ASCII,
)
_WORDS: Final = (
    "phones?|telephone|tel|mobile|mob|cell|cellphone|msisdn|wa[_-]?id|whatsapp[_-]?id|cep|fax|whatsapp|sms|hotline|callback|signal|telegram|viber"
    "|telefon|telefonnummer|telefonnr|handy|handynummer|mobil|mobilnummer|mobilnr|rufnummer|durchwahl|festnetz|rückrufnummer|rückruf"
    r"|tél|téléphone|portable|teléfono|telefono|móvil|celular|cellulare|cell|telefone|telemóvel|fono|telefoon|gsm|puhelin\w{0,12}|tlf|puh|telefonnummeret|telefonszám\w{0,4}|telefonul|telefonum|(?:no|nomor)\.?\s?(?:hp|telepon|telp)(?:\ssaya)?|(?:số\s)?điện\sthoại(?:\scủa\stôi)?|sđt|τηλέφωνο|κινητό"
    "|komórka|telefonu|mobiltelefon"
    "|тел|телефон[ауи]?|телефоном|моб|мобильный|мобільний|вайбер|вотсап"
)
_SIGNS: Final = "电话|電話番号|電話|手机|携帯電話|携帯|連絡先|전화|휴대폰|هاتفي|هاتف|الهاتف|جوال|موبايل|טלפון|फ़ोन|फोन|मोबाइल"
_TAIL: Final = r"(?:\s?\((?:mobile|cell|home|work|privat|dienstlich)\))?(?:\s(?:is|are|ist|lautet|est|es|è|é|on|är|er|jest|là|هو|це)|は|：)?['\"`\s:=#()\].>|*-]{0,8}$"
_NAMED = re.compile(
    rf"(?:(?<![^\W_])(?:{_WORDS})|phone|mobile|{_SIGNS}|(?<![^\W_])номер)[\s_-]?(?:numbers?|no\.?|nr\.?|nummer|num|#|№)?{_TAIL}"
    rf"|(?:{_WORDS}|phone|mobile)[\w-]{{0,20}}['\"][^<>]{{0,30}}\bvalue=['\"]$|(?:wa\.me/|send\?phone=)$",
    re.IGNORECASE,
)
_CUE = re.compile(
    rf"(?:(?<![^\W_])(?:{_WORDS}|call|calls|called|calling|text me|text us|text|texted|reach|ring|dial|contact|reached|number is|nummer ist"
    r"|bel|bel me op|zadzwoń|hubungi|gọi|anrufen|anruf|ruf|rufen|unter|erreichbar|appelez|appelle|appeler|joindre|llame|llamar|llámame|llámanos|chiamare|chiama|ligar|ligue"
    rf"|(?:по|пере|за|под|пере|до)?(?:звон|дзвон)\w{{0,8}}|зателефону\w{{0,6}}|набер\w{{0,6}})(?![^\W_])|{_SIGNS})"
    r"[\w.\s:,()#№'-]{0,28}$",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(
    r"(?<![^\W_])(?:num[eé]ro|número|number|nummer|номер|番号)(?:\s(?:is|ist|est|es|lautet))?\s?[:：は]?\s?$|(?<![^\W_])[mtpfMTPF]\s?:\s?$",
    re.IGNORECASE,
)
_NO_CUE = re.compile(
    r"(?:order|invoice|ticket|case|\bid|_id|\bref|reference|sku|isbn|issn|\bean|upc|gtin|pmid|arxiv|doi|serial|tracking|account|acct|konto"
    r"|bestellung|rechnung|auftrag|commande|facture|pedido|заказ\w{0,4}|замовлення|відправлення|накладна|накладная|договор|договір|рахунок|сч[её]т"
    r"|трек|гост|version|batch|\blot|model|\bpart|item|\bzip|plz|\bpo|firmware|windows|build|driver"
    r"|\bdate|datum|timestamp|usd|eur|\$|€|£|¥|\bpin|code|size|bytes|tokens|port|pid|line|row|page|policy|contract|customer|member|claim|vin|imei|vat|tax"
    r"|(?<=[a-zäöüß])(?<!telefon)(?<!handy)(?<!mobil)(?<!ruf)nummer|(?<!電話)番号|№|n°|n\.º)"
    r"(?:s|\s?(?:number|numbers|no\.?|nr\.?|id|code|is|-?1[03]))?['\"]?[\s.:=#'\"-]{0,6}$",
    re.IGNORECASE,
)
HEADING: Final = re.compile(
    rf"(?<![^\W_])(?:{_WORDS})(?![^\W_])|phone|mobile|{_SIGNS}", re.IGNORECASE
)
_DATE = re.compile(
    r"(?:1[89]|2[01])\d{2}[-/. ]\d{1,2}[-/. ]\d{1,2}(?:[ T]\d{1,2}){0,3}|\d{1,2}([-/.])\d{1,2}\1\d{2,4}(?: \d{1,2}){0,3}|\d{1,2} \d{1,2} (?:1[89]|2[01])\d{2}"
    r"|\d{4} ?[-\u2013/] ?\d{2,4}|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:[ -]?\d{4,6})?"
)
_MOMENT = re.compile(r"1[5-9]\d{8}(?:\d{3}){0,3}")
_PLAIN_NUMBER = re.compile(r"\d{1,3}(?:[ .\u00a0\u202f]\d{3}){1,4}|\d+\.\d+|\d+[-\u2013]\d+")
_BY_FORM: Final = re.compile(
    r"(?:1[ .-]?)?\(?[2-9]\d{2}\)?[ .\u2010-\u2015-]{1,2}\d{3}[ .\u2010-\u2015-]\d{4}(?:\s?(?:ext|x|extension).{1,8})?"  # North America
    r"|\(?0\d{2,4}\)?[ -]\d{1,4}-\d{4}|0[5-9]0-\d{4}-\d{4}"  # Japan, Korea
    r"|8[ -]?\(?[3-9]\d{2}\)?[ -]?\d{3}[ -]\d{2}[ -]\d{2}"  # Russia
    r"|\(?[1-9]{2}\)? ?9?\d{4}-\d{4}"  # Brazil
    r"|1[3-9]\d[ -]\d{4}[ -]\d{4}|86[ -]1[3-9]\d{9}|[6-9]\d{4}[ -]\d{5}"  # China, India
)
_ROW_OF_PAIRS = re.compile(r"\d\d(?: \d\d){5,}")
_ZIP = re.compile(r"\d{5}-\d{4}")
_TRUNK = re.compile(
    r"(?:0 \([1-9]\d{1,3}\)|\(?0[1-9]\d{0,4}\)?)(?:[ /.\u2010-\u2015-]{1,3}\d{2,8}){1,5}"
)
_REGIONS: Final = (
    "DE", "GB", "FR", "IT", "NL", "CH", "AT", "BE", "SE", "AU", "JP", "KR", "IN", "ES", "PL", "TR", "UA", "ZA", "NZ", "IL",
)  # fmt: skip
_LONGEST: Final = 300
MOST_ASKED, MOST_VALIDATED = 200, 40


def phones(text: str) -> Iterator[Found]:
    """Numbers of a form, a prefix or a name that only phone numbers have."""
    asked = 0
    for match in _PHONE.finditer(text):
        written = match[0]
        if not 7 <= sum(map(str.isdigit, written)) <= 24 or _DATE.fullmatch(written):
            continue
        if written.lstrip("(").startswith("+"):
            end = _international(written)
        else:
            asked += 1
            before = text[max(0, match.start() - 48) : match.start()] if asked <= MOST_ASKED else ""
            if _is_national(written, before, asked):
                end = len(written)
            elif (
                written.startswith(("00", "011 ", "011-"))
                and not _NO_CUE.search(before)
                and not written.isdigit()
            ):
                end = _international(written)
            else:
                end = 0
        if end:
            yield Found(match.start(), match.start() + end, Kind.PHONE, "phone number")


def is_dialled(value: str) -> bool:
    """Whether what a name announces as a phone number can be one: six to fifteen digits and no letters."""
    if len(value) > _LONGEST or any(map(str.isalpha, value)):
        return False
    return 6 <= sum(map(str.isdigit, value)) <= 15


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
        if written[0] in "0(" and digits >= 9 and _NUMBER_WORD.search(before):
            return True
        if _CUE.search(before):
            is_plain = _PLAIN_NUMBER.fullmatch(written) and digits < 9
            return not is_plain or " " in written.strip()
    if _ZIP.fullmatch(written) or _ROW_OF_PAIRS.fullmatch(written):
        return False
    if _BY_FORM.fullmatch(written):
        return True
    return bool(_TRUNK.fullmatch(written)) and (asked > MOST_VALIDATED or _is_valid(written))


def _international(written: str) -> int:
    """How many characters of it are a number with its country's code and a length that country has; 0: none."""
    end = len(written)
    while end > 7:
        digits = re.sub(r"\D", "", written[:end]).removeprefix("011").removeprefix("00")
        if _is_possible(digits) or (
            len(digits) > 10 and _is_possible(_without_trunk(written[:end]))
        ):
            return end
        end = len(re.sub(r"\D*\d+\D*$", "", written[:end]))
    return 0


def _is_possible(digits: str) -> bool:
    if digits.startswith("521") and len(digits) == 13:
        return True  # Mexico, with the 1 of mobiles that was dialled until 2019
    for length in (1, 2, 3):
        lengths = _lengths(digits[:length])
        if lengths:
            return len(digits) - length in lengths
    return False


def _without_trunk(written: str) -> str:
    """The digits of "+44 (0)20 …" without the zero that only the country itself dials."""
    return re.sub(r"\D", "", written.replace("(0)", "")).removeprefix("00")


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
