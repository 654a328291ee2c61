"""Secrets that only their name tells: what stands behind "password", "API key", "token" in code, data, commands and prose."""

import re
from collections.abc import Iterator
from typing import Final

from agents_app.text.masking.kinds import Found, Kind
from agents_app.text.masking.words import PASSWORDS

FORMAT: Final = "value assigned to a secret's name"
_NO_WORD: Final = 200
_LONG: Final = 590
_SIGN_IN_WORDS: Final = (
    r"password|passwd|passphrase|passcode|requirepass|masterauth|pwd|(?<![^\W_])pw|(?<![^\W_])psk|(?<![^\W_])pass(?=['\"]?\s?[:=])|(?-i:(?<=[a-z])Pass|(?<=[A-Z]_)PASS|(?<=[a-z]_)pass)(?=['\"]?\s{0,4}(?:[:=>]|['\"\n]))|(?:wlan|wi-?fi|wpa2?|netzwerk)[\s-]?(?:schlüssel|key|clave|ключ)"
    rf"|(?:{PASSWORDS})"
)
_KEY_WORDS: Final = (
    r"api[\s_-]?key|apikey|access[\s_-]?key(?:[\s_-]?id)?|private[\s_-]?key|secret[\s_-]?(?:access[\s_-]?)?key|(?:client|app|auth|oauth)[\s_-]?key"
    r"|secret(?:[\s_-]?id)?|tokens?(?=['\"]?\s?[:=]\s?['\"])|token|credentials?|auth[_-]?code|(?<=_)auth(?==)|(?<![^\W_])auth(?=['\"]\s?:)|bearer|webhook[\s_-]?url|session[_-]?id|jsessionid|phpsessid|connect\.sid|sonar\.login|(?<![^\W_])salt"
)
_KEY: Final = r"(?<=[_\- a-z])[Kk]ey|(?<=_)KEY"
_NAME = re.compile(
    rf"(?P<password>(?i:{_SIGN_IN_WORDS}))|(?P<token>(?i:{_KEY_WORDS}))|(?P<key>{_KEY})"
)
_NO_SECRET_BEFORE = re.compile(
    r"(?:public|primary|foreign|sort|partition|cache|unique|idempotency|object|routing|group|natural|dedup\w{0,12}|row|hash|index"
    r"|cancellation|page|next|continuation|tool)[\s_-]?$",
    re.IGNORECASE,
)
_CALL_BEFORE = re.compile(r"\(\s?['\"][\w.-]{0,40}$")
_TAIL: Final = (
    r"(?:[\s_-]?(?:base64|base|value|hash|hex|prod|production|live|test|dev|staging|v?\d{1,4}|id))?"
)
_LAST = re.compile(_TAIL, re.IGNORECASE)
_FOR: Final = r"\s(?:for|of|to|zum|zu|für|vom|von|del|para|de|du|pour|от|до|для|від)\s[\w' -]{1,30}?(?:\s?[:=]\s{1,2}|\s[-–—]\s)"
_FOR_WHAT: Final = r"\s(?:for|of|to|zum|zu|für|vom|von|del|para|de|du|pour|от|до|для|від)\s[\w'-]{1,20}\s(?=\S{0,30}\d)(?=\S{0,30}[!#$%^&*+~])(?=\S{8})"
_IS: Final = r"(?:\s(?:for|of|to|zum|zu|für|vom|von|del|para|de|du|pour|от|для|від)\s[\w' -]{1,30}?)?\s(?:is|to|was|ist|lautet|war|es|est|é|è|şu|on|är|er|jest|je|to|là|adalah|هو|هي|है|це|это|=)\s?:?\s|\s[-–—]\s|\s?(?:は|：|は、|是|是：|는|은)\s?"
_LINK = re.compile(
    rf"(?i:{_TAIL})"
    r"(?:['\"`]?\]?\)?\*{0,2}['\"`]?(?P<typed>\s?:\s?(?:Optional\[|Final\[)?(?:str|string|String|bytes|SecretStr|text|any|Any|Final)[\w\[\]| ]{0,16}(?=\s?=))?\s{0,4}(?P<equal>:=|=>|->|=|:|：)\s{0,4}(?:[|>][-+]?\n\s{0,40}|(?:</?[a-zA-Z]{1,10}>\s?){1,3})?\*{0,2}"  # name = value
    r"|['\"]?(?:\s[\w-]{1,20}=['\"][^'\"<>\n]{0,60}['\"]){0,3}\s?,?\s{0,40}['\"]?(?:value|content|answer|response)['\"]?\s?[:=]\s?"  # name="…" value="…"
    r"|(?P<comma>['\"]\s?,\s?(?=['\"]))"  # define('NAME', 'value')
    r"|['\"]?\)\s+VALUES\s+\("
    r"|['\"]?\s?\{\s{1,12}default\s{0,8}=\s?"
    r"|['\"]?(?:</?[a-zA-Z][^<>\n]{0,60}>|[\s:*`|>]){1,12}(?<=[>|`*:])\s?"  # <b>name</b>: value, | name | value |
    rf"|(?P<prose>{_FOR}|{_IS}|{_FOR_WHAT}|\s{{1,3}}(?=['\"\S])))"
)
_QUOTED = re.compile(
    r"(?P<quote>['\"]{2}(?=[^'\"\s])|['\"`„“”«»「])(?P<value>[^'\"`\n“”«»」]{1,600}?)['\"`“”«»」]"
)
_OPENING: Final = ("'", '"', "`", "„", "“", "«", "「")
_BARE = re.compile(r"[^\s'\"`<>|«»“”「」]{3,600}")
_REST = re.compile(r"[^\s'\"`<>|«»“”「」]*+")
_ENDS_WITH: Final = ".,;:)]}。、，；）"
_EMPTY = re.compile(
    r"[*•.xX#_-]+|null|none|nil|true|false|undefined|strings?|str|int|bool|optional|required|changed?|redacted|masked|hidden|filtered|unset|empty|password|secret|token"
    r"|example|your[\w-]*|bearer|basic|public|private|disabled|enabled|unknown|forgotten|expired|invalid|missing|wrong|default",
    re.IGNORECASE,
)
_MEANS_SOMETHING = re.compile(
    r"[<\[{(‹$%@]|\$\{|os\.|process\.|env\b|ENV\b|getenv|self\.|this\.|settings\.|config\.|secrets?\.|request\.|https?:|--[a-z]|(?:var|local|data|module|each|node|props|args|opts|options|params|cfg|conf)\.[a-z]|(?:\.{0,2}/[a-z_.-]+)+(?:/|$|[.\d])|[\w.]+[(\[]|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|\d{4}-\d\d-\d\d"
)
_SENTENCE = re.compile(
    r"\b(?:a|an|the|is|are|was|be|must|not|no|to|of|at|in|for|your|you|this|that|should|with|have|has|and|or|field|der|die|das|ist|nicht|muss|le|la|el|es|no)\b",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[!@#$%^&*+~?=]")
_TELLING: Final = 120
_DIGIT, _LETTER = re.compile("[0-9]"), re.compile(r"[^\W\d_]")
_MIXED_RUN = re.compile("(?:[0-9]+[A-Za-z]|[A-Za-z]+[0-9])[A-Za-z0-9]*")
_CONSONANTS = re.compile("[bcdfghjklmnpqrstvwxz]{4}", re.IGNORECASE)
_TURNS = re.compile("[a-z](?=[A-Z])|[A-Z](?=[A-Z][a-z])")
_CASES = re.compile(r"(?=[^A-Z]{0,20}[A-Z])(?=[^a-z]{0,20}[a-z])[A-Za-z0-9+/=_]+$")
_COMMON = re.compile(
    r"qwert[yz]\w{0,6}|letmein|iloveyou|welcome|dragon|monkey|sunshine|princess|football|baseball|master|shadow|superman|batman|trustno|toor|admin|root|asdf\w{0,6}|geheim|parola?|hunter",
    re.IGNORECASE,
)
_UUID = re.compile(r"(?:[A-Za-z]{2,10}[-_])?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NAMED_ID = re.compile(
    r"(?:session|conversation|thread|request)[-_][0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_HASH = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})")


def named_secrets(text: str) -> Iterator[Found]:
    """Values behind a secret's name that are written as passwords and keys are, not as words, types or places."""
    done = 0
    for name in _NAME.finditer(text):
        if name.start() < done or _NO_SECRET_BEFORE.search(
            text, max(0, name.start() - 16), name.start()
        ):
            continue
        link = _LINK.match(text, name.end())
        span = _value(text, link.end()) if link else None
        if link is None or span is None:
            continue
        if link["comma"] and not _CALL_BEFORE.search(text, max(0, name.start() - 48), name.start()):
            continue
        start, end, is_quoted = span
        if link["comma"] and _NAME.search(text, start, end):
            continue
        is_sure = is_quoted or (link["equal"] == "=" and not link["typed"] and " " not in link[0])
        if _is_secret(
            text[start:end], str(name.lastgroup), is_sure=is_sure, is_prose=bool(link["prose"])
        ):
            done = _whole(text, start, end)
            yield Found(start, done, Kind.SECRET, FORMAT)
        elif end - start > _NO_WORD:
            done = end


def _value(text: str, at: int) -> tuple[int, int, bool] | None:
    """Where it stands and whether in quotes; of a quote that nothing closes, what stands there without a blank."""
    quoted = _QUOTED.match(text, at)
    if quoted:
        return quoted.start("value"), quoted.end("value"), True
    bare = _BARE.match(text, at + text.startswith(_OPENING, at))
    if bare is None:
        return None
    at, end = bare.span()
    while end > at and text[end - 1] in _ENDS_WITH:
        end -= 1
    cut = min(
        (
            p
            for p in (text.find(";", at, end), text.find("&", at, end), text.find(",", at, end))
            if p > at + 3
        ),
        default=end,
    )
    return at, cut, False


def _whole(text: str, start: int, end: int) -> int:
    """The end of a secret of which the rules looked at the beginning only."""
    rest = _REST.match(text, end) if end - start >= _LONG else None
    return rest.end() if rest else end


def _is_secret(value: str, name: str, *, is_sure: bool, is_prose: bool) -> bool:
    if len(value) < 4 or _EMPTY.fullmatch(value):
        return False
    if name == "password":
        if not value.isascii() and (is_prose or not _DIGIT.search(value)):
            return False  # words of a language, not what somebody types
        return _is_password(value, is_sure=is_sure, is_prose=is_prose)
    return is_random(value, strict=name == "key")


def _is_password(value: str, *, is_sure: bool, is_prose: bool) -> bool:
    if _MEANS_SOMETHING.match(value):
        return len(value) >= 8 and value.isascii() and has_mixture(value) and value[0] in "@$%(["
    has_digit = bool(_DIGIT.search(value))
    if is_prose:
        is_mixed = has_digit and _LETTER.search(value)
        is_chain = value.count("-") > 1 and len(value) >= 12
        if value.isdecimal():
            return len(value) > 4
        return len(value) >= 6 and bool(
            is_drawn_letters(value) or is_mixed or _SIGNS.search(value[:-1]) or is_chain
        )
    if has_digit or _SIGNS.search(value) or _COMMON.fullmatch(value) or is_drawn_letters(value):
        return True
    if " " in value:
        return is_sure and _is_phrase(value)
    return (is_sure and len(value) >= 6) or (value.count("-") > 1 and len(value) >= 12)


def _is_phrase(value: str) -> bool:
    """Four or more words that make no sentence."""
    words = value.split(" ")
    return len(words) > 3 and all(map(str.isalpha, words)) and not _SENTENCE.search(value)


def is_random(value: str, *, strict: bool = False) -> bool:
    """Whether it is drawn and not written: letters and digits mixed, long, without a meaning of its own."""
    if len(value) < (20 if strict else 10) or " " in value or _MEANS_SOMETHING.match(value):
        return False
    if _NAMED_ID.fullmatch(value):
        return False
    if _UUID.fullmatch(value) or _HASH.fullmatch(value):
        return not strict or not _UUID.fullmatch(value)
    if strict and len(_DIGIT.findall(value[:_TELLING])) < 3:
        return bool(_DIGIT.search(value)) and is_drawn_letters(value)
    if not strict and len(value) >= 12 and is_drawn_letters(value):
        return True
    is_long = not strict and len(value) >= 32 and bool(_CASES.match(value))
    return is_long or has_mixture(value)


def is_drawn_letters(value: str) -> bool:
    """Letters whose case changes as no word's does, with consonants as no word has them."""
    if len(value) < 8 or "." in value:
        return False
    return bool(_CONSONANTS.search(value)) and len(_TURNS.findall(value)) > 1


def has_mixture(value: str) -> bool:
    """Digits and letters in one run, as drawn characters have and words have not; its beginning tells."""
    value = value[:_TELLING]
    digits = len(_DIGIT.findall(value))
    if not digits or len(_LETTER.findall(value)) < 3:
        return False
    mixed = sum(map(len, _MIXED_RUN.findall(value)))
    if mixed >= 8 and 2 * mixed >= len(value):
        return digits > 1 or len(value) > 15
    return len(value) >= 16 and value != value.lower() and value != value.upper() and digits > 1


HEADED: Final = re.compile(
    r"pass|pwd|secret|token|key|kennwort|contrase|парол|phone|mobil|cell|handy|tel|тел|fax|電話|携帯",
    re.IGNORECASE,
)


def names_secret(heading: str, *, following: str = "") -> str:
    """Which kind of secret a column's heading, or a key that `following` parts from its value, names."""
    end = len(heading)
    names = _NAME.finditer(heading + following)
    found = [name for name in names if _LAST.fullmatch(heading, min(name.end(), end))]
    if not found or _NO_SECRET_BEFORE.search(heading, 0, found[-1].start()):
        return ""
    return str(found[-1].lastgroup)


def value_in_column(value: str, name: str) -> bool:
    """Whether a cell holds a secret and no word: invisible characters in it make no difference."""
    return _is_secret(
        "".join(c for c in value if c.isprintable()), name, is_sure=True, is_prose=False
    )
