"""Whether a page is free of anything that stored text could have made run, load or lead away."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

LINKS = {"href", "src", "action", "formaction", "poster", "data", "srcset", "hx-get", "hx-post"}
RUNNING = {"iframe", "object", "embed", "base", "applet", "style", "frame", "portal"}


class _Findings(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        ours = (given.get("src") or "").startswith("/static/") or given.get(
            "type"
        ) == "application/json"
        if tag in RUNNING or (tag == "script" and not ours):
            self.found.append(f"<{tag}> {attrs}")
        if tag == "meta" and (given.get("http-equiv") or "").lower() == "refresh":
            self.found.append(f"<meta> {attrs}")
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc", "xlink:href"}:
                self.found.append(f"<{tag} {name}={value!r}>")
            if name in LINKS and leads_away(value or ""):
                self.found.append(f"<{tag} {name}={value!r}>")


def leads_away(address: str) -> bool:
    """Whether it is anything but an address on this console."""
    place = urlsplit("".join(address.split()))
    return bool(place.scheme or place.netloc) and place.netloc != "testserver"


def findings(html: str) -> list[str]:
    """Elements and attributes that no page of ours has by itself."""
    parser = _Findings()
    parser.feed(html)
    parser.close()
    return parser.found
