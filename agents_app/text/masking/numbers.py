"""Card numbers, IBANs and IP addresses: told by their check digits or by the one way to read them."""

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from agents_app.text.masking.kinds import Found, Kind

_SPACES: Final = " \t\r\n\u00a0\u2000-\u200a\u202f\u3000"
_DASHES: Final = r"\-\u2010-\u2015\u2212"
_GAP: Final = f"{_SPACES}{_DASHES}."
_CARD = re.compile(
    rf"(?<![\w+/.-])(?:\d[{_GAP}]?){{12,18}}\d(?![\w-]|\.\d)|(?<![\w+/.-])(?:\d{{4,6}}[{_GAP}]{{2,3}}){{2,4}}\d{{1,5}}(?![\w-]|\.\d)",
    re.ASCII,
)
_GROUPED = re.compile(r"\d+")
_OTHER_NUMBER = re.compile(
    r"(?:\d{1,3}|\d{5,12})[ \u00a0](?=\d{4}[ -]\d)|\d{1,12}\t"
)  # in the row before it
_LAST_GROUP = re.compile(r"[ \u00a0]\d{1,4}$")
_OTHER_WIDTHS: Final = {(4, 6, 5), (4, 6, 4), (6, 13), (8, 8), (8, 10), (5, 5, 5), (6, 6, 4)}
_ISSUERS: Final = (
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), {16}),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"3(?:0[0-59]|[689])"), {14, 16, 19}),
    (re.compile(r"6011|64[4-9]|65"), {16, 19}),
    (re.compile(r"35(?:2[89]|[3-8])"), {16, 19}),
    (re.compile(r"62|81"), {16, 17, 18, 19}),
    (re.compile(r"50(?:18|19|20|38)|5[6-8]|6(?:304|7)"), {16, 17, 18, 19}),
    (
        re.compile(
            r"220[0-4]|504175|50[689]|60(?:62|69|7|8)|627780|63(?:62|6368|7)|65|8600|9792|9860"
        ),
        {16, 19},
    ),
    (re.compile(r"2131|1800"), {15}),
)
_NO_CARD = re.compile(
    r"(?:\border|\binvoice|\btracking|\bshipment|\bparcel|\bticket|\bid|_id|\bref|\breference|\bserial|\bsku|\bimei|\bean|\bupc"
    r"|\btimestamp|\bsequence|\bseq|\boffset)(?:\s?(?:number|no\.?|nr\.?|id|code))?['\"]?[\s:=#]{0,4}['\"]?$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(f"[{_GAP}]")
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}")
_IBAN = re.compile(rf"[A-Za-z]{{2}}\d{{2}}(?:[{_GAP}]?[A-Za-z0-9]){{11,30}}")
_IBAN_GOES_ON = re.compile("[A-Za-z0-9]")
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d|\.[a-z]+\.)", re.ASCII)
_IN_HOST = re.compile(r"(?<![A-Za-z0-9])(?:ec2|ip)-((?:\d{1,3}-){3}\d{1,3})(?![\w-])")
_IPV6 = re.compile(
    r"(?:(?<![\w:.])|(?<=[^\w:.]:)|(?<=[g-zG-Z]:))(?!:[^:])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{1,4})?(?![\w:]|\.\d)",
    re.ASCII,
)
_NAMED_VERSION = re.compile(
    r"(?:versions?|releases?|released|revision|firmware|sdk|バージョン|[=><~!^]=|§"
    r"|(?<![^\W_])(?:ver\.?|rev|build|up(?:grade|graded|date|dated) to|sections?|chapter|clause|paragraph|article"
    r"|kapitel|abschnitt|capítulo|chapitre|верс[иі][яїию]|версії|versión|versione|versão|versie|раздел|розділ"
    r"|windows|kernel|driver|oid|tag|patch|hotfix))$"
)
_PRODUCT = re.compile(r"[A-Z][A-Za-z]*/$|[A-Za-z_)]-$")
_ADDRESSED = re.compile(
    r"\b(?:ip|ips|addr\w*|address|host\w*|server|client|from|dns|ping|peer|remote|gateway|proxy|subnet)\b.{0,12}$",
    re.IGNORECASE,
)

# ISO 13616: characters of an IBAN by country.
IBAN_LENGTHS: Final = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL FK SD", 19: "MK SI", 20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV", 22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "AO CV GW LY MZ PT ST", 26: "DZ IR IS TR", 27: "BI CF CG CM DJ FR GA GQ GR IT KM MC MG MR SM TD",
        28: "AL AZ BF BJ BY CI CY DO GT HN HU LB MA ML NE NI PL SN SV TG", 29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC",
        32: "LC", 33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip


def cards(text: str) -> Iterator[Found]:
    """14 to 19 digits, grouped as on cards or not at all, that an issuer and the check digit (Luhn) allow."""
    match = _CARD.search(text)
    while match:
        end = match.end() if _is_card_at(match, text) else _before_expiry(match, text)
        if end:
            yield Found(match.start(), end, Kind.CARD, "card number")
            match = _CARD.search(text, match.end())
        else:
            other = _OTHER_NUMBER.match(text, match.start())
            match = _CARD.search(text, other.end() if other else match.end())


def _before_expiry(match: re.Match[str], text: str) -> int:
    """The end of a card number that "01/28" or a short code follows after a blank; 0: there is none."""
    written = _LAST_GROUP.sub("", match[0])
    shorter = _CARD.fullmatch(written) if written != match[0] else None
    return match.start() + len(written) if shorter and _is_card_at(shorter, written) else 0


def _is_card_at(match: re.Match[str], text: str) -> bool:
    groups = _GROUPED.findall(match[0])
    widths = [len(group) for group in groups]
    if match[0].count("\n") > 1 or ("\t" in match[0] and set(widths[:-1]) != {4}):
        return False
    if not (_is_grouped(widths) and is_card("".join(groups))):
        return False
    before = text[max(0, match.start() - 40) : match.start()]
    return len(groups) > 1 or not _NO_CARD.search(before)


def _is_grouped(widths: list[int]) -> bool:
    """Whether cards are written so: in one, in fours with a rest, or as some issuers group them."""
    if len(widths) == 1 or tuple(widths) in _OTHER_WIDTHS:
        return True
    return len(widths) > 2 and set(widths[:-1]) == {4} and widths[-1] <= 4


def is_card(digits: str) -> bool:
    """Whether an issuer has such numbers, and its last digit is right."""
    return (
        len(set(digits)) > 1
        and any(len(digits) in lengths and begins.match(digits) for begins, lengths in _ISSUERS)
        and is_luhn(digits)
    )


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0


def ibans(text: str) -> Iterator[Found]:
    """An IBAN of its country's length whose check digits are right; what follows it is left."""
    for begin in _IBAN_START.finditer(text):
        found = iban_at(text, begin.start())
        if found is not None:
            yield found


def iban_at(text: str, start: int) -> Found | None:
    """The IBAN that begins there, if one does."""
    length = IBAN_LENGTHS.get(text[start : start + 2].upper())
    match = _IBAN.match(text, start) if length else None
    end = _end_of(match, length) if match and length else None
    if end is None or not is_iban(_SEPARATOR.sub("", text[start:end])):
        return None
    return Found(start, end, Kind.IBAN, "IBAN")


def _end_of(match: re.Match[str], length: int) -> int | None:
    """Where the first `length` characters of the match end, its group separators not counted."""
    seen = 0
    for position, character in enumerate(match[0]):
        seen += character.isalnum()
        if seen == length:
            end = match.start() + position + 1
            return None if _IBAN_GOES_ON.match(match.string, end) else end
    return None


def is_iban(compact: str) -> bool:
    """Whether the check digits are right (ISO 7064, modulo 97-10)."""
    turned = (compact[4:] + compact[:4]).upper()
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def addresses(text: str) -> Iterator[Found]:
    """IPv4 and IPv6 addresses; four numbers that are named or written as a version are none."""
    for match in _IPV4.finditer(text):
        if _is_ipv4(match[0], text[max(0, match.start() - 24) : match.start()]):
            yield Found(match.start(), match.end(), Kind.IP, "IP address")
    for match in _IN_HOST.finditer(text):
        if max(map(int, match[1].split("-"))) <= 255:
            yield Found(match.start(1), match.end(1), Kind.IP, "IP address")
    if ":" in text:
        for match in _IPV6.finditer(text):
            if _is_ipv6(match[0]):
                yield Found(match.start(), match.end(), Kind.IP, "IP address")


def _is_ipv4(written: str, before: str) -> bool:
    numbers = [int(part) for part in written.split(".")]
    if max(numbers) > 255 or numbers[0] in (0, 127, 255) or _is_version(before):
        return False
    if any(len(part) > 1 and part[0] == "0" for part in written.split(".")):
        return False
    is_small = numbers[0] < 10 and max(numbers) <= 30 and len(set(numbers)) > 1
    return not is_small or bool(_ADDRESSED.search(before))


def _is_version(before: str) -> bool:
    """Whether what stands before four numbers says that they are a version or a section."""
    if before[-1:] in {"/", "-"}:
        return bool(_PRODUCT.search(before))
    word = before.rstrip(" :v\"'(").lower()
    return bool(_NAMED_VERSION.search(word)) or (
        word.endswith("=") and word.rstrip("=").endswith("version")
    )


def _is_ipv6(written: str) -> bool:
    groups = [part for part in written.split(":") if part]
    if len(groups) < 3 and not re.match(r"fe[89ab]|f[cd]|2[0-9a-f]{3}:|::ffff:", written.lower()):
        return False
    try:
        found = ipaddress.IPv6Address(written)
    except ValueError:
        return False
    return not found.is_unspecified and any(sign.isdigit() for sign in written)
