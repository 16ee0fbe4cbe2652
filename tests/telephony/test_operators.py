"""R43: the operator's queue, its hours, and the phones that join and leave it."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dialplan.fetch import Program
from tests.support.telephony.phone import Phone
from tests.support.telephony.switchboard import AgiCall, StandIn, Switchboard, switchboard, wait_until


def status(call: AgiCall) -> str:
    """What the server learns when it asks for the operator."""
    call.command("GOSUB hotline-operator s 1")
    return re.search(r"\((.*)\)", call.command('GET FULL VARIABLE "${OPERATOR_STATUS}"'))[1]


def hours_around(now: datetime) -> str:
    """Two hours with `now` in their middle, as GotoIfTime writes them."""
    return f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M},*,*,*"


@pytest.fixture
def operator(board: Switchboard, phones: Callable[..., Phone]) -> Iterator[Phone]:
    """An operator's phone that is logged in, and leaves the queue at the end."""
    phone = phones(board.login("operator1"), board.home.sounds)
    assert phone.registers() == 200
    yield phone
    board.ask("queue remove member PJSIP/operator1 from operators")
    board.ask("channel request hangup all")


def joins(operator: Phone) -> None:
    operator.dials("*11")
    operator.hears("operator-joined")
    operator.is_hung_up()


def asks_for_the_status(phone: Phone, server: StandIn) -> object:
    server.results.clear()
    server.script = status
    phone.dials("12333")
    answer = server.result()
    phone.is_hung_up()
    return answer


def test_r43_an_operator_joins_and_leaves(phone: Phone, operator: Phone, server: StandIn):
    assert asks_for_the_status(phone, server) == "unstaffed"
    joins(operator)
    assert asks_for_the_status(phone, server) == "open"
    operator.dials("*12")
    operator.hears("operator-left")
    operator.is_hung_up()
    assert asks_for_the_status(phone, server) == "unstaffed"


def test_r43_an_operator_whose_phone_is_gone_is_not_on_duty(
    board: Switchboard, phone: Phone, operator: Phone, server: StandIn
):
    joins(operator)
    operator.process.kill()
    board.ask("pjsip qualify operator1")  # Asterisk asks by itself every 30 s
    wait_until(lambda: "Unavail" in board.ask("pjsip show aor operator1"), 10, "the phone still counts as there")
    assert asks_for_the_status(phone, server) == "unstaffed"


def test_operators_cannot_dial_as_callers_nor_callers_as_operators(operator: Phone, phone: Phone):
    assert operator.is_refused("12333") == 404
    assert phone.is_refused("*11") == 404


def test_r43_a_caller_is_connected_and_both_hear_each_other(
    board: Switchboard, phone: Phone, operator: Phone, server: StandIn
):
    server.script = lambda call: call.outcome("operator")
    joins(operator)
    phone.dials("12333")
    operator.rings_and_is_answered()
    phone.says("welcome")
    operator.hears("welcome", within=5)
    operator.says("goodbye")
    phone.hears("goodbye", within=5)
    operator.hangs_up()
    phone.is_hung_up()


def test_r43_a_second_caller_waits_with_a_word_from_time_to_time(
    board: Switchboard, phone: Phone, phones: Callable[..., Phone], operator: Phone, server: StandIn
):
    server.script = lambda call: call.outcome("operator")
    joins(operator)
    phone.dials("12333")
    operator.rings_and_is_answered()
    second = phones(board.login(), board.home.sounds)
    second.dials("12333")
    second.hears("queue-wait", within=25)
    assert second.is_on_the_line()
    phone.hangs_up()
    operator.rings_and_is_answered(within=15)
    assert second.is_on_the_line()


def test_r45_trouble_with_an_operator_on_duty_ends_at_the_operator(phone: Phone, operator: Phone, server: StandIn):
    def script(call: AgiCall) -> None:
        call.finished = True  # ends without an outcome

    server.script = script
    joins(operator)
    phone.dials("12333")
    phone.hears("system-busy")
    operator.rings_and_is_answered()
    assert phone.is_on_the_line()


def test_r43_nobody_waits_in_a_queue_without_operators(phone: Phone, server: StandIn):
    server.script = lambda call: call.outcome("operator")
    phone.dials("12333")
    phone.hears("queue-timeout")
    phone.hears("goodbye")
    phone.is_hung_up()


@pytest.mark.parametrize(("hours_from_now", "expected"), [(0, "unstaffed"), (3, "closed"), (-3, "closed")])
def test_r43_opening_hours_are_those_of_the_office_s_time_zone(
    program: Program, phones: Callable[..., Phone], open_folder: Path, hours_from_now: int, expected: str
):
    """The machine runs on another time than Chongqing, by whole hours more than the window is wide."""
    zone = "Asia/Shanghai" if datetime.now().astimezone().utcoffset() != timedelta(hours=8) else "America/New_York"
    hours = hours_around(datetime.now(ZoneInfo(zone)) + timedelta(hours=hours_from_now))
    with switchboard(program, open_folder, operator_hours=hours, timezone=zone) as board:
        phone = phones(board.login(), board.home.sounds)
        assert asks_for_the_status(phone, board.server) == expected
