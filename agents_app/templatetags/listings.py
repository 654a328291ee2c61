"""Tags for what every listing has alike: its head, and around its rows the chips, the frame, the answers when none."""

from typing import Any

from django.forms import BaseForm
from django.template import Context, Library
from django.utils.safestring import SafeString

from agents_app.templatetags.ui import active

register = Library()


@register.inclusion_tag("ui/list_head.html")
def list_head(title: str, said: str, *, actions: str = "") -> dict[str, Any]:
    """The page's head: its title, what the order is, and a template with links to its kin."""
    return {"title": title, "said": said, "actions": actions}


@register.simple_block_tag(takes_context=True)
def listing(
    context: Context,
    content: str,
    page: Any,
    *,
    form: BaseForm,
    label: str,
    none: str,
    none_hint: str = "",
    unmatched: str = "Nothing meets these filters.",
    unmatched_hint: str = "Part of a name, or the beginning of an id, finds a row.",
    show_all: str = "Show all",
    paused: bool = False,
    older: str = "Older",
    newer: str = "Newer",
    newest: str = "Newest",
) -> SafeString:
    """The fragment `results` of a listing; between the tags stand the head and the body of its table.

    Without rows it says `none`, or `unmatched` where filters are in force; `paused` when a search
    without an index stopped before its end. Whoever sees a part of the database is not told what
    the whole of it holds.
    """
    request = context["request"]
    given = {
        "request": request,
        "content": content, "page": page, "form": form, "label": label, "paused": paused,
        "partial": context.get("partial", ""), "narrowed": bool(active(form)),
        "everywhere": (context.get("shell") or {}).get("everywhere", True), "path": request.path,
        "none": none, "none_hint": none_hint,
        "unmatched": unmatched, "unmatched_hint": unmatched_hint, "show_all": show_all,
        "older": older, "newer": newer, "newest": newest,
    }  # fmt: skip
    assert context.template is not None  # noqa: S101  (a tag runs within a template)
    frame = context.template.engine.get_template("ui/listing.html")
    return frame.render(context.new(given))
