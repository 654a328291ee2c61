"""Any stored string as inert text: what cannot be seen is drawn as a labelled mark.

Left unmarked, because they belong to well-formed writing:
- variation selectors and zero-width joiners inside emoji, keycaps, the three flags made of tags;
- one zero-width joiner or non-joiner between letters of scripts that need it (Arabic, Syriac,
  Indic, Tibetan, Burmese, Khmer, Mongolian);
- CR before LF, and up to eight combining marks in a row;
- single no-break and typographic spaces, and up to two ideographic ones.

What the reader may not see is masked first, by the policy in force (`masking.policy`).
"""

import re
from functools import lru_cache
from typing import Final, Protocol

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe  # noqa: TID251 - the one place that may

from agents_app.text import codepoints
from agents_app.text.masking import policy

LONG_RUN: Final = 4
MAX_PIECES_IN_A_RUN: Final = 40
MANY_CHARACTERS: Final = 5000
MAX_HIDDEN_SHOWN: Final = 500
MAX_NAME: Final = 200

_MASKED_PIECE: Final = r'<span class="masked"><span class="visually-hidden">masked </span>\1</span>'
_PATTERNS = codepoints.patterns()
_PIECE = re.compile(
    "[\U000e0000-\U000e007f]+|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}|(.)\\1*",
    re.DOTALL,
)
_ASCII_HARMLESS = b"\n\t" + bytes(range(0x20, 0x7F))
_EMOJI = re.compile(f"[{codepoints.EMOJI}]")
_JOINING = re.compile(f"[{codepoints.JOINING_SCRIPTS}]")
_FLAG_TAGS = tuple(
    "".join(chr(0xE0000 + ord(letter)) for letter in code) + "\U000e007f"
    for code in ("gbeng", "gbsct", "gbwls")
)


class _Pen(Protocol):
    """How a mark looks in one kind of output."""

    def __hash__(self) -> int: ...
    def mark(self, character: str, count: int) -> str: ...
    def note(self, words: str, *, title: str) -> str: ...


class _HtmlPen:
    def mark(self, character: str, count: int) -> str:
        if count == 1:
            return _html_mark(character)
        title = codepoints.title(character)
        return f'<span class="mark" title="{title}">[{_times(character, count)}]</span>'

    def note(self, words: str, *, title: str) -> str:
        return f'<span class="mark mark--warn" title="{escape(title)}">[{escape(words)}]</span>'


class _TerseHtmlPen(_HtmlPen):
    """Without names, for a text of thousands of different marks."""

    def mark(self, character: str, count: int) -> str:
        return f'<span class="mark">[{_times(character, count)}]</span>'


class _PlainPen:
    def mark(self, character: str, count: int) -> str:
        times = f" ×{count:,}" if count > 1 else ""
        return f"⟨U+{ord(character):04X}{times}⟩"

    def note(self, words: str, *, title: str) -> str:
        return f"⟨{words}⟩"


def _times(character: str, count: int) -> str:
    label = codepoints.label(character)
    return f"{label} ×{count:,}" if count > 1 else label


@lru_cache(maxsize=8192)
def _html_mark(character: str) -> str:
    # Unicode names and our labels hold nothing that HTML would read.
    title = codepoints.title(character)
    return f'<span class="mark" title="{title}">[{codepoints.label(character)}]</span>'


_HTML: Final[_Pen] = _HtmlPen()
_TERSE: Final[_Pen] = _TerseHtmlPen()
_PLAIN: Final[_Pen] = _PlainPen()


def show(text: str, *, limit: int | None = None) -> SafeString:
    """Inert HTML for `text`: escaped, marks drawn, cut after `limit` characters with a count.

    The result is inline content without a box: put it in `<bdi dir="auto">`, in an element that
    keeps white space. Linear in the length of `text`.
    """
    shown, left = policy.beginning(text, limit)
    html: str = escape(shown)
    if _suspicious(shown):
        html = _draw(html, _TERSE if len(set(shown)) > MANY_CHARACTERS else _HTML)
    if "‹" in shown and policy.masks():
        html = policy.MARK.sub(_MASKED_PIECE, html)
    if left:
        html += f'<span class="mark mark--cut">… {left:,} more characters</span>'
    # Escaped above; this is the door that all stored text takes.
    return mark_safe(html)


def plain(text: str, *, limit: int | None = None) -> str:
    """`text` for attributes, titles and cells: marks as ⟨U+202E⟩; not escaped."""
    shown, left = policy.beginning(text, limit)
    drawn = _draw(shown, _PLAIN) if _suspicious(shown) else shown
    return f"{drawn}… {left:,} more characters" if left else drawn


def name_label(text: str | None) -> str:
    """A name on one line that is never blank, at most about 200 characters; not escaped."""
    words = " ".join(plain(text or "", limit=MAX_NAME).split())
    return words or "(blank name)"


def mixed_script(text: str) -> bool:
    """Whether a name mixes look-alike alphabets: in one word, or with a word made of twins.

    Latin, Greek, Cyrillic, Armenian, Cherokee and Coptic are compared; names that write whole
    words in different scripts (Ольга Smith) are not mixed unless a word could pass as Latin.
    """
    words = [codepoints.alphabets(word) for word in re.findall(r"[^\W\d_]+", text[:MAX_NAME])]
    if any(len(word.scripts) > 1 for word in words):
        return True
    latin = any("LATIN" in word.scripts for word in words)
    return latin and any(word.passes_as_latin for word in words)


def _suspicious(text: str) -> bool:
    """Whether `text` needs a closer look; quick, and never wrong when it says no."""
    if text.isascii():
        return bool(text.encode().translate(None, _ASCII_HARMLESS))
    if not text.replace("\n", "").replace("\t", "").isprintable():
        return True
    if _is_latin1(text) or not _PATTERNS.hints.search(text):
        return False
    return bool(_PATTERNS.runs.search(text) or _PATTERNS.piles.search(text))


def _is_latin1(text: str) -> bool:
    """Whether all is below U+0100, where what draws nothing is not printable either; quick."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _draw(text: str, pen: _Pen) -> str:
    """`text` with marks; what is inserted holds no character that would be marked again."""
    piles = _PATTERNS.rare_piles if _PATTERNS.rare.search(text) else _PATTERNS.piles
    clipped = piles.sub(lambda pile: _draw_pile(pile[0], pen), text)
    return _PATTERNS.runs.sub(lambda run: _draw_match(run, pen), clipped)


def _draw_match(match: re.Match[str], pen: _Pen) -> str:
    run, start, end, text = match[0], match.start(), match.end(), match.string
    before = text[start - 1] if start else ""
    after = text[end] if end < len(text) else ""
    draw = _draw_around if len(run) > LONG_RUN else _draw_short
    return draw(run, before, after, pen)


def _draw_around(run: str, before: str, after: str, pen: _Pen) -> str:
    """`run` drawn, its rare but innocent characters left alone."""
    if _PATTERNS.marked.fullmatch(run):
        return _draw_run(run, before, after, pen)
    drawn = _PATTERNS.marked.sub(lambda part: _draw_part(part, pen), before + run + after)
    return drawn[len(before) : len(drawn) - len(after)]


_draw_short = lru_cache(maxsize=16_384)(_draw_around)


def _draw_part(part: re.Match[str], pen: _Pen) -> str:
    text, start, end = part.string, part.start(), part.end()
    return _draw_run(part[0], text[start - 1 : start], text[end : end + 1], pen)


def _draw_run(run: str, before: str, after: str, pen: _Pen) -> str:
    kept = _well_formed(run, before, after)
    if kept == len(run):
        return "" if run == "\r" else run
    if len(run) == 1:
        return pen.mark(run, 1)
    return run[:kept] + _draw_pieces(run[kept:], pen)


def _well_formed(run: str, before: str, after: str) -> int:
    """How many characters at the start of `run` belong to ordinary writing."""
    if run == "\r" and after == "\n":
        return 1
    if codepoints.is_ordinary_space(run):
        return len(run)
    if run in "\u200c\u200d" and _JOINING.match(before) and _JOINING.match(after):
        return 1
    if before in "#*0123456789" and before:
        return 1 if run[0] == "\ufe0f" and len(run) == 1 and after == "\u20e3" else 0
    return _well_formed_emoji(run, after) if _EMOJI.match(before) else 0


def _well_formed_emoji(run: str, after: str) -> int:
    for tags in _FLAG_TAGS:
        if run.startswith(tags):
            return len(tags)
    kept = 1 if run[0] in "\ufe0e\ufe0f" and run[1:2] in ("", "\u200d") else 0
    if run[kept:] == "\u200d" and _EMOJI.match(after):
        return len(run)
    return kept


def _draw_pieces(run: str, pen: _Pen) -> str:
    drawn: list[str] = []
    for piece in _PIECE.finditer(run):
        if len(drawn) == MAX_PIECES_IN_A_RUN:
            left = len(run) - piece.start()
            title = "Characters that draw nothing, one after another"
            drawn.append(pen.note(f"{left:,} more invisible characters", title=title))
            break
        drawn.append(_draw_piece(piece[0], pen))
    return "".join(drawn)


def _draw_piece(piece: str, pen: _Pen) -> str:
    first, start = piece[0], piece[: MAX_HIDDEN_SHOWN + 1]
    if "\U000e0000" <= first <= "\U000e007f":
        return _draw_hidden(codepoints.tag_text(start), len(piece), "tag characters", pen)
    if len(piece) > 1 and codepoints.is_variation_selector(first):
        words = codepoints.selector_text(start)
        return _draw_hidden(words, len(piece), "variation selectors", pen)
    return pen.mark(first, len(piece))


def _draw_hidden(hidden: str, count: int, kind: str, pen: _Pen) -> str:
    """A warning that spells out text hidden in characters which draw nothing."""
    words = plain(hidden[:MAX_HIDDEN_SHOWN]) + ("…" if len(hidden) > MAX_HIDDEN_SHOWN else "")
    title = f"Text hidden in {kind}; it draws nothing, but a program reads it"
    return pen.note(f"hidden text “{words}” in {count:,} {kind}", title=title)


def _draw_pile(pile: str, pen: _Pen) -> str:
    left = len(pile) - codepoints.MAX_COMBINING
    title = "Marks piled on one letter; the first eight are drawn"
    return pile[: codepoints.MAX_COMBINING] + pen.note(
        f"{left:,} more combining marks", title=title
    )
