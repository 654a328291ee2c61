"""memory_apply_patch: hunks on one block, or (0.16.4+) operations on several."""

from dataclasses import dataclass, field

from agents_app.revisions.replay.numbering import refused
from agents_app.revisions.replay.outcome import (
    Arguments,
    Outcome,
    Release,
    ambiguous,
    expanded,
    failed,
    result,
    text,
)

Hunk = tuple[str, ...]
_HEADERS = ("*** Add Block: ", "*** Delete Block: ", "*** Update Block: ", "*** Move to: ")
_IGNORED = ("*** ", "---", "+++")


@dataclass(slots=True)
class Operation:
    """One header of an extended patch with the lines below it; `to` is the new label of a move."""

    kind: str
    label: str
    lines: list[str] = field(default_factory=list)
    to: str | None = None


def lines_of(patch: str) -> list[str]:
    """Letta takes a carriage return in a patch for the end of a line, too."""
    return expanded(patch).splitlines()


def is_extended(patch: str) -> bool:
    return any(line.startswith(_HEADERS) for line in patch.splitlines())


def operations(patch: str) -> list[Operation]:
    """In the order in which they are written."""
    found: list[Operation] = []
    for line in lines_of(patch):
        header = next((header for header in _HEADERS if line.startswith(header)), None)
        rest = line[len(header) :].strip() if header else ""
        if header == _HEADERS[3]:
            if found:
                found[-1].to = rest
        elif header:
            found.append(Operation(header[4:].split()[0].lower(), rest))
        elif found:
            found[-1].lines.append(line)
    return found


def added_text(lines: list[str]) -> str:
    """What an Add operation stores."""
    return "\n".join(line[1:] for line in lines if line.startswith("+")).rstrip("\n")


def hunks(lines: list[str]) -> list[Hunk]:
    """Kept lines begin with a blank, `-` or `+`; an empty line is an empty context line."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("@@"):
            found.append([])
        elif not line.startswith(_IGNORED) and (not line or line[0] in " -+"):
            found[-1].append(line or " ")
    return [tuple(hunk) for hunk in found if hunk]


def patched(value: str, found: list[Hunk]) -> Outcome:
    """Each hunk's context and removed lines must stand exactly once, as whole lines."""
    lines = expanded(value).split("\n")
    for hunk in found:
        expected = [line[1:] for line in hunk if line[0] != "+"]
        replacement = [line[1:] for line in hunk if line[0] != "-"]
        if not expected:
            lines += replacement
            continue
        places = _runs(lines, expected)
        if len(places) != 1:
            return failed(f"the hunk's lines occur {len(places)} times")
        lines[places[0] : places[0] + len(expected)] = replacement
    return result("\n".join(lines)) if found else failed("no hunk")


def unpatched(value: str, found: list[Hunk]) -> Outcome:
    """Undone from the last hunk to the first; lines that a hunk only removed may have stood anywhere."""
    lines = value.split("\n")
    for hunk in reversed(found):
        expected = [line[1:] for line in hunk if line[0] != "+"]
        replacement = [line[1:] for line in hunk if line[0] != "-"]
        if not replacement:
            return ambiguous("where the lines were cut out is not stored")
        ends = [len(lines) - len(replacement)] if lines[-len(replacement) :] == replacement else []
        places = _runs(lines, replacement) if expected else ends
        if not places:
            return failed("the hunk's lines do not stand there")
        if len(places) > 1:
            return ambiguous("the hunk's lines stand in several places")
        lines[places[0] : places[0] + len(replacement)] = expected
    before = "\n".join(lines)
    fits = bool(lines) and patched(before, found).value == value
    return result(before) if fits else ambiguous("the hunks overlap")


def _runs(lines: list[str], wanted: list[str]) -> list[int]:
    size = len(wanted)
    first = wanted[0]
    return [
        at
        for at in range(len(lines) - size + 1)
        if lines[at] == first and lines[at : at + size] == wanted
    ]


def refuses(arguments: Arguments, release: Release) -> bool:
    patch = text(arguments, "patch")
    return patch is None or refused(patch, release)
