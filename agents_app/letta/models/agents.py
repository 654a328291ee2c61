"""Agents, what is attached to them, groups, tools, providers."""

from agents_app.letta.base import LettaModel
from agents_app.letta.fields import Flag, JSONText, Moment, Number, Text
from agents_app.letta.models.rows import Link, OrganizationRow


class Agent(OrganizationRow):
    agent_type = Text()
    name = Text()
    description = Text()
    system = Text()
    message_ids = JSONText()
    llm_config = JSONText()
    embedding_config = JSONText()
    compaction_settings = JSONText()
    tool_rules = JSONText()
    response_format = JSONText()
    metadata = JSONText(db_column="metadata_")
    message_buffer_autoclear = Flag()
    enable_sleeptime = Flag()
    timezone = Text()
    max_files_open = Number()
    per_file_view_window_char_limit = Number()
    last_run_completion = Moment()
    last_run_duration_ms = Number()
    last_stop_reason = Text()
    hidden = Flag()
    project_id = Text()
    template_id = Text()
    base_template_id = Text()
    deployment_id = Text()
    entity_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "agents"


class AgentTag(Link):
    agent_id = Text(primary_key=True)
    tag = Text()

    class Meta(LettaModel.Meta):
        db_table = "agents_tags"


class AgentTool(Link):
    agent_id = Text(primary_key=True)
    tool_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "tools_agents"


class Tool(OrganizationRow):
    name = Text()
    tool_type = Text()
    description = Text()
    source_type = Text()
    source_code = Text()
    json_schema = JSONText()
    args_json_schema = JSONText()
    metadata = JSONText(db_column="metadata_")
    tags = JSONText()
    return_char_limit = Number()
    pip_requirements = JSONText()
    npm_requirements = JSONText()
    default_requires_approval = Flag()
    enable_parallel_execution = Flag()
    project_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "tools"


class Provider(OrganizationRow):
    """A model provider; its keys have no field."""

    name = Text()
    provider_type = Text()
    provider_category = Text()
    base_url = Text()
    region = Text()

    class Meta(LettaModel.Meta):
        db_table = "providers"


class Group(OrganizationRow):
    description = Text()
    manager_type = Text()
    manager_agent_id = Text()
    agent_ids = JSONText()
    sleeptime_agent_frequency = Number()
    turns_counter = Number()
    max_turns = Number()
    max_message_buffer_length = Number()
    min_message_buffer_length = Number()
    last_processed_message_id = Text()
    termination_token = Text()
    hidden = Flag()
    project_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "groups"


class AgentGroup(Link):
    group_id = Text(primary_key=True)
    agent_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "groups_agents"


class BlockGroup(Link):
    group_id = Text(primary_key=True)
    block_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "groups_blocks"
