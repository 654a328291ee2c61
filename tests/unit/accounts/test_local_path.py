"""Where a form may go on to."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.accounts.access.places import local_path


@pytest.mark.parametrize("path", ["/", "/agents/agent-1/", "/conversations/?q=a%20b&limit=5", "/trail/#top"])  # fmt: skip
def test_a_path_of_this_console_stays(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize("text", ["", "agents/", "//host/", "///host", "/\\host", "\\/host", "http:/x", "https://host/", "javascript:x", "/\n/host", "/\t/host", " /x", "/x\u2028y", "/" + "x" * 2000])  # fmt: skip
def test_all_else_is_dropped(text: str) -> None:
    assert local_path(text) == ""


@given(st.text(alphabet=st.sampled_from("/\\:@.?#%ahtps \t\n\r")) | st.text())
def test_what_stays_leads_to_the_same_host(text: str) -> None:
    kept = local_path(text)
    assert urlsplit(urljoin("https://console.example/x/", kept)).netloc == "console.example"
