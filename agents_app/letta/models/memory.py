"""Memory blocks and their links."""

from agents_app.letta.base import LettaModel
from agents_app.letta.fields import Flag, JSONText, Number, Text
from agents_app.letta.models.rows import Link, OrganizationRow


class Block(OrganizationRow):
    """A memory block; `version` counts every write of the row (0.6.49+)."""

    value = Text()
    limit = Number()
    label = Text()
    description = Text()
    metadata = JSONText(db_column="metadata_")
    template_name = Text()
    is_template = Flag()
    read_only = Flag()
    preserve_on_migration = Flag()
    hidden = Flag()
    version = Number()
    current_history_entry_id = Text()
    project_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "block"


class BlockHistory(OrganizationRow):
    """Checkpoints of a block; empty in stock installs."""

    block_id = Text()
    sequence_number = Number()
    label = Text()
    value = Text()
    limit = Number()
    description = Text()
    metadata = JSONText(db_column="metadata_")
    actor_type = Text()
    actor_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "block_history"


class AgentBlock(Link):
    agent_id = Text(primary_key=True)
    block_id = Text()
    block_label = Text()

    class Meta(LettaModel.Meta):
        db_table = "blocks_agents"


class ConversationBlock(Link):
    """A private copy of a block for one conversation (0.16.4+)."""

    conversation_id = Text(primary_key=True)
    block_id = Text()
    block_label = Text()

    class Meta(LettaModel.Meta):
        db_table = "blocks_conversations"
