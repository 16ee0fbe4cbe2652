"""0: the operator (R43), and how every call ends (R42)."""

import pytest


@pytest.mark.parametrize("menu", ["", "3", "5"])
def test_r43_the_operator_is_reached_from_every_menu(caller, menu):
    caller.operator_status = "open"
    caller.dials("12333").presses(menu, "0")
    assert caller.hears("operator-connecting").outcome == "operator"


@pytest.mark.parametrize(("status", "answer"), [("closed", "operator-closed"), ("unstaffed", "operator-unstaffed")])
@pytest.mark.parametrize(("menu", "name"), [("", "main-menu"), ("3", "enquiry-menu"), ("5", "card-menu")])
def test_r43_without_one_the_caller_hears_why_and_is_back_at_the_menu(caller, status, answer, menu, name):
    caller.operator_status = status
    caller.dials("12333").presses(menu, "0").hears(answer, name).is_back_at(name)


@pytest.mark.parametrize("menu", ["", "3", "5"])
def test_r42_three_failures_at_a_menu_say_goodbye(caller, menu):
    caller.dials("12333")
    if menu:
        caller.presses(menu)
    caller.is_silent().hears("no-input").presses("9").hears("no-match").is_silent()
    assert caller.hears("too-many-failures", "goodbye").outcome == "goodbye"
