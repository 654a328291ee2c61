"""Markdown on request, as harmless HTML: no links, no images, no raw HTML, no attributes."""

from functools import cache
from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe  # noqa: TID251 - the one place that may
from markdown_it import MarkdownIt

from agents_app.text.marks import plain

MAX_BYTES: Final = 8 * 1024

# Links and definitions stay visible as source, and an entity cannot smuggle in a character
# that the marks would have shown.
_LEFT_AS_SOURCE: Final = ["image", "link", "autolink", "linkify", "html_block", "html_inline"]
_ALSO_LEFT_AS_SOURCE: Final = ["reference", "entity"]
_INLINE: Final = {"br", "em", "strong", "s", "code"}
_BLOCKS: Final = {"p", "hr", "pre", "blockquote", "ul", "ol", "li"}
_HEADINGS: Final = {"h1", "h2", "h3", "h4", "h5", "h6"}
_TABLES: Final = {"table", "thead", "tbody", "tr", "th", "td"}


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})
    return parser.disable(_LEFT_AS_SOURCE + _ALSO_LEFT_AS_SOURCE)


def render(text: str) -> SafeString | None:
    """HTML for `text`, or None when it is over 8 KB and has to stay plain.

    The cap is what bounds the time: the parser is quadratic on some inputs.
    """
    drawn = plain(text)
    if len(drawn) > MAX_BYTES or len(drawn.encode()) > MAX_BYTES:
        return None
    html = nh3.clean(
        _parser().render(drawn),
        tags=_INLINE | _BLOCKS | _HEADINGS | _TABLES,
        attributes={},
        link_rel=None,
        url_schemes=set(),
    )
    # nh3 has just reduced it to tags without attributes.
    return mark_safe(html)
