"""Form widgets that cost little: a page's filters may offer hundreds of options."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from agents_app.text.marks import name_label
from agents_app.text.masking import policy

_OPTION = '<option value="{}">{}</option>'
_CHOSEN = '<option value="{}" selected>{}</option>'


class QuickSelect(forms.Select):
    """A select without option groups, written in one go: Django renders a template for each option.

    An option whose very value is masked is not offered.
    """

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        chosen = "" if value is None else str(value)
        options = [
            format_html(_CHOSEN if str(key) == chosen else _OPTION, key, name_label(str(label)))
            for key, label in self.choices
            if str(key) == chosen or policy.shown(str(key)) == str(key)
        ]
        attributes = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return format_html(
            "<select{}>{}</select>",
            flatatt(attributes),
            format_html_join("", "{}", ((one,) for one in options)),
        )
