"""Organizations, API users, identities."""

from agents_app.letta.base import LettaModel
from agents_app.letta.fields import Flag, JSONText, Text
from agents_app.letta.models.rows import Link, OrganizationRow, Row


class Organization(Row):
    name = Text()
    privileged_tools = Flag()

    class Meta(LettaModel.Meta):
        db_table = "organizations"


class User(OrganizationRow):
    """An API user, not an end user of an agent (those are identities)."""

    name = Text()

    class Meta(LettaModel.Meta):
        db_table = "users"


class Identity(OrganizationRow):
    """An end user or company that the application knows."""

    identifier_key = Text()
    name = Text()
    identity_type = Text()
    properties = JSONText()
    project_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "identities"


class AgentIdentity(Link):
    identity_id = Text(primary_key=True)
    agent_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "identities_agents"


class BlockIdentity(Link):
    identity_id = Text(primary_key=True)
    block_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "identities_blocks"
