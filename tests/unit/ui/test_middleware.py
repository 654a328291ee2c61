"""Requests that PostgreSQL or UTF-8 cannot hold are refused before any view; every answer has the headers."""

import json

import pytest
from django.test import Client


@pytest.mark.parametrize("query", ["q=%00", "q=%ED%A0%80", "%00=1", "q=%FF"])
def test_text_that_is_no_text_is_a_400(client: Client, query: str) -> None:
    assert client.get(f"/livez?{query}").status_code == 400


def test_too_many_parameters_are_a_400(client: Client) -> None:
    assert client.get("/livez?" + "&".join(f"a{n}=1" for n in range(101))).status_code == 400


def test_too_long_an_address_is_a_414(client: Client) -> None:
    assert client.get("/livez?q=" + "a" * 9000).status_code == 414


def test_answers_carry_the_strict_headers(client: Client) -> None:
    headers = client.get("/livez").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_log_line_has_the_route_and_never_the_query(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    from agents_app.ui.logs import JsonLine

    with caplog.at_level("INFO", logger="inspector.request"):
        response = client.get("/livez?secret=hunter2")
    line = JsonLine().format(caplog.records[-1])
    assert json.loads(line)["route"] == "livez"
    assert json.loads(line)["request_id"] == response["X-Request-ID"]
    assert "hunter2" not in line
