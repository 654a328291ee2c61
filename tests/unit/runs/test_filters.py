"""What the filters of the list of runs ask for, without a database."""

from django.http import QueryDict

from agents_app.letta.outcomes import is_failed, is_unfinished
from agents_app.runs.filters import RunFilter
from agents_app.runs.steps import Latency


def test_valid_fields_count_and_bad_ones_filter_nothing() -> None:
    wanted = RunFilter(
        QueryDict("status=failed&agent=agent-1&since=nonsense&conversation=%20")
    ).wanted()
    assert (wanted.status, wanted.agent, wanted.since, wanted.conversation) == (
        "failed",
        "agent-1",
        None,
        None,
    )


def test_failure_is_told_by_status_or_stop_reason_in_any_case() -> None:
    assert is_failed("FAILED", None)
    assert is_failed("completed", "no_tool_call")
    assert not is_failed("completed", "max_steps")
    assert not is_failed(None, "something new")


def test_only_known_words_mean_unfinished() -> None:
    assert is_unfinished("created")
    assert not is_unfinished("completed")
    assert not is_unfinished("<b>odd</b>")


def test_shares_of_a_step_never_exceed_it() -> None:
    latency = Latency(llm_request_ns=90, tool_execution_ns=90, step_ns=100)
    assert latency.llm_share + latency.tool_share <= 100
    assert latency.other_ns == 0
    assert Latency(None, None, None).llm_share == 0.0
