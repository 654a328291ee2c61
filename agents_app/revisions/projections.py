"""Memory in the prompts of git-backed agents (0.16.5+), which say no lengths.

0.16.5 and 0.16.6 show a tree of all files, then each block of system/ as a file with front matter.
Later the persona stands in `<self>`, the others nested in tags of their paths, each with the path
of its file; trailing line ends are cut there. A text is believed only where the frame around it
allows no other reading.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from agents_app.revisions.shown import Memory, Shown

_TREE = re.compile(r"\n\n<memory_filesystem>\n(?P<tree>.*?)</memory_filesystem>", re.DOTALL)
_ENTRY = re.compile(r"(?P<depth>(?:(?:│   |    ))*)[├└]── (?P<name>[^\n]+)")
_FILE = re.compile(r"\n\n<(?P<path>system/[^\n]+?)\.md>\n")
_FRONT = re.compile(r"---\n(?=description: |read_only: true\n)")
_NOTICE: Final = "\n\nReminder: <projection> contains the local path"
_SELF = re.compile(r"\n\n<self>\n<projection>\$MEMORY_DIR/system/persona\.md</projection>\n")
_LEAF = re.compile(r"^ *<projection>\$MEMORY_DIR/system/(?P<path>[^\n]+)\.md</projection>\n", re.MULTILINE)  # fmt: skip
_DESCRIBED = re.compile(r" *<description>.*?</description>\n", re.DOTALL)
_ENDS: Final = ("<external_projection>\n", "</memory>")


def read_projections(prompt: str) -> Memory | None:
    """What the prompt of a git-backed agent shows; None for another prompt."""
    found = list(_TREE.finditer(prompt))
    if found:
        return _files(prompt, found[-1])
    begins = prompt.rfind(_NOTICE)
    return _nested(prompt, begins) if begins >= 0 else None


def _files(prompt: str, tree: re.Match[str]) -> Memory:
    labels = set(_labels(tree["tree"]))
    opened = list(_FILE.finditer(prompt, tree.end()))
    blocks: dict[str, Shown] = {}
    for tag in opened:
        path = tag["path"]
        value = _of_file(prompt, tag)
        bare = path.removeprefix("system/")
        label = bare if path not in labels and bare in labels else path
        if value is not None and [one["path"] for one in opened].count(path) == 1:
            blocks[label] = Shown(label, value, 0)
    return Memory(blocks, whole=len(blocks) == len(opened))


def _of_file(prompt: str, tag: re.Match[str]) -> str | None:
    """The text below the front matter; None where it holds what looks like the frame."""
    end = f"\n</{tag['path']}.md>"
    if prompt.count(end, tag.end() - 1) != 1:
        return None
    text = prompt[tag.end() : prompt.index(end, tag.end() - 1)] + "\n"
    if not _FRONT.match(text):
        return text.removesuffix("\n")
    if text.count("\n---\n") != 1:
        return None
    return text.partition("\n---\n")[2].removesuffix("\n")


def _labels(tree: str) -> Iterator[str]:
    """Paths without their endings, from lines drawn as a tree."""
    path: list[str] = []
    for line in tree.split("\n"):
        entry = _ENTRY.match(line)
        if entry is None:
            continue
        del path[len(entry["depth"]) // 4 :]
        name = entry["name"]
        if name.endswith("/"):
            path.append(name.removesuffix("/"))
        else:
            yield "/".join([*path, name.partition(".md")[0]])


def _nested(prompt: str, begins: int) -> Memory | None:
    blocks: dict[str, Shown] = {}
    own = _SELF.search(prompt, begins)
    if own and prompt.count("\n</self>", own.end() - 1) == 1:
        text = prompt[own.end() : prompt.index("\n</self>", own.end() - 1)]
        blocks["system/persona"] = Shown("system/persona", text, 0, stripped=True)
    begins = prompt.find("\n\n<memory>\n", own.end() if own else begins)
    leaves = list(_LEAF.finditer(prompt, begins)) if begins >= 0 else []
    for leaf, following in pairwise([*leaves, None]):
        shown = _leaf(prompt, leaf, following) if leaf else None
        if shown is not None:
            blocks[shown.label] = shown
    return Memory(blocks, whole=len(blocks) == len(leaves) + bool(own)) if blocks else None


def _leaf(prompt: str, leaf: re.Match[str], following: re.Match[str] | None) -> Shown | None:
    """The text between a path and the tags that lead to the next one."""
    path = leaf["path"].split("/")
    at, pad = leaf.end(), "  " * len(path)
    described = _DESCRIBED.match(prompt, at)
    at = described.end() if described else at
    ends = following.start() if following else _section_end(prompt, at, path)
    tail = _between(path, following["path"].split("/") if following else [])
    if ends is None or not prompt[:ends].endswith(tail) or ends - len(tail) < at:
        return None
    text = prompt[at : ends - len(tail)]
    label = f"system/{leaf['path']}"
    if not text:
        return Shown(label, "", 0, stripped=True)
    if not text.startswith(pad) or not text.endswith("\n"):
        return None
    return Shown(label, text[len(pad) : -1], 0, stripped=True)


def _section_end(prompt: str, at: int, path: list[str]) -> int | None:
    closing = _between(path, [])
    found = [prompt.find(closing + end, at) for end in _ENDS]
    first = min((place for place in found if place >= 0), default=None)
    return None if first is None else first + len(closing)


def _between(path: list[str], following: list[str]) -> str:
    """The lines that close one path and open another."""
    common = 0
    while common < min(len(path), len(following) - 1) and path[common] == following[common]:
        common += 1
    closed = [f"{'  ' * depth}</{path[depth]}>\n" for depth in range(len(path) - 1, common - 1, -1)]
    opened = [f"{'  ' * depth}<{following[depth]}>\n" for depth in range(common, len(following))]
    return "".join([*closed, *opened])
