"""Archives, sources, files and passages."""

from agents_app.letta.base import LettaModel
from agents_app.letta.fields import Flag, JSONText, Label, Moment, Number, Text
from agents_app.letta.models.rows import Link, OrganizationRow


class Archive(OrganizationRow):
    name = Text()
    description = Text()
    vector_db_provider = Label()
    embedding_config = JSONText()
    metadata = JSONText(db_column="metadata_")

    class Meta(LettaModel.Meta):
        db_table = "archives"


class AgentArchive(Link):
    agent_id = Text(primary_key=True)
    archive_id = Text()
    created_at = Moment()
    is_owner = Flag()

    class Meta(LettaModel.Meta):
        db_table = "archives_agents"


class Passage(OrganizationRow):
    """What the three passage tables share; the embedding has no field, it is read by name where it is needed."""

    text = Text()
    embedding_config = JSONText()
    metadata = JSONText(db_column="metadata_")
    tags = JSONText()

    class Meta(LettaModel.Meta):
        abstract = True


class ArchivalPassage(Passage):
    """0.11+; of an archive."""

    archive_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "archival_passages"


class PassageTag(OrganizationRow):
    """0.11.7+; the searchable twin of `archival_passages.tags`, which bulk imports leave out."""

    tag = Text()
    passage_id = Text()
    archive_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "passage_tags"


class AgentPassage(Passage):
    """0.6.5 to 0.10; of an agent."""

    agent_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "agent_passages"


class SourcePassage(Passage):
    source_id = Text()
    file_id = Text()
    file_name = Text()

    class Meta(LettaModel.Meta):
        db_table = "source_passages"


class OldPassage(Passage):
    """Up to 0.6.4; agent and source passages in one table."""

    agent_id = Text()
    source_id = Text()
    file_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "passages"


class Source(OrganizationRow):
    """A folder, in the words of newer APIs."""

    name = Text()
    description = Text()
    instructions = Text()
    embedding_config = JSONText()
    vector_db_provider = Label()
    metadata = JSONText(db_column="metadata_")

    class Meta(LettaModel.Meta):
        db_table = "sources"


class AgentSource(Link):
    agent_id = Text(primary_key=True)
    source_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "sources_agents"


class File(OrganizationRow):
    source_id = Text()
    file_name = Text()
    original_file_name = Text()
    file_path = Text()
    file_type = Text()
    file_size = Number()
    file_creation_date = Text()
    file_last_modified_date = Text()
    processing_status = Text()
    error_message = Text()
    total_chunks = Number()
    chunks_embedded = Number()

    class Meta(LettaModel.Meta):
        db_table = "files"


class FileAgent(OrganizationRow):
    """A file opened in an agent's context."""

    file_id = Text()
    agent_id = Text()
    source_id = Text()
    file_name = Text()
    is_open = Flag()
    visible_content = Text()
    start_line = Number()
    end_line = Number()
    last_accessed_at = Moment()

    class Meta(LettaModel.Meta):
        db_table = "files_agents"
