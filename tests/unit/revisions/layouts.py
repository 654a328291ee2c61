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
