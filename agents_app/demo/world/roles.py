"""The parts in the cast: models, base prompts, tool sets, and the words of the first blocks."""

from dataclasses import dataclass

from agents_app.demo.world.traces import Model

_OPENAI = "https://api.openai.com/v1"
CHAT = Model("gpt-4o-mini", "openai", _OPENAI, 128_000)
RESPONSES = Model("gpt-5-mini", "openai", _OPENAI, 272_000)
CLAUDE = Model("claude-sonnet-4-5-20250929", "anthropic", "https://api.anthropic.com/v1", 200_000)
GEMINI = Model(
    "gemini-2.5-flash", "google_ai", "https://generativelanguage.googleapis.com", 1_048_576
)
EARLY = Model("gpt-4o-mini", "openai", _OPENAI, 32_000)

EMBEDDING = {
    "embedding_endpoint_type": "openai",
    "embedding_endpoint": _OPENAI,
    "embedding_model": "text-embedding-3-small",
    "embedding_dim": 1536,
    "embedding_chunk_size": 300,
    "handle": "openai/text-embedding-3-small",
    "batch_size": 32,
    "azure_endpoint": None,
    "azure_version": None,
    "azure_deployment": None,
}

BASE = """<base_instructions>
You are {name}, a support agent of {shop}.
You answer customers in their own language, briefly and concretely: what happened, what happens next, and when.
Look at the order before you answer. Never promise a date the carrier has not confirmed.
<memory>
Your memory consists of memory blocks that are always in view, and of an archive that you search with tools.
Keep what customers tell you about themselves in the right block, and correct what is out of date.
</memory>
Base instructions complete.
</base_instructions>"""
SLEEP = """<base_instructions>
You are {name}, the memory keeper of another agent of {shop}. You read what was said and keep the shared blocks short,
true and free of repetition. You never write to customers.
</base_instructions>"""

SHOP_TOOLS = (
    "conversation_search",
    "archival_memory_insert",
    "archival_memory_search",
    "lookup_order",
    "check_stock",
    "start_exchange",
    "issue_refund",
    "change_address",
    "send_invoice",
    "export_orders",
    "carrier_status",
    "catalogue_search",
)
MEMORY_TOOLS = {
    "memgpt_agent": ("core_memory_append", "core_memory_replace"),
    "memgpt_v2_agent": ("memory_replace", "memory_insert"),
    "letta_v1_agent": ("memory_replace", "memory_insert", "memory", "memory_apply_patch"),
    "sleeptime_agent": ("memory_replace", "memory_insert", "memory_rethink", "memory_finish_edits"),
    "voice_sleeptime_agent": ("memory_insert", "memory_rethink", "memory_finish_edits"),
}


@dataclass(frozen=True, slots=True)
class Role:
    """A part in the cast: wanted type (later releases), model, and what it is there to show."""

    key: str
    name: str
    type: str
    model: Model
    description: str
    tags: tuple[str, ...] = ()


ROLES = (
    Role("desk", "Care Desk", "letta_v1_agent", CHAT, "First contact for all customers.",
         ("team:care", "origin:shop")),
    Role("returns", "Returns Desk", "letta_v1_agent", CLAUDE, "Exchanges and refunds.",
         ("team:care", "needs-approval")),
    Role("advice", "Advice Desk", "letta_v1_agent", RESPONSES, "Helps to choose.", ("team:advice",)),
    Role("advice-sleep", "Advice Desk-sleeptime", "sleeptime_agent", RESPONSES,
         "Keeps the memory of the Advice Desk."),
    Role("workshop", "Workshop Desk", "letta_v1_agent", GEMINI, "Repairs and warranty.",
         ("team:workshop",)),
    Role("classic", "Old Faithful", "memgpt_agent", CHAT, "The first agent, still in service.",
         ("team:care", "legacy")),
    Role("vip", "VIP Desk", "memgpt_v2_agent", CLAUDE, "Customers of the gold tier.", ("team:vip",)),
    Role("night", "Night Desk", "memgpt_v2_agent", CHAT, "Answers between 20:00 and 08:00."),
    Role("voice", "Hotline", "voice_convo_agent", CHAT, "Speaks on the phone.", ("channel:phone",)),
    Role("voice-sleep", "Hotline-sleeptime", "voice_sleeptime_agent", CHAT,
         "Takes notes for the Hotline."),
    Role("workflow", "Stock Reporter", "workflow_agent", CHAT, "Nightly report.", ("job:nightly",)),
    Role("react", "Carrier Watcher", "react_agent", CHAT, "Watches the carriers."),
    Role("subagent", "Exchange Counter", "letta_v1_agent", CHAT, "Counts for other agents.",
         ("role:subagent",)),
)  # fmt: skip

POLICIES = """Refunds up to 150 euros: the agent decides. Above: a team lead approves.
Returns are free for 60 days.
Never ask for card numbers; the last four digits are enough.
Escalate when someone mentions an injury, a lawyer or the press.
Opening hours of the shop in Bergen: 10 to 18, Saturday 10 to 16."""
PERSONA = "I am {name}. I am friendly, exact and brief. I like mountains and dry socks."
DESCRIPTIONS = {
    "human": "The human block: Stores key details about the person you are conversing with, "
    "allowing for more personalized and friend-like conversation.",
    "persona": "The persona block: Stores details about your current persona, guiding how you "
    "behave and respond.",
    "shop_policies": "What the shop allows. Read-only; the policy team keeps it.",
    "team_notes": "Notes that all desks share.",
    "vip_watchlist": "Open promises to VIP customers.",
    "open_repairs": "What stands in the workshop now.",
    "memory_persona": "How the memory keeper works.",
}

PERSONAL_TYPES = ("letta_v1_agent", "letta_v1_agent", "memgpt_v2_agent", "memgpt_agent")
PERSONAL_MODELS = (CHAT, CHAT, RESPONSES, CLAUDE, CHAT, GEMINI, CHAT)
