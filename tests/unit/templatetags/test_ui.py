"""Tags: the pieces pages are made of, as parsed by their readers."""

import re
from typing import Any

import pytest
from django import forms
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import resolve

pytestmark = pytest.mark.urls("tests.unit.templatetags.routes")


class Filters(forms.Form):
    name = forms.CharField(required=False, label="Name or id")
    kind = forms.ChoiceField(required=False, choices=[("", "Any"), ("v1", "The new one")])
    since = forms.DateField(required=False)
    hidden = forms.BooleanField(required=False)


def asked(path: str = "/agents/list/", **query: Any) -> HttpRequest:
    request = RequestFactory().get(path, query)
    request.resolver_match = resolve(path)
    return request


def rendered(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_the_menu_marks_the_feature_of_the_page() -> None:
    html = rendered(
        "{% nav_link 'agents:list' 'Agents' go='a' %}", request=asked("/agents/detail/")
    )
    assert html == '<li><a href="/agents/list/" data-go="a" aria-current="true">Agents</a></li>'


def test_the_menu_hides_a_page_that_does_not_exist() -> None:
    assert rendered("{% nav_link 'cluster:home' 'Cluster' %}", request=asked()) == ""


@pytest.mark.parametrize(("held", "count"), [(True, 1), (False, 0)])
def test_the_menu_hides_a_page_the_reader_has_no_right_to(held: bool, count: int) -> None:
    shell = {"can": {"trail": held}}
    html = rendered(
        "{% nav_link 'accounts:trail' 'Trail' right='trail' %}", request=asked(), shell=shell
    )
    assert html.count("<li>") == count


def test_the_jump_box_repeats_a_search_on_the_search_page_only() -> None:
    shell = {"can": {"metadata": True}}
    for path, value in (("/search/jump/", "ada"), ("/agents/list/", "")):
        html = rendered("{% jump_box %}", request=asked(path, q="ada"), shell=shell)
        assert f'value="{value}"' in html


def test_the_jump_box_is_hidden_from_those_whose_search_would_be_refused() -> None:
    shell = {"can": {"metadata": False}}
    assert rendered("{% jump_box %}", request=asked(), shell=shell).strip() == ""


def test_breadcrumbs_escape_names_and_end_in_the_page() -> None:
    html = rendered("{% crumb 'Agents' 'agents:list' %}{% crumb name %}", name="<b>Ada</b>")
    assert '<a href="/agents/list/">' in html
    assert '<li aria-current="page"><bdi class="clip">&lt;b&gt;Ada&lt;/b&gt;</bdi></li>' in html


def test_the_pager_links_what_there_is() -> None:
    page = {"newest_url": None, "newer_url": None, "older_url": "?after=x", "note": "50 of more"}
    html = rendered("{% pager page target='results' %}", page=page)
    assert re.findall(r'rel="(\w+)" href="([^"]+)"', html) == [("next", "?after=x")]
    assert 'hx-get="?after=x" hx-target="#results"' in html


@pytest.mark.parametrize(
    ("value", "limit", "level", "words"),
    [
        (1874, 5000, "", "37 %"),
        (4790, 5000, "warn", "96 %"),
        (5400, 5000, "danger", "over limit"),
        (5, 0, "", "no limit"),
        (5, None, "", "no limit"),
        (None, 5000, "", "no limit"),
    ],
)
def test_a_meter_says_how_full_it_is(value: object, limit: object, level: str, words: str) -> None:
    html = rendered("{% meter value limit %}", value=value, limit=limit)
    assert f'data-level="{level}"' in html
    assert words in html


def test_a_block_of_code_is_inert_and_named_for_screen_readers() -> None:
    html = rendered("{% code value label='arguments' %}", value={"a": "<script>"})
    assert "&lt;script&gt;" in html
    assert 'aria-label="arguments"' in html


def test_a_filter_bar_keeps_the_error_beside_its_field() -> None:
    request = asked(since="yesterday-ish")
    html = rendered(
        "{% filters form target='results' %}", form=Filters(request.GET), request=request
    )
    assert 'id="id_since_error"' in html
    assert 'aria-describedby="id_since_error"' in html


def test_a_filter_bar_carries_other_switches_along() -> None:
    request = asked(view="full", name="ada")
    html = rendered("{% filters form keep='view' %}", form=Filters(request.GET), request=request)
    assert '<input type="hidden" name="view" value="full">' in html


def test_chips_say_what_is_filtered_and_remove_one_each() -> None:
    request = asked(name="ada", kind="v1", since="bad", after="cursor", view="full")
    html = rendered("{% chips form keep='view' %}", form=Filters(request.GET), request=request)
    assert re.findall(r"<bdi>(.+?)</bdi>", html) == ["ada", "The new one"]
    links = re.findall(r'href="([^"]+)"', html)
    assert links[0] == "/agents/list/?kind=v1&amp;since=bad&amp;view=full"


def test_no_filters_give_no_chips() -> None:
    request = asked()
    html = rendered("{% chips form %}", form=Filters(request.GET), request=request)
    assert html.strip() == ""


def test_an_empty_state_links_the_way_out() -> None:
    html = rendered("{% empty 'No runs.' href='/runs/' action='Show all' %}")
    assert '<a href="/runs/">Show all</a>' in html
