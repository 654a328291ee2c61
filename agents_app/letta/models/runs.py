"""Runs, steps, their metrics and traces, jobs."""

from django.db import models

from agents_app.letta.base import LettaModel
from agents_app.letta.fields import Flag, JSONText, Label, Moment, Number, Text
from agents_app.letta.models.rows import Link, OrganizationRow, Row


class Run(OrganizationRow):
    """One request to an agent (0.12+); `completed_at` is naive UTC."""

    agent_id = Text()
    conversation_id = Text()
    status = Text()
    stop_reason = Text()
    background = Flag()
    completed_at = Moment()
    metadata = JSONText(db_column="metadata_")
    request_config = JSONText()
    callback_status_code = Number()
    ttft_ns = Number()
    total_duration_ns = Number()
    project_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "runs"


class RunMetrics(OrganizationRow):
    agent_id = Text()
    run_start_ns = Number()
    run_ns = Number()
    num_steps = Number()
    tools_used = JSONText()

    class Meta(LettaModel.Meta):
        db_table = "run_metrics"


class Step(OrganizationRow):
    """One model call and its tool executions; reached by id or `run_id` only."""

    agent_id = Text()
    run_id = Text()
    job_id = Text()
    provider_id = Text()
    provider_name = Text()
    provider_category = Text()
    model = Text()
    model_handle = Text()
    context_window_limit = Number()
    prompt_tokens = Number()
    completion_tokens = Number()
    total_tokens = Number()
    cached_input_tokens = Number()
    cache_write_tokens = Number()
    reasoning_tokens = Number()
    prompt_tokens_details = JSONText()
    completion_tokens_details = JSONText()
    stop_reason = Label()
    status = Label()
    error_type = Text()
    error_data = JSONText()
    feedback = Text()
    trace_id = Text()
    request_id = Text()
    origin = Text()
    tags = JSONText()
    project_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "steps"


class StepMetrics(OrganizationRow):
    agent_id = Text()
    run_id = Text()
    step_start_ns = Number()
    llm_request_start_ns = Number()
    llm_request_ns = Number()
    tool_execution_ns = Number()
    step_ns = Number()

    class Meta(LettaModel.Meta):
        db_table = "step_metrics"


class ProviderTrace(OrganizationRow):
    """The raw model request and response of a step; only `step_id` is indexed."""

    request_json = JSONText()
    response_json = JSONText()
    step_id = Text()
    agent_id = Text()
    agent_tags = JSONText()
    call_type = Text()
    run_id = Text()
    source = Text()

    class Meta(LettaModel.Meta):
        db_table = "provider_traces"


class Job(Row):
    """File embedding and batches; before 0.12 also runs."""

    user_id = Text()
    organization_id = Text()
    status = Text()
    job_type = Text()
    completed_at = Moment()
    metadata = JSONText(db_column="metadata_")
    request_config = JSONText()
    callback_status_code = Number()
    stop_reason = Text()
    background = Flag()
    ttft_ns = Number()
    total_duration_ns = Number()

    class Meta(LettaModel.Meta):
        db_table = "jobs"


class JobMessage(Link):
    """Messages of a run, 0.6.10 to 0.11.7."""

    id = models.BigIntegerField(primary_key=True)
    job_id = Text()
    message_id = Text()

    class Meta(LettaModel.Meta):
        db_table = "job_messages"
