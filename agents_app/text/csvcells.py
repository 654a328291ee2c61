"""Cells of a CSV file that no spreadsheet takes for a formula."""

import re
from decimal import Decimal
from typing import Final

from agents_app.text.jsontext import clean

# What a spreadsheet may take for the beginning of a formula or a command, also after blanks,
# quotes and characters that draw nothing, and in the full-width forms it may convert.
_RISKY: Final = re.compile(
    "[\\s\"'`\\x00-\\x1f\\x7f-\\xa0\\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*"
    "[=+\\-@|%\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b]"
)
_CONTROLS: Final = {point: f"⟨U+{point:04X}⟩" for point in range(32) if point not in (9, 10, 13)}


def inert(value: object) -> str:
    """The text of a cell; write it with `csv.QUOTE_ALL`, so that no locale splits it elsewhere.

    Numbers stay numbers. Text that might be a formula gets an apostrophe in front, text that
    begins with a tab or line end too; control characters are spelled out.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if not isinstance(value, str):
        value = value.isoformat() if hasattr(value, "isoformat") else str(value)
    text = clean(value)
    risky = text[:1] in ("\t", "\r", "\n", "\x00") or _RISKY.match(text)
    spelled = text.translate(_CONTROLS)
    return f"'{spelled}" if risky else spelled


def _number(value: float | Decimal) -> str:
    if isinstance(value, int) and value.bit_length() > 8192:
        return hex(value)
    return str(value)
