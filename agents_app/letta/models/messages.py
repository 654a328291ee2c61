"""Messages and conversations."""

from agents_app.letta.base import LettaModel
from agents_app.letta.fields import Flag, JSONText, Moment, Number, Text
from agents_app.letta.models.rows import OrganizationRow


class Message(OrganizationRow):
    """`text` is the body up to 0.6.39, `content` afterwards; order is `sequence_id` (0.6.49+)."""

    agent_id = Text()
    role = Text()
    content = JSONText()
    text = Text()
    tool_calls = JSONText()
    tool_call_id = Text()
    tool_returns = JSONText()
    approvals = JSONText()
    approval_request_id = Text()
    approve = Flag()
    denial_reason = Text()
    name = Text()
    model = Text()
    step_id = Text()
    run_id = Text()
    conversation_id = Text()
    otid = Text()
    group_id = Text()
    sender_id = Text()
    batch_item_id = Text()
    is_err = Flag()
    sequence_id = Number()

    class Meta(LettaModel.Meta):
        db_table = "messages"


class Conversation(OrganizationRow):
    agent_id = Text()
    summary = Text()
    model = Text()
    model_settings = JSONText()
    last_message_at = Moment()

    class Meta(LettaModel.Meta):
        db_table = "conversations"


class ConversationMessage(OrganizationRow):
    conversation_id = Text()
    agent_id = Text()
    message_id = Text()
    position = Number()
    in_context = Flag()

    class Meta(LettaModel.Meta):
        db_table = "conversation_messages"
