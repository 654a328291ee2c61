"""The frame of every page, the error pages and the style guide, rendered without a database."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.urls import reverse

from agents_app.letta.errors import LettaDown, LettaTooPowerful, LettaWaking
from agents_app.ui.styleguide import example

pytestmark = pytest.mark.urls("tests.unit.templatetags.routes")

TEMPLATES = Path(settings.BASE_DIR) / "templates"
STATIC = Path(settings.BASE_DIR) / "static"
ALL_TEMPLATES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


def shell(**changes: Any) -> dict[str, Any]:
    rights = ("metadata", "content", "personal", "prompt", "cluster", "trail", "accounts")
    return {
        "signed_in": True,
        "user_name": "ada",
        "role_label": "support",
        "can": dict.fromkeys(rights, True),
        "banners": [],
        "letta": {"state": "unused", "release": "", "schema": "", "text": "not connected"},
        "times": "utc",
        "zone_name": "UTC",
        "request_id": "4f0c2d9a1b7e6350",
        "version": "0.1.0",
        "theme": "",
    } | changes


def page(template: str, **context: Any) -> str:
    request = RequestFactory().get("/agents/list/")
    named = {"request": request, "user": None, "messages": [], "shell": shell(), "csrf_token": "x"}
    return render_to_string(template, named | context)


@pytest.mark.parametrize("template", ALL_TEMPLATES)
def test_every_template_compiles(template: str) -> None:
    get_template(template)


@pytest.mark.parametrize("template", ALL_TEMPLATES)
def test_no_template_needs_an_inline_script_or_style(template: str) -> None:
    source = (TEMPLATES / template).read_text()
    assert not re.search(
        r"""<style|\sstyle=|\son[a-z]+=["']|javascript:|<script(?![^>]*(?:\ssrc=|type="application/json"))""",
        source,
    )


def test_the_frame_has_landmarks_and_a_way_past_them() -> None:
    html = page("styleguide.html", example=example(RequestFactory().get("/")))
    for mark in (
        'href="#main"',
        '<main id="main"',
        '<nav class="nav" aria-label="Main"',
        "<footer",
        'role="search"',
    ):
        assert mark in html
    assert html.count("<h1") == 1


def test_the_theme_of_the_cookie_is_written_by_the_server() -> None:
    assert '<html lang="en" data-theme="dark">' in page("404.html", shell=shell(theme="dark"))
    assert '<html lang="en">' in page("404.html")


def test_a_banner_stays_on_every_page() -> None:
    banner = {"level": "danger", "text": "The role can write.", "href": None}
    html = page("404.html", shell=shell(banners=[banner]))
    assert 'data-level="danger" role="alert"' in html
    assert "The role can write." in html


def test_the_footer_names_the_release_and_the_schema_once_they_are_known() -> None:
    known = {"state": "ok", "release": "0.16.5 to 0.16.8", "schema": "letta", "text": "connected"}
    assert "Letta 0.16.5 to 0.16.8, schema letta, connected" in page(
        "404.html", shell=shell(letta=known)
    )
    assert "Letta’s database: not connected" in page("404.html")


def test_nobody_signed_in_means_no_menu_and_no_state_of_letta() -> None:
    html = page("403.html", shell=shell(signed_in=False))
    assert "Sign out" not in html
    assert "not connected" not in html


def test_the_key_of_the_jump_box_is_explained_to_those_who_have_it() -> None:
    assert "<kbd>/</kbd>" in page("404.html")
    assert "data-jump" in page("404.html")
    admin = page("404.html", shell=shell(can={"accounts": True}))
    assert "<kbd>/</kbd>" not in admin
    assert "data-jump" not in admin
    assert "Paste the whole id" not in admin


@pytest.mark.parametrize("template", ["400.html", "403.html", "404.html"])
def test_error_pages_render_without_any_context(template: str) -> None:
    assert "<h1>" in render_to_string(template)


@pytest.mark.parametrize("template", ["500.html", "ui/own_database.html"])
def test_the_last_resorts_stand_alone_and_show_the_request_id(template: str) -> None:
    assert "<h1>" in render_to_string(template)
    assert "4f0c2d9a" in render_to_string(template, {"request_id": "4f0c2d9a"})


def test_a_fault_of_letta_says_what_happened_and_what_to_do() -> None:
    html = page("ui/error.html", error=LettaDown())
    assert "database is not answering" in html
    assert "Try again" in html
    assert "4f0c2d9a1b7e6350" in html


def test_the_command_against_a_powerful_role_is_for_operations_only() -> None:
    error = LettaTooPowerful("REVOKE this")
    assert "REVOKE this" in page("ui/error.html", error=error)
    support = shell(can={"metadata": True, "cluster": False})
    assert "REVOKE this" not in page("ui/error.html", error=error, shell=support)


def test_the_fragment_of_a_fault_is_its_notice_alone() -> None:
    html = page("ui/error.html#notice", error=LettaDown())
    assert html.strip().startswith('<section class="notice"')
    assert "<html" not in html


def test_a_waking_database_counts_from_where_the_attempt_began() -> None:
    html = page("ui/waking.html", error=LettaWaking(since=1_700_000_000.4))
    assert 'data-since="1700000000"' in html
    assert "js/waking.js" in html


@pytest.mark.parametrize("module", sorted((STATIC / "js").glob("*.js")), ids=lambda path: path.name)
def test_a_script_is_small_and_keeps_nothing_in_the_browser(module: Path) -> None:
    source = module.read_text()
    assert source.count("\n") <= 150
    assert not re.search(r"localStorage|sessionStorage|indexedDB|innerHTML|eval\(|import\(", source)
    assert all(place.startswith("./") for place in re.findall(r"""from ["']([^"']+)""", source))


def test_every_entry_of_the_menu_is_a_page() -> None:
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"{% nav_link '([^']+)'", path.read_text())
    }
    assert len(named) > 10
    assert all(reverse(name, urlconf="dashboard.urls") for name in named)
