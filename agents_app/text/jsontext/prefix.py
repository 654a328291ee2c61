"""JSON texts of which only the first characters were fetched."""

import re

from agents_app.text.jsontext.parsing import CUT_OFF, Parsed, parse

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
        (?P<open>[\[{]) | (?P<close>[\]}]) | (?P<comma>,) | (?P<colon>:)
        | "(?P<body>[^"\\]*(?:\\(?:u[0-9a-fA-F]{4}|[^u])[^"\\]*)*)(?P<end>"?)
        | (?P<scalar>[^\s,:\[\]{}"]+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_PARTIAL_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_HALF_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u[dD][89abAB][0-9a-fA-F]{2}\Z")


class _Prefix:
    """Reads a JSON text up to where it ends; `keep` is the end of its last whole piece."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.keep = 0
        self.closers: list[str] = []
        self.expects_key = False

    def completed(self) -> str | None:
        """The text shortened to what is whole, and closed; None when it is no JSON text."""
        position = 0
        while token := _TOKEN.match(self.text, position):
            position = token.end()
            if token.lastgroup == "end":
                if not token["end"]:
                    return self.cut_string(position)
            elif not self.step(token):
                return None
            if self.ends_piece(token):
                self.keep = position
        return self.closed(self.text[: self.keep]) if self.keep else None

    def step(self, token: re.Match[str]) -> bool:
        """Follow brackets, commas and colons; False where a bracket closes what is not open."""
        opened, closed = token["open"], token["close"]
        if opened:
            self.closers.append("]" if opened == "[" else "}")
        elif closed and (not self.closers or self.closers.pop() != closed):
            return False
        if token.lastgroup != "scalar":
            self.expects_key = opened == "{" or bool(token["comma"] and self.closers[-1:] == ["}"])
        return True

    def ends_piece(self, token: re.Match[str]) -> bool:
        if token.lastgroup in ("end", "scalar"):
            unfinished = token.lastgroup == "scalar" and token.end() == len(self.text)
            return not self.expects_key and not unfinished
        return token.lastgroup in ("open", "close")

    def cut_string(self, position: int) -> str | None:
        """Close a value that the cut has split; drop a key, and half an escape at the end."""
        if position < len(self.text) and not _PARTIAL_ESCAPE.match(self.text, position):
            return None
        if self.expects_key:
            return self.closed(self.text[: self.keep])
        return self.closed(_HALF_PAIR.sub(r"\1", self.text[:position]) + '"')

    def closed(self, text: str) -> str:
        return text + "".join(reversed(self.closers))


def repair(prefix: str) -> Parsed:
    """The value of a JSON text of which only the first characters are there.

    Open strings, arrays and objects are closed where the text ends; a half-written key, escape,
    number or word is left out, for it cannot be told from its beginning.
    """
    completed = _Prefix(prefix).completed()
    found = parse(completed) if completed is not None else parse(prefix)
    if not found.usable:
        return Parsed(None, prefix, f"{CUT_OFF}; {found.problem}", usable=False)
    problem = CUT_OFF if found.problem is None else f"{CUT_OFF}; {found.problem}"
    return Parsed(found.value, prefix, problem)
