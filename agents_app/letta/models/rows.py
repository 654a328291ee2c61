"""What most tables have: an id, stamps, an organization."""

from agents_app.letta.base import LettaModel
from agents_app.letta.fields import Flag, Moment, Text


class Row(LettaModel):
    """What nearly every table has."""

    id = Text(primary_key=True)
    created_at = Moment()
    updated_at = Moment()
    is_deleted = Flag()
    created_by_id = Text(db_column="_created_by_id")
    last_updated_by_id = Text(db_column="_last_updated_by_id")

    class Meta(LettaModel.Meta):
        abstract = True


class OrganizationRow(Row):
    """A row of one organization."""

    organization_id = Text()

    class Meta(LettaModel.Meta):
        abstract = True


class Link(LettaModel):
    """A pure link table. Those without a primary key get a column that Django may call one; rows are read as values."""

    class Meta(LettaModel.Meta):
        abstract = True
