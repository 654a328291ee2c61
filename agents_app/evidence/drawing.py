"""The HTML files of a bundle: each holds its own style, runs nothing, loads nothing, and prints well."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape

STYLE = Path(__file__).with_name("bundle.css")


@cache
def _head() -> tuple[str, str]:
    """The style, and the policy that lets nothing but this very style have an effect."""
    style = STYLE.read_text()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        style,
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )


def page(title: str, template: str, context: Mapping[str, Any]) -> bytes:
    """A whole HTML file; `template` draws what stands in its body. Times are UTC."""
    style, policy = _head()
    with timezone.override(timezone.get_fixed_timezone(0)):
        body = render_to_string(template, dict(context))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    ).encode("utf-8", "replace")
