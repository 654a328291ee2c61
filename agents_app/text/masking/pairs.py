"""Values in JSON that stands in a text, told by their names: "phone": 301…, {"key": "password", "value": …}."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from agents_app.text.masking.kinds import Found, Kind
from agents_app.text.masking.names import tells, whole

_AROUND: Final = 300
_VALUE: Final = (
    r"(?:\"(?P<text>[^\"\\\n]{1,300})\"|(?P<number>-?\d{4,20})(?:\.0)?(?=\s*[,}\]]|\s*$))"
)
_PHONE = re.compile(
    r"[\"'](?P<name>[^\"'\\\n]{1,60})[\"']\s?:\s?(?P<quote>[\"']?)(?P<value>[+(\d][\d ()./+-]{4,30}\d)(?P=quote)(?=\s*[,}\]]|\s*$)"
)
_HELD = re.compile(rf"\"(?:value|default)\"\s{{0,4}}:\s{{0,4}}{_VALUE}")
_LIST = re.compile(r"\"(?P<name>[^\"\\\n]{1,60})\": \[(?P<items>[^\[\]{}]{1,2000})")
_ITEM = re.compile(r"(?<![^\s\",])(?P<item>[^\s\",]{4,300})(?=[\s\",]|$)")
_NAME_LENGTH: Final = 90
_ABOVE = re.compile(r"\"(?P<name>[^\"\\\n]{1,80})\"\s{0,4}:\s{0,4}$")
_NAME = re.compile(r"\"(?:key|name|type)\"\s{0,4}:\s{0,4}\"(?P<name>[^\"\\\n]{1,80})\"")


def pairs(text: str, kinds: Collection[Kind]) -> Iterator[Found]:
    """What `names.whole` says of them; linear, as a name is looked for close to its value only."""
    if Kind.PHONE in kinds:
        for pair in _PHONE.finditer(text):
            if found := whole(pair["name"], pair["value"], {Kind.PHONE}):
                yield Found(pair.start("value"), pair.end("value"), *found)
    yield from _listed(text, kinds)
    if '"value"' in text or '"default"' in text:
        yield from _held(text, kinds)


def _held(text: str, kinds: Collection[Kind]) -> Iterator[Found]:
    for held in _HELD.finditer(text):
        group = "text" if held["text"] is not None else "number"
        begin = text.rfind("{", max(0, held.start() - _AROUND), held.start())
        end = text.find("}", held.end(), held.end() + _AROUND)
        end = end if end >= 0 else min(len(text), held.end() + _AROUND)
        if begin < 0:
            continue
        above = _ABOVE.search(text, max(0, begin - _NAME_LENGTH), begin)
        for name in (*_NAME.finditer(text, begin, end), *([above] if above else ())):
            if found := whole(name["name"], held[group], kinds, always=False):
                yield Found(held.start(group), held.end(group), *found)


def _listed(text: str, kinds: Collection[Kind]) -> Iterator[Found]:
    for listed in _LIST.finditer(text) if '": [' in text else ():
        if not tells(listed["name"]):
            continue
        for one in _ITEM.finditer(text, listed.start("items"), listed.end("items")):
            if found := whole(listed["name"], one["item"], kinds, always=False):
                yield Found(one.start("item"), one.end("item"), *found)
