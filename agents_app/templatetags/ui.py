"""Tags for the pieces pages are made of; each is shown on the style guide page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.forms import BaseForm, BoundField, CheckboxInput
from django.http import HttpRequest, QueryDict
from django.template import Context, Library, Variable, VariableDoesNotExist
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agents_app.templatetags import inspector
from agents_app.text.marks import name_label, show
from agents_app.ui import doors
from agents_app.ui.links import link

register = Library()

NEARLY_FULL_PERCENT = 90

register.simple_tag(inspector.icon, name="icon")
register.simple_tag(inspector.badge, name="badge")


@register.simple_tag(takes_context=True)
def nav_link(
    context: Context,
    url_name: str,
    label: str,
    *,
    right: str = "",
    go: str = "",
    within: bool = False,
) -> SafeString | str:
    """A menu entry; nothing when the page does not exist or the reader lacks `right`.

    `go` is the key that opens it after `g`. The entry of the page's own feature is current; of a
    feature with several entries (`within`), the one whose address the page lies below.
    """
    href = link(url_name)
    if not href or (right and not _found(context, f"shell.can.{right}")):
        return ""
    current = _current(context.get("request"), url_name, href, within=within)
    return format_html(
        '<li><a href="{}"{}{}>{}</a></li>',
        href,
        format_html(' data-go="{}"', go) if go else "",
        format_html(' aria-current="{}"', current) if current else "",
        label,
    )


def _current(request: HttpRequest | None, url_name: str, href: str, *, within: bool) -> str:
    """The value of aria-current for a link to `href` on the page of `request`."""
    match = getattr(request, "resolver_match", None)
    if request is None or match is None or match.namespace != url_name.partition(":")[0]:
        return ""
    if match.view_name == url_name:
        return "page"
    return "" if within and not request.path.startswith(href) else "true"


@register.inclusion_tag("ui/jump.html", takes_context=True)
def jump_box(context: Context, *, label: str = "Jump", autofocus: bool = False) -> dict[str, Any]:
    """The box that finds any id or name, for those who may search; only the search page repeats what was typed."""
    request: HttpRequest | None = context.get("request")
    match = getattr(request, "resolver_match", None)
    repeats = request is not None and match is not None and match.namespace == "search"
    typed = request.GET.get("q", "") if repeats and request is not None else ""
    return {
        "action": link("search:jump") if _found(context, "shell.can.metadata") else "",
        "value": typed,
        "label": label,
        "autofocus": autofocus,
    }


@register.simple_tag
def crumb(label: Any, url_name: str = "", *arguments: Any) -> SafeString:
    """One step of the breadcrumbs; without a URL it is the page itself. One that is refused is no link."""
    name = format_html('<bdi class="clip">{}</bdi>', name_label(str(label or "")))
    if not url_name:
        return format_html('<li aria-current="page">{}</li>', name)
    if not doors.is_open(url_name):
        return format_html("<li>{}</li>", name)
    return format_html('<li><a href="{}">{}</a></li>', reverse(url_name, args=arguments), name)


@register.simple_tag
def is_open(url_name: str) -> bool:
    """Whether the reader may open such a page, here or with a reason: `{% is_open 'runs:list' as runs %}`."""
    return doors.is_open(url_name)


@register.inclusion_tag("ui/pager.html")
def pager(
    page: Any,
    *,
    target: str = "",
    newer: str = "Newer",
    older: str = "Older",
    newest: str = "Newest",
) -> dict[str, Any]:
    """Links of a keyset page (ui.paging.Page); `target` is the id of the listing's fragment."""
    return {"page": page, "target": target, "newer": newer, "older": older, "newest": newest}


@register.inclusion_tag("ui/empty.html")
def empty(text: str, *, hint: str = "", href: str = "", action: str = "") -> dict[str, str]:
    """An empty state, written as an answer: "No runs in the last 24 hours."."""
    return {"text": text, "hint": hint, "href": href, "action": action}


@register.inclusion_tag("ui/panel_error.html")
def panel_error(error: Any) -> dict[str, Any]:
    """Why a panel has no value; the rest of the page stands."""
    return {"error": error}


@register.inclusion_tag("ui/stat.html")
def stat(
    label: str, value: Any, note: str = "", *, href: str = "", level: str = ""
) -> dict[str, Any]:
    """One tile of `.stats`: a number, what it counts, and since when."""
    return {"label": label, "value": value, "note": note, "href": href, "level": level}


@register.inclusion_tag("ui/meter.html")
def meter(value: Any, limit: Any, unit: str = "characters") -> dict[str, str | float]:
    """A bar of `value` in `limit`; says so when there is no limit or it is exceeded."""
    text = f"{inspector.number(value)} {unit}"
    if not isinstance(limit, int) or limit <= 0 or not isinstance(value, int):
        return {"text": text, "percent": "no limit", "width": 0, "level": ""}
    percent = 100 * value / limit
    level = "danger" if percent > 100 else "warn" if percent >= NEARLY_FULL_PERCENT else ""
    said = "over limit" if percent > 100 else f"{percent:.0f} %"
    text = f"{inspector.number(value)} of {inspector.number(limit)} {unit}"
    return {"text": text, "percent": said, "width": round(min(percent, 100.0), 1), "level": level}


@register.inclusion_tag("ui/code.html")
def code(
    value: Any, label: str = "text", *, limit: int = inspector.SHOWN_CHARACTERS
) -> dict[str, Any]:
    """A block of stored text or JSON with copy and wrap buttons, cut at `limit` characters."""
    return {"text": show(inspector.json_text(value), limit=limit), "label": label}


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A form field: label above, error and help below, tied to the input for screen readers."""
    widget = bound.field.widget
    return {
        "field": bound,
        "check": isinstance(widget, CheckboxInput),
        "wide": "data-wide" in widget.attrs,
    }


@register.inclusion_tag("ui/filters.html", takes_context=True)
def filters(
    context: Context, form: BaseForm, *, target: str = "", keep: str = "", submit: str = "Apply"
) -> dict[str, Any]:
    """The filter bar of a listing; parameters named in `keep` (by spaces) travel along unseen."""
    request: HttpRequest = context["request"]
    kept = [(name, text) for name in keep.split() for text in request.GET.getlist(name)]
    return {
        "form": form,
        "path": request.path,
        "target": target,
        "kept": kept,
        "submit": submit,
        "chips": active(form),
        "reset_url": _without(request, form, dropped=list(form.fields), keep=keep),
    }


@register.inclusion_tag("ui/chips.html", takes_context=True)
def chips(context: Context, form: BaseForm, *, keep: str = "") -> dict[str, Any]:
    """The filters in force, each with a link that removes it; belongs into the results fragment."""
    request: HttpRequest = context["request"]
    found = [
        {
            "label": bound.label,
            "text": text,
            "remove_url": _without(request, form, dropped=[bound.name], keep=keep),
        }
        for bound, text in active(form)
    ]
    return {"chips": found}


def active(form: BaseForm) -> list[tuple[BoundField, str]]:
    """The form's fields that have a valid value, with that value in words."""
    form.is_valid()
    cleaned: Mapping[str, Any] = getattr(form, "cleaned_data", {})
    pairs = [(bound, in_words(bound, cleaned.get(bound.name))) for bound in form.visible_fields()]
    return [(bound, text) for bound, text in pairs if text]


def in_words(bound: BoundField, value: Any) -> str:
    """A cleaned value as its reader chose it; empty when it filters nothing."""
    if value is None or value is False or value == "":
        return ""
    if value is True:
        return "yes"
    if isinstance(value, datetime):
        return inspector.written(value)
    if isinstance(value, slice):
        return f"{value.start or '…'} to {value.stop or '…'}"
    labels = {
        str(key): str(label)
        for key, label in getattr(bound.field, "choices", ())
        if isinstance(label, str)
    }
    chosen: Sequence[Any] = value if isinstance(value, (list, tuple)) else [value]
    return name_label(", ".join(labels.get(str(item), str(item)) for item in chosen))


def _without(request: HttpRequest, form: BaseForm, *, dropped: list[str], keep: str) -> str:
    """The page's address with the form's values but those of `dropped`, and without cursors."""
    query = QueryDict(mutable=True)
    for name, texts in request.GET.lists():
        owner = _owner(form, name)
        if name in keep.split() or (owner and owner not in dropped):
            query.setlist(name, [text for text in texts if text])
    return f"{request.path}?{query.urlencode()}" if query.urlencode() else request.path


def _owner(form: BaseForm, parameter: str) -> str:
    """The field a parameter belongs to; the parts of a range are named `<field>_<part>`."""
    prefixes = [
        name for name in form.fields if parameter == name or parameter.startswith(f"{name}_")
    ]
    return max(prefixes, key=len, default="")


def _found(context: Context, path: str) -> Any:
    try:
        return Variable(path).resolve(context)
    except VariableDoesNotExist:
        return None
