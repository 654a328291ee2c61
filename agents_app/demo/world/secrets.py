"""Providers, MCP servers, sandboxes and variables, each with an obviously false secret.

Every secret contains `demo-secret`, so that a test can search all a console shows for it.
"""

from datetime import datetime

from agents_app.demo.world.people import Organization
from agents_app.demo.world.rows import dumps, stamps
from agents_app.demo.world.stage import Agent, Stage

CANARY = "demo-secret"


def keep_secrets(stage: Stage, organization: Organization, agent: Agent, *, at: datetime) -> None:
    """One row with secrets in each table that can hold them."""
    common = {"organization_id": organization.id} | stamps(at, user=organization.backend)
    _provider(stage, common)
    _mcp(stage, organization, common)
    _sandbox(stage, common)
    stage.sink.add(
        "agent_environment_variables",
        common
        | _both(stage, "value", "agent-env-crm-token")
        | {
            "id": stage.ids.new("agent-env"),
            "key": "CRM_TOKEN",
            "agent_id": agent.id,
            "description": "Token of the customer database",
        },
    )


def _both(stage: Stage, column: str, name: str) -> dict[str, str]:
    """The plain column up to 0.15, the `_enc` one (plaintext without a key) from 0.12 on."""
    secret = f"{CANARY}-{name}"
    plain = "" if stage.era.since("0.16.8") else secret
    return {column: plain, f"{column}_enc": secret}


def _provider(stage: Stage, common: dict[str, object]) -> None:
    key = stage.ids.new("provider")
    stage.sink.add(
        "providers",
        common
        | _both(stage, "api_key", "sk-provider-api-key")
        | _both(stage, "access_key", "access")
        | {
            "id": key,
            "name": "shop-openai",
            "provider_type": "openai",
            "provider_category": "byok",
            "base_url": "https://api.openai.com/v1",
            "last_synced": common["created_at"],
        },
    )
    for name, kind in (("gpt-4o-mini", "llm"), ("text-embedding-3-small", "embedding")):
        stage.sink.add(
            "provider_models",
            common
            | {
                "id": stage.ids.new("model"),
                "handle": f"shop-openai/{name}",
                "name": name,
                "display_name": name,
                "provider_id": key,
                "model_type": kind,
                "enabled": True,
                "model_endpoint_type": "openai",
                "max_context_window": 128_000,
                "supports_token_streaming": True,
                "supports_tool_calling": kind == "llm",
                "embedding_dim": 1536 if kind == "embedding" else None,
            },
        )


def _mcp(stage: Stage, organization: Organization, common: dict[str, object]) -> None:
    key = stage.ids.new("mcp_server")
    headers = dumps({"X-Api-Key": f"{CANARY}-mcp-header"})
    stage.sink.add(
        "mcp_server",
        common
        | _both(stage, "token", "mcp-token")
        | {
            "id": key,
            "server_name": "parcel-desk",
            "server_type": "streamable_http",
            "server_url": "https://mcp.parcels.example/mcp",
            "stdio_config": "null",
            "metadata_": dumps({}),
            "custom_headers_enc": headers,
            "custom_headers": "null" if stage.era.since("0.16.8") else headers,
        },
    )
    for name in ("carrier_status", "catalogue_search"):
        tool_id = stage.toolbox.id(organization, name)
        stage.sink.add(
            "mcp_tools",
            common
            | {"id": stage.ids.new("mcp-tool-mapping"), "mcp_server_id": key, "tool_id": tool_id},
        )
    oauth = {
        "id": stage.ids.uuid(),
        "state": f"{CANARY}-state",
        "server_id": key,
        "server_url": "https://mcp.parcels.example/mcp",
        "server_name": "parcel-desk",
        "authorization_url": f"https://auth.parcels.example/?state={CANARY}-url",
        "client_id": "letta",
        "redirect_uri": "http://localhost/callback",
        "token_type": "Bearer",
        "scope": "read",
        "status": "authorized",
        "user_id": organization.backend,
    }
    for column in ("access_token", "refresh_token", "client_secret", "authorization_code"):
        oauth |= _both(stage, column, f"oauth-{column.replace('_', '-')}")
    stage.sink.add("mcp_oauth", common | oauth)


def _sandbox(stage: Stage, common: dict[str, object]) -> None:
    key = stage.ids.new("sandbox")
    config = {
        "sandbox_dir": "/sandbox",
        "use_venv": True,
        "env": {"KEY": f"{CANARY}-sandbox-config"},
    }
    stage.sink.add(
        "sandbox_configs", common | {"id": key, "type": "LOCAL", "config": dumps(config)}
    )
    stage.sink.add(
        "sandbox_environment_variables",
        common
        | _both(stage, "value", "sandbox-variable")
        | {
            "id": stage.ids.new("sandbox-env"),
            "key": "WAREHOUSE_PASSWORD",
            "sandbox_config_id": key,
            "description": "For lookup_order",
        },
    )
