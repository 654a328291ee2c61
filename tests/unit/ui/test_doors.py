"""Links are written for their reader: none to a page whose rights the reader lacks."""

from agents_app.accounts.roles import ROLES
from agents_app.templatetags.rowlinks import address, id_link, row_link
from agents_app.templatetags.ui import crumb
from agents_app.ui import doors
from agents_app.ui.links import link

OPS, SUPPORT = ROLES["ops"].rights, ROLES["support"].rights
THREAD = "conversations:conversation"


def test_a_door_is_open_to_those_who_hold_all_its_rights() -> None:
    with doors.held(OPS):
        assert doors.is_open("conversations:list")
        assert not doors.is_open(THREAD)
        assert not doors.is_open("people:identities")
    with doors.held(SUPPORT):
        assert doors.is_open(THREAD)


def test_a_page_that_needs_no_right_is_open_to_everybody() -> None:
    with doors.held(()):
        assert doors.is_open("overview:home")
        assert not doors.is_open("agents:list")


def test_outside_of_requests_every_door_is_open() -> None:
    with doors.held(OPS):
        pass
    assert doors.is_open(THREAD)


def test_no_address_leads_to_a_refusal() -> None:
    with doors.held(OPS):
        assert link(THREAD, "conv-1") == address(THREAD, "conv-1") == ""
        assert link("agents:agent", "agent-1") == address("agents:agent", "agent-1") != ""


def test_what_is_refused_keeps_its_words_without_a_link() -> None:
    with doors.held(OPS):
        assert row_link(THREAD, "conv-1", "Refund") == "<bdi>Refund</bdi>"
        assert "<a" not in id_link(THREAD, "conv-1")
        assert "<a" not in crumb("Refund", THREAD, "conv-1")
    with doors.held(SUPPORT):
        assert "<a" in row_link(THREAD, "conv-1", "Refund")
        assert "<a" in crumb("Refund", THREAD, "conv-1")
