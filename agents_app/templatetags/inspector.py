"""Filters that turn Letta's values into what a reader sees; none of them fails on a strange value."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.template import Library
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents_app.text import marks, times
from agents_app.text.masking import policy, trees
from agents_app.text.times import BeyondCalendar

register = Library()

NOTHING = "–"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ABBREVIATIONS = {"llm", "api", "id", "mcp", "url"}
SHOWN_CHARACTERS = 65_536
LONGEST_ID = 60
LETTA_ID = re.compile(
    r"([a-z_]{2,20}-[0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)

# Statuses of runs, jobs, steps, files and tool returns, and stop reasons (lower case), by level.
LEVELS = {
    "ok": "success ok completed end_turn tool_rule approved authorized resumed",
    "info": "running created pending parsing embedding paused",
    "warn": "requires_approval max_steps max_tokens_exceeded no_tool_call expired",
    "danger": "failed error denied llm_api_error invalid_llm_response invalid_tool_call "
    "insufficient_credits context_window_overflow_in_system_prompt",
}
LEVEL_OF = {word: level for level, words in LEVELS.items() for word in words.split()}

Moment = datetime | BeyondCalendar | None


def icon(name: str) -> SafeString:
    """An icon of the sprite, hidden from screen readers: the text beside it says the same."""
    sprite = static("img/icons.svg")
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name
    )


@register.filter
def when(moment: Moment, style: str = "minute") -> SafeString | str:
    """`20 Nov 2026, 19:47` in the reader's zone; `style` is minute, second, time, date or day.

    A value without a zone is UTC, as Letta stores it. The title has the exact UTC time.
    """
    if not isinstance(moment, datetime):
        return _not_a_time(moment)
    return _time(moment, written(moment, style))


@register.filter
def ago(moment: Moment) -> SafeString | str:
    """`12 minutes ago`, with the exact UTC time in the title."""
    if not isinstance(moment, datetime):
        return _not_a_time(moment)
    return _time(moment, times.ago(moment, datetime.now(UTC)))


@register.filter
def filesize(size_bytes: Any) -> str:
    """`1.4 MB`; a KB has 1,024 bytes."""
    size = _as_number(size_bytes)
    return _unchanged(size_bytes) if size is None else times.size_bytes(round(size))


@register.filter
def duration_ms(milliseconds: Any) -> str:
    """`850 ms`, `2.4 s`, `3 min 4 s`."""
    span_ms = _as_number(milliseconds)
    return _unchanged(milliseconds) if span_ms is None else times.duration_ms(span_ms)


@register.filter
def duration_ns(nanoseconds: Any) -> str:
    """As `duration_ms`, from nanoseconds (Letta's `*_ns` columns)."""
    span_ns = _as_number(nanoseconds)
    return _unchanged(nanoseconds) if span_ns is None else times.duration_ms(span_ns / 1_000_000)


_PLURALS = frozenset({"alarms", "events", "prices"})


@register.filter
def counted(count: int, kind: str) -> str:
    """ "1 message", "80 identities": how many objects of a kind, as the trail names kinds."""
    if count == 1 or kind in _PLURALS:
        return f"{number(count)} {kind}"
    stem, ending = (
        (kind[:-1], "ies") if kind.endswith("y") else (kind, "es" if kind[-1:] == "s" else "s")
    )
    return f"{number(count)} {stem}{ending}"


@register.filter
def number(value: Any) -> str:
    """Thousands parted by commas; digits are never rounded away from a whole number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return _unchanged(value)
    try:
        return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"
    except ValueError:  # more digits than Python converts (sys.set_int_max_str_digits)
        return f"a number of about {int(value.bit_length() * 0.30103):,} digits"  # type: ignore[union-attr]


@register.filter
def percent_of(value: Any, limit: Any) -> str:
    """`value` as a share of `limit`, whole percent; – when either is missing or the limit is not positive."""
    part, whole = _as_number(value), _as_number(limit)
    if part is None or not whole or whole < 0:
        return NOTHING
    return f"{100 * part / whole:,.0f} %"


@register.filter
def shown(value: Any, limit: int | None = None) -> SafeString:
    """Any stored text as inert HTML: escaped, invisible characters marked, cut with a note at `limit`.

    Objects and arrays are written as JSON.
    """
    if isinstance(value, dict | list):
        value = json_text(value)
    return marks.show("" if value is None else str(value), limit=limit)


@register.filter
def under(value: Any, name: Any) -> Any:
    """A value as the reader may see it beneath its name: `{{ value|under:key|shown:400 }}`."""
    return trees.shown(value, str(name))


@register.filter
def named(name: Any) -> SafeString:
    """A name of Letta's on one line, never blank; says when it mixes look-alike alphabets."""
    text = "" if name is None else str(name)
    label = format_html("<bdi>{}</bdi>", marks.name_label(text))
    if not marks.mixed_script(text):
        return label
    return format_html("{} {}", label, badge("look-alike letters", "warn"))


@register.filter
def is_unmasked(text: Any) -> bool:
    """Whether the reader may see all of it, so that it may stand in an address, too."""
    return policy.shown(str(text)) == str(text)


@register.filter
def own_name(name: Any) -> SafeString:
    """A name of one of the console's own people, which is never masked: it may be an address."""
    with policy.using(policy.UNMASKED):
        return named(name)


@register.filter
def plain_label(value: Any) -> str:
    """`requires_approval` as `Requires approval`, `llm_api_error` as `LLM API error`."""
    words = [
        word.upper() if word in ABBREVIATIONS else word
        for word in policy.shown(str(value or "")).split("_")
        if word
    ]
    label = " ".join(words)
    return label[:1].upper() + label[1:] if label else NOTHING


@register.filter
def pretty_json(value: Any, limit: int = SHOWN_CHARACTERS) -> SafeString:
    """Indented JSON as inert HTML; a text is taken as it stands."""
    return marks.show(json_text(value), limit=limit)


def json_text(value: Any) -> str:
    """Indented JSON in its own script, masked leaf by leaf, or why it cannot be written."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(trees.shown(value), indent=2, ensure_ascii=False, default=str)
    except (RecursionError, ValueError, TypeError) as error:
        return f"(cannot be written as JSON: {error})"


@register.filter
def status_badge(status: Any) -> SafeString | str:
    """A badge for any status or stop reason Letta stores; an unknown one is neutral."""
    if status is None or status == "":
        return NOTHING
    return badge(
        marks.plain(plain_label(str(status).lower()), limit=LONGEST_ID),
        LEVEL_OF.get(str(status).lower(), "quiet"),
    )


def badge(text: Any, level: str = "quiet") -> SafeString:
    """A small label; `level` is ok, info, warn, danger, accent or quiet."""
    if isinstance(text, str) and not isinstance(text, SafeString):
        text = policy.shown(text)
    return format_html('<span class="badge" data-level="{}">{}</span>', level, text)


@register.filter
def short_id(identifier: Any, href: str = "") -> SafeString | str:
    """`agent-1a2b3c4d…` with the whole id in its title and a copy button; a link when `href` is given."""
    if identifier is None or identifier == "":
        return NOTHING
    whole = str(identifier)
    match = LETTA_ID.fullmatch(whole)
    text = f"{match[1]}…" if match else marks.show(whole, limit=LONGEST_ID)
    tag = '<a href="{1}" title="{2}">{0}</a>' if href else '<span title="{2}">{0}</span>'
    return format_html(
        '<span class="id">{}<button type="button" class="copy" data-copy="{}" aria-label="Copy the id">'
        "{}</button></span>",
        format_html(tag, text, href, marks.plain(whole, limit=LONGEST_ID)),
        policy.shown(whole),
        icon("copy"),
    )


@register.filter
def model_handle(config: Any) -> str:
    """`provider/model` of an `llm_config` or `embedding_config`, from its handle or its parts."""
    if not isinstance(config, Mapping):
        return _unchanged(config)
    model = config.get("handle") or config.get("model") or config.get("embedding_model")
    provider = (
        config.get("provider_name")
        or config.get("model_endpoint_type")
        or config.get("embedding_endpoint_type")
    )
    if not model:
        return NOTHING
    return marks.name_label(
        str(model) if "/" in str(model) or not provider else f"{provider}/{model}"
    )


def written(moment: datetime, style: str = "minute") -> str:
    """The words of `when`, without their element."""
    local = _local(moment)
    if style == "time":
        return f"{local:%H:%M}"
    if style == "day":
        return f"{local:%A} {local.day} {local:%B} {local.year}"
    date = f"{local.day} {MONTHS[local.month - 1]} {local.year}"
    if style == "date":
        return date
    return f"{date}, {local:%H:%M:%S}" if style == "second" else f"{date}, {local:%H:%M}"


def _not_a_time(moment: Any) -> SafeString | str:
    if moment is None or moment == "":
        return NOTHING
    text = marks.show(str(moment), limit=LONGEST_ID)
    return format_html(
        '<span class="badge" data-level="warn" title="Beyond the calendar of this program">{}</span>',
        text,
    )


def _time(moment: datetime, text: str) -> SafeString:
    exact = _aware(moment).astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    title = exact.replace("T", " ")
    return format_html('<time datetime="{}Z" title="{} UTC">{}</time>', exact, title, text)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _local(moment: datetime) -> datetime:
    try:
        return _aware(moment).astimezone(timezone.get_current_timezone())
    except (OverflowError, ValueError):  # the zone would push it out of the years 1 to 9999
        return _aware(moment)


def _as_number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if abs(found) < 1e300 and found == found else None


def _unchanged(value: Any) -> str:
    return NOTHING if value is None or value == "" else marks.plain(str(value), limit=LONGEST_ID)
