"""The doctor says of AWS which calls are allowed, and what to do where one is not."""

from typing import Any

import pytest

from agents_app.aws import client
from agents_app.management.aws_diagnosis import aws_sections
from tests.awsdoor import Aws, Fault


def lines() -> list[tuple[str, str, str]]:
    return [
        (line.level, line.text, line.todo) for section in aws_sections() for line in section.lines
    ]


def test_all_is_well(aws: Aws) -> None:
    found = lines()
    assert [level for level, *_ in found] == ["ok"] * 6
    assert found[0][1] == "Cluster letta in eu-central-1, named by INSPECTOR_CLUSTER_ID."


def test_a_permission_that_lacks_is_named_and_the_others_are_tried(aws: Aws) -> None:
    aws.faults.append(Fault("AccessDenied", 403, actions=("DescribeEvents",)))
    found = lines()
    assert [level for level, *_ in found] == ["ok", "ok", "ok", "warn", "ok", "ok"]
    assert "rds:DescribeEvents" in found[3][2]


def test_without_credentials_one_line_says_so(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    client.forget()
    found = lines()
    assert [level for level, *_ in found] == ["ok", "warn"]
    assert "No AWS credentials" in found[1][1]


def test_a_console_without_aws_is_well(settings: Any) -> None:
    settings.INSPECTOR_CLUSTER_ID = ""
    assert [level for level, *_ in lines()] == ["ok"]
