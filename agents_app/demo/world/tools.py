"""The tools agents can call: Letta's own, the shop's custom ones, and those of an MCP server."""

from datetime import datetime
from random import Random
from typing import Any

from agents_app.demo.world.era import Era
from agents_app.demo.world.people import Organization
from agents_app.demo.world.rows import Ids, Sink, dumps, stamps

# name: (tool_type, first described release, what it does, arguments)
_TOOLS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "send_message": ("letta_core", "0.6.54", "Sends a message to the human user.", ("message",)),
    "conversation_search": ("letta_core", "0.6.54", "Search prior conversation history.", ("query",)),
    "archival_memory_insert": ("letta_core", "0.6.54", "Add to archival memory.", ("content",)),
    "archival_memory_search": ("letta_core", "0.6.54", "Search archival memory.", ("query",)),
    "core_memory_append": ("letta_memory_core", "0.6.54", "Append to the contents of core memory.",
                           ("label", "content")),
    "core_memory_replace": ("letta_memory_core", "0.6.54", "Replace the contents of core memory.",
                            ("label", "old_content", "new_content")),
    "memory": ("letta_memory_core", "0.13.0", "Memory management tool with sub-commands.",
               ("command", "path")),
    "memory_apply_patch": ("letta_memory_core", "0.16.8", "Apply a unified-diff style patch.",
                           ("label", "patch")),
    "memory_insert": ("letta_sleeptime_core", "0.6.54", "Insert text into a memory block.",
                      ("label", "new_string", "insert_line")),
    "memory_replace": ("letta_sleeptime_core", "0.6.54", "Replace text in a memory block.",
                       ("label", "old_string", "new_string")),
    "memory_rethink": ("letta_sleeptime_core", "0.6.54", "Rewrite a memory block.",
                       ("label", "new_memory")),
    "memory_finish_edits": ("letta_sleeptime_core", "0.6.54", "Call when memory is up to date.", ()),
    "send_message_to_agent_async": ("letta_multi_agent_core", "0.6.54",
                                    "Send a message to another agent.", ("message", "other_agent_id")),
    "open_files": ("letta_files_core", "0.8.17", "Open files and load their content.", ("file_requests",)),
    "semantic_search_files": ("letta_files_core", "0.8.17", "Search file contents by meaning.", ("query",)),
    "web_search": ("letta_builtin", "0.8.17", "Search the web.", ("query",)),
    "lookup_order": ("custom", "0.6.54", "State, carrier and items of an order.", ("order_id",)),
    "check_stock": ("custom", "0.6.54", "Pieces in stock by product and size.", ("product", "size")),
    "start_exchange": ("custom", "0.6.54", "Open an exchange and send the label.",
                       ("order_id", "size", "email")),
    "issue_refund": ("custom", "0.6.54", "Pay money back to the customer.", ("order_id", "amount")),
    "change_address": ("custom", "0.6.54", "Change the delivery address.", ("order_id", "address")),
    "send_invoice": ("custom", "0.6.54", "Send the invoice of an order by e-mail.", ("order_id", "email")),
    "export_orders": ("custom", "0.6.54", "Export all orders as text.", ("since",)),
    "carrier_status": ("external_mcp", "0.6.54", "State of a parcel at the carrier.", ("tracking",)),
    "catalogue_search": ("external_mcp", "0.6.54", "Search the product catalogue.", ("query",)),
}  # fmt: skip

_SOURCE = '''def {name}({signature}):
    """{summary}

    Args:
{arguments}
    """
    from shop_backend import call
    return call("{name}"{passed})
'''


class Toolbox:
    """The tools of each organization by name."""

    def __init__(self, era: Era) -> None:
        self.era = era
        self._ids: dict[tuple[str, str], str] = {}
        self._schemas: dict[str, dict[str, Any]] = {}

    def id(self, organization: Organization, name: str) -> str | None:
        """None for a tool the release does not have."""
        return self._ids.get((organization.id, name))

    def names(self) -> list[str]:
        return [name for name, tool in _TOOLS.items() if self.era.since(tool[1])]

    def schema(self, name: str) -> dict[str, Any]:
        if name not in self._schemas:
            self._schemas[name] = _schema(name, self.era)
        return self._schemas[name]

    def create(self, rng: Random, sink: Sink, organization: Organization, *, at: datetime) -> None:
        """Insert every tool of the release for one organization."""
        ids = Ids(rng)
        for name in self.names():
            kind = _TOOLS[name][0]
            tool_id = ids.new("tool")
            self._ids[organization.id, name] = tool_id
            sink.add(
                "tools",
                {
                    "id": tool_id,
                    "name": name,
                    "description": _TOOLS[name][2],
                    "source_type": "json" if kind == "external_mcp" else "python",
                    "source_code": _source(name) if kind == "custom" else None,
                    "json_schema": dumps(self.schema(name)),
                    "tags": dumps(["mcp:parcel-desk"] if kind == "external_mcp" else []),
                    "return_char_limit": 6_000 if name == "export_orders" else 50_000,
                    "tool_type": kind,
                    "metadata_": dumps({}),
                    "organization_id": organization.id,
                    "default_requires_approval": name == "issue_refund" or None,
                    "enable_parallel_execution": name in ("lookup_order", "check_stock"),
                }
                | stamps(at, user=organization.backend),
            )


def _schema(name: str, era: Era) -> dict[str, Any]:
    kind, _, summary, arguments = _TOOLS[name]
    if kind == "letta_sleeptime_core" and not era.since("0.16.8"):
        arguments = tuple(argument.replace("_string", "_str") for argument in arguments)
    properties = {
        argument: {"type": "string", "description": f"The {argument.replace('_', ' ')}."}
        for argument in arguments
    }
    parameters = {"type": "object", "properties": properties, "required": list(arguments)}
    return {"name": name, "description": summary, "parameters": parameters}


def _source(name: str) -> str:
    arguments = _TOOLS[name][3]
    return _SOURCE.format(
        name=name,
        signature=", ".join(f"{argument}: str" for argument in arguments),
        summary=_TOOLS[name][2],
        arguments="\n".join(f"        {a} (str): The {a.replace('_', ' ')}." for a in arguments),
        passed="".join(f", {argument}={argument}" for argument in arguments),
    )
