"""Unmanaged models of Letta's tables: columns of 0.16.8 and those that older releases had.

Foreign keys are plain ids: many of Letta's are not enforced, and a dangling id must show, not fail.
Secret columns (letta/secrets.py) have no field here, so no query can name them.
"""

from agents_app.letta.models.agents import (
    Agent,
    AgentGroup,
    AgentTag,
    AgentTool,
    BlockGroup,
    Group,
    Provider,
    Tool,
)
from agents_app.letta.models.archives import (
    AgentArchive,
    AgentPassage,
    AgentSource,
    ArchivalPassage,
    Archive,
    File,
    FileAgent,
    OldPassage,
    Passage,
    PassageTag,
    Source,
    SourcePassage,
)
from agents_app.letta.models.memory import AgentBlock, Block, BlockHistory, ConversationBlock
from agents_app.letta.models.messages import Conversation, ConversationMessage, Message
from agents_app.letta.models.people import (
    AgentIdentity,
    BlockIdentity,
    Identity,
    Organization,
    User,
)
from agents_app.letta.models.runs import (
    Job,
    JobMessage,
    ProviderTrace,
    Run,
    RunMetrics,
    Step,
    StepMetrics,
)

__all__ = [
    "Agent",
    "AgentArchive",
    "AgentBlock",
    "AgentGroup",
    "AgentIdentity",
    "AgentPassage",
    "AgentSource",
    "AgentTag",
    "AgentTool",
    "ArchivalPassage",
    "Archive",
    "Block",
    "BlockGroup",
    "BlockHistory",
    "BlockIdentity",
    "Conversation",
    "ConversationBlock",
    "ConversationMessage",
    "File",
    "FileAgent",
    "Group",
    "Identity",
    "Job",
    "JobMessage",
    "Message",
    "OldPassage",
    "Organization",
    "Passage",
    "PassageTag",
    "Provider",
    "ProviderTrace",
    "Run",
    "RunMetrics",
    "Source",
    "SourcePassage",
    "Step",
    "StepMetrics",
    "Tool",
    "User",
]
