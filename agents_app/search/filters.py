"""The one field of the jump box."""

import re

from django import forms

LONGEST = 200
_ID_IN_ADDRESS = re.compile(
    r"\b[a-z]+(?:[_-][a-z]+)*-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
)


class JumpForm(forms.Form):
    """What was typed or pasted, up to 200 characters; an address is searched for the id inside it."""

    q = forms.CharField(required=False, max_length=2_000, strip=True)

    def text(self) -> str:
        """Empty when nothing usable was typed."""
        self.is_valid()
        typed = " ".join(str(self.cleaned_data.get("q", "")).split())
        if "/" in typed and (found := _ID_IN_ADDRESS.findall(typed)):
            return str(found[-1])
        return typed[:LONGEST]
