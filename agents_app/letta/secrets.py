"""Columns of Letta that are never selected, and those that may carry a secret inside and are masked.

`…_enc` columns hold plain text unless the Letta server had LETTA_ENCRYPTION_KEY set, and the plain
columns beside them keep what releases before 0.16.0 wrote: both generations count as secret.
"""

from collections.abc import Mapping
from types import MappingProxyType

# Never granted by the provision script, never mapped by a model, never selected.
SECRETS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "agent_environment_variables": frozenset({"value", "value_enc"}),
        "mcp_oauth": frozenset(
            {
                "access_token",
                "access_token_enc",
                "authorization_code",
                "authorization_code_enc",
                "authorization_url",
                "client_secret",
                "client_secret_enc",
                "refresh_token",
                "refresh_token_enc",
                "state",
            }
        ),
        "mcp_server": frozenset(
            # stdio_config holds the environment and the arguments of the started program.
            {"custom_headers", "custom_headers_enc", "stdio_config", "token", "token_enc"}
        ),
        "providers": frozenset({"access_key", "access_key_enc", "api_key", "api_key_enc"}),
        "sandbox_configs": frozenset({"config"}),
        "sandbox_environment_variables": frozenset({"value", "value_enc"}),
    }
)

# Addresses: shown without user name, password, query and fragment.
MASKED_URLS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "jobs": frozenset({"callback_url"}),
        "mcp_oauth": frozenset({"redirect_uri", "server_url"}),
        "mcp_server": frozenset({"server_url"}),
        "providers": frozenset({"base_url"}),
        "runs": frozenset({"callback_url"}),
        "steps": frozenset({"model_endpoint"}),
    }
)

# Free text and JSON in which people and programs leave keys and personal data: readable by the
# role, shown only to a reader who holds the right for it, with what looks like a key masked.
MASKED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "agents": frozenset({"embedding_config", "llm_config", "metadata_"}),
        "archives": frozenset({"embedding_config", "metadata_"}),
        "block": frozenset({"metadata_"}),
        "block_history": frozenset({"metadata_"}),
        "files": frozenset({"error_message"}),
        "identities": frozenset({"properties"}),
        "jobs": frozenset({"callback_error", "metadata_", "request_config"}),
        "llm_batch_items": frozenset({"batch_request_result", "llm_config", "step_state"}),
        "llm_batch_job": frozenset({"create_batch_response", "latest_polling_response"}),
        "mcp_server": frozenset({"metadata_"}),
        "provider_traces": frozenset({"llm_config", "request_json", "response_json"}),
        "runs": frozenset({"callback_error", "metadata_", "request_config"}),
        "sources": frozenset({"embedding_config", "metadata_"}),
        "steps": frozenset({"error_data"}),
        "tools": frozenset({"metadata_", "source_code"}),
    }
)


def is_secret(table: str, column: str) -> bool:
    """Whether it must never be selected; any `…_enc` column counts, of forks and releases to come too."""
    return column.endswith("_enc") or column in SECRETS.get(table, frozenset())


def is_masked(table: str, column: str) -> bool:
    """Whether it may carry a secret inside and is masked before it is shown."""
    return column in MASKED.get(table, frozenset()) or column in MASKED_URLS.get(table, frozenset())
