"""Memory sections as each release compiles them, for the tests of the parser."""

ARROWS = "# NOTE: Line numbers shown below (with arrows like '1\u2192') are to help during editing. Do NOT include line number prefixes in your memory edit tool calls."
LINES = "# NOTE: Line numbers shown below are to help during editing. Do NOT include line number prefixes in your memory edit tool calls."


def modern(blocks: dict[str, str], *, numbers: str = "", description: str = "d") -> str:
    """0.8.0+; `numbers` "lines" (0.8 to 0.12) or "arrows" (0.13+)."""
    shown = "\n\n".join(
        _block(label, value, numbers, description) for label, value in blocks.items()
    )
    intro = "The following memory blocks are currently engaged in your core memory unit:"
    return f"Be kind.\n\n<memory_blocks>\n{intro}\n\n{shown}\n\n</memory_blocks>\n\n<memory_metadata>\n- x\n</memory_metadata>"


def _block(label: str, value: str, numbers: str, description: str) -> str:
    warning = f"<warning>\n{ARROWS}\n</warning>\n" if numbers == "arrows" else ""
    notice = f"{LINES}\n" if numbers == "lines" else ""
    return (
        f"<{label}>\n<description>\n{description}\n</description>\n<metadata>\n- chars_current={len(value)}\n"
        f"- chars_limit=5000\n</metadata>\n{warning}<value>\n{notice}{_numbered(value, numbers)}</value>\n</{label}>"
    )


def _numbered(value: str, numbers: str) -> str:
    if numbers == "arrows" and not value:
        return ""
    form = {"lines": "Line {}: ", "arrows": "{}\u2192 "}.get(numbers)
    lines = value.split("\n")
    return (
        "\n".join(form.format(number) + line for number, line in enumerate(lines, 1)) + "\n"
        if form
        else f"{value}\n"
    )


def classic(blocks: dict[str, str], *, numbered: bool = False) -> str:
    """Up to 0.7.15, and sleeptime agents to 0.7.29, whose notice has no line end."""
    shown = "\n".join(_old(label, value, numbered=numbered) for label, value in blocks.items())
    head = "### Memory [last modified: now]\n0 previous messages\n\nCore memory shown below (limited in size):"
    return f"Be kind.\n{head}\n{shown}"


def _old(label: str, value: str, *, numbered: bool) -> str:
    text = LINES + _numbered(value, "lines").removesuffix("\n") if numbered else value
    return f'<{label} characters="{len(value)}/2000">\n{text}\n</{label}>'


def between(blocks: dict[str, str]) -> str:
    """0.7.16 to 0.7.29."""
    shown = "\n".join(
        f'<{label}>\n<description>\nd\n</description>\n<metadata>\nread_only="true" chars_current="{len(value)}" '
        f'chars_limit="2000"\n</metadata>\n<value>\n{value}\n</value>\n</{label}>'
        for label, value in blocks.items()
    )
    return f"Be kind.\nCore memory shown below (limited in size):\n{shown}"


def files(blocks: dict[str, str], *, description: str = "d") -> str:
    """Git-backed agents of 0.16.5 and 0.16.6: a tree, then files with front matter."""
    paths = [label.split("/") for label in sorted(blocks)]
    tree = "".join(_branches(paths, ""))
    front = f"---\ndescription: {description}\n---\n" if description else ""
    shown = "".join(
        f"\n\n<{path}.md>\n{front}{value}\n</{path}.md>"
        for path, value in ((_in_system(label), value) for label, value in blocks.items())
    )
    return f"Be kind.\n\n<memory_filesystem>\n{tree}</memory_filesystem>{shown}"


def _in_system(label: str) -> str:
    return label if label.startswith("system/") else f"system/{label}"


def _branches(paths: list[list[str]], prefix: str) -> list[str]:
    folders = sorted({path[0] for path in paths if len(path) > 1})
    leaves = sorted({path[0] for path in paths if len(path) == 1})
    entries = [(name, True) for name in folders] + [(name, False) for name in leaves]
    lines = []
    for number, (name, is_folder) in enumerate(entries, 1):
        last = number == len(entries)
        lines.append(f"{prefix}{'└── ' if last else '├── '}{name}{'/' if is_folder else '.md'}\n")
        if is_folder:
            below = [path[1:] for path in paths if path[0] == name and len(path) > 1]
            lines += _branches(below, prefix + ("    " if last else "│   "))
    return lines


def nested(blocks: dict[str, str], *, description: str = "d") -> str:
    """Git-backed agents from 0.16.7 on: the persona apart, the others in tags of their paths."""
    head = (
        "Be kind.\n\nReminder: <projection> contains the local path of the memory file projection."
    )
    persona = blocks.get("system/persona")
    own = "" if persona is None else (
        f"\n\n<self>\n<projection>$MEMORY_DIR/system/persona.md</projection>\n{persona.rstrip(chr(10))}\n</self>"
    )  # fmt: skip
    others = {label.removeprefix("system/"): value for label, value in blocks.items()
              if label.startswith("system/") and label != "system/persona"}  # fmt: skip
    outside = "<external_projection>\n${MEMORY_DIR}/\n└── x.md\n</external_projection>\n"
    external = outside if any(not label.startswith("system/") for label in blocks) else ""
    tags = "".join(_tags(others, [], description))
    if not others and not external:
        return f"{head}{own}"
    return f"{head}{own}\n\n<memory>\n{tags}{external}</memory>"


def _tags(blocks: dict[str, str], above: list[str], description: str) -> list[str]:
    pad, lines = "  " * len(above), []
    names = sorted({label.split("/")[len(above)] for label in blocks})
    for name in names:
        path = [*above, name]
        here = "/".join(path)
        lines.append(f"{pad}<{name}>\n")
        if here in blocks:
            value = blocks[here].rstrip("\n")
            lines.append(f"{pad}  <projection>$MEMORY_DIR/system/{here}.md</projection>\n")
            lines.append(
                f"{pad}  <description>{description}</description>\n" if description else ""
            )
            lines.append(f"{pad}  {value}\n" if value else "")
        below = {label: value for label, value in blocks.items() if label.startswith(f"{here}/")}
        lines += _tags(below, path, description)
        lines.append(f"{pad}</{name}>\n")
    return lines
