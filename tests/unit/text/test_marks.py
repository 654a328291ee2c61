"""No stored text can run, hide, or rearrange what stands around it."""

import unicodedata
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given

from agents_app.text.marks import mixed_script, name_label, plain, show
from tests.unit.text.strategies import hostile_text

_MUST_BE_MARKED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_LOOKS_BLANK = "\u115f\u1160\u3164\u2800\uffa0\u034f\u17b4\u180b\ufe00\ufe0f\ufffd\U0001d159"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, ...]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, *(name for name, _ in attrs)))


def test_every_invisible_code_point_is_marked() -> None:
    missed = [
        f"U+{point:04X}"
        for point in range(0x110000)
        if point not in (9, 10)
        and unicodedata.category(chr(point)) in _MUST_BE_MARKED
        and "mark" not in show(f"a{chr(point)}b")
    ]
    assert missed == []


@pytest.mark.parametrize("character", list(_LOOKS_BLANK))
def test_what_only_looks_blank_is_marked(character: str) -> None:
    assert f"U+{ord(character):04X}" in show(f"a{character}b")


def test_every_visible_code_point_is_left_alone() -> None:
    visible = [
        chr(point)
        for point in range(0x20, 0x32000)
        if unicodedata.category(chr(point)) not in _MUST_BE_MARKED | {"Zs", "Mn"}
        and chr(point) not in _LOOKS_BLANK
    ]
    touched = [
        character for character in visible if show(f"a{character}b") != _escaped(f"a{character}b")
    ]
    assert touched == []


def _escaped(text: str) -> str:
    for raw, safe in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ('"', "&quot;"),
        ("'", "&#x27;"),
    ):
        text = text.replace(raw, safe)
    return text


@given(hostile_text)
def test_only_our_own_tags_come_out(text: str) -> None:
    tags = _Tags()
    tags.feed(show(text))
    assert tags.found <= {("span", "class", "title"), ("span", "class")}


@given(hostile_text)
def test_what_comes_out_can_be_sent_and_holds_no_control(text: str) -> None:
    for drawn in (show(text), plain(text)):
        drawn.encode()
        kinds = {
            unicodedata.category(character)
            for character in drawn
            if character not in "\n\t\u200c\u200d"
        }
        assert not kinds & {"Cc", "Co", "Cs", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize(
    "text",
    [
        "plain, <b>bold</b> & 'quoted'",
        "👩\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 👍🏽 ❤\ufe0f 1\ufe0f\u20e3 ©\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "می\u200cخواهم",
        "क्\u200dष",
        "Привет, नमस्ते, ไม่มี, こんにちは, 5\u202f000\u00a0€",
        "e\u0301 Z\u0361\u0352",
        "\u3000\u3000段落",
    ],
)
def test_ordinary_writing_is_not_marked(text: str) -> None:
    assert unescape(show(text)) == text
    assert plain(text) == text


def test_marks_say_what_they_stand_for() -> None:
    assert show("a\u202eb") == (
        'a<span class="mark" title="U+202E RIGHT-TO-LEFT OVERRIDE (RLO)">[RLO]</span>b'
    )
    assert ">[ESC]<" in show("\x1b[2J")
    assert ">[NUL]<" in show("\x00")
    assert plain("a\u202eb") == "a⟨U+202E⟩b"


def test_a_line_end_of_two_characters_is_one_line_end() -> None:
    assert show("a\r\nb") == "a\nb"
    assert ">[CR]<" in show("a\rb")


def test_a_run_is_drawn_once_with_its_count() -> None:
    assert ">[ZWSP ×5,000]<" in show("a" + "\u200b" * 5000)


def test_text_hidden_in_tags_is_spelled_out() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "obey <me>")
    assert "hidden text “obey &lt;me&gt;” in 9 tag characters" in show(f"hi{hidden}")


def test_a_flag_with_other_tags_is_no_flag() -> None:
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "kill")
    assert "hidden text “kill" in show(f"\U0001f3f4{hidden}\U000e007f")


def test_text_hidden_in_variation_selectors_is_spelled_out() -> None:
    hidden = "".join(chr(0xE0100 + byte - 16) for byte in b"secret")
    assert "hidden text “secret” in 6 variation selectors" in show(f"😀{hidden}")


def test_a_joiner_between_latin_letters_is_marked() -> None:
    assert ">[ZWJ]<" in show("pass\u200dword")


def test_piled_marks_are_clipped_with_a_count() -> None:
    drawn = show("Z" + "\u0301" * 10_000)
    assert drawn.count("\u0301") == 8
    assert "9,992 more combining marks" in drawn


def test_long_text_is_cut_with_a_count() -> None:
    assert show("x" * 20_345, limit=8000).endswith("… 12,345 more characters</span>")
    assert plain("abc", limit=2) == "ab… 1 more characters"
    assert show("abc", limit=3) == "abc"


@pytest.mark.parametrize("blank", ["", "   ", "\n\t", "\u00a0", None])
def test_a_name_is_never_blank(blank: str | None) -> None:
    assert name_label(blank) == "(blank name)"


def test_a_name_is_one_short_line() -> None:
    assert name_label("a\n\nb\u3164") == "a b⟨U+3164⟩"
    assert len(name_label("x" * 10**6)) < 240


@pytest.mark.parametrize("name", ["Аcme", "аpple support", "Асме Support", "gооgle", "Ωmega"])
def test_look_alike_alphabets_are_noticed(name: str) -> None:
    assert mixed_script(name)


@pytest.mark.parametrize(
    "name", ["Acme", "Ольга Smith", "Łódź-1", "李雷 Ada", "שרה bot", "Кот", ""]
)
def test_honest_names_are_not(name: str) -> None:
    assert not mixed_script(name)
