"""R45: whatever the application does or fails to do, the caller hears it within three seconds."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dialplan.fetch import Program
from tests.support.telephony.phone import Phone
from tests.support.telephony.switchboard import AgiCall, StandIn, Switchboard, switchboard, wait_until

APOLOGY_SECONDS = 3.0


def apologises(phone: Phone, since: float) -> None:
    """The apology begins in time; with no operator on duty, a goodbye and the end of the call follow."""
    began = phone.answered_at + phone.hears("system-busy", within=8)
    assert began - since < APOLOGY_SECONDS, f"the apology began after {began - since:.1f} s"
    phone.hears("goodbye")
    phone.is_hung_up()


@pytest.fixture
def back_again(server: StandIn) -> Iterator[StandIn]:
    """A server that is up again after a test that killed it."""
    yield server
    server.start(server.port)


def test_r45_the_server_refuses(phone: Phone, back_again: StandIn):
    back_again.die()
    phone.dials("12333")
    apologises(phone, phone.answered_at)


def test_r45_the_server_is_a_black_hole(program: Program, phones: Callable[..., Phone], open_folder: Path):
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for connection in waiting:  # fills the queue, so that the kernel answers no one any more
            connection.setblocking(False)
            connection.connect_ex(full.getsockname())
        with switchboard(program, open_folder, server_port=full.getsockname()[1]) as board:
            phone = phones(board.login(), board.home.sounds)
            phone.dials("12333")
            apologises(phone, phone.answered_at)
        for connection in waiting:
            connection.close()


def test_r45_the_server_accepts_and_says_nothing(phone: Phone, server: StandIn):
    server.script = lambda call: time.sleep(8)
    phone.dials("12333")
    apologises(phone, phone.answered_at)


def test_r45_the_server_falls_silent_in_mid_call(phone: Phone, server: StandIn):
    def script(call: AgiCall) -> None:
        call.ask("hotline/main-menu", 1)
        time.sleep(8)

    server.script = script
    phone.dials("12333")
    phone.hears("main-menu")
    phone.presses("3")
    apologises(phone, time.monotonic())


def test_r45_the_server_dies_while_a_prompt_plays(phone: Phone, back_again: StandIn):
    back_again.script = lambda call: call.ask("&".join(["hotline/main-menu"] * 10), 1)
    phone.dials("12333")
    phone.hears("main-menu")
    back_again.die()
    apologises(phone, time.monotonic())


def test_r45_the_server_dies_while_its_last_words_play(phone: Phone, back_again: StandIn):
    back_again.script = lambda call: call.command('EXEC Playback "' + "&".join(["hotline/welcome"] * 10) + '"')
    phone.dials("12333")
    phone.hears("welcome")
    back_again.die()
    apologises(phone, time.monotonic())


def test_r45_the_server_dies_while_it_waits_for_a_key(phone: Phone, back_again: StandIn):
    back_again.script = lambda call: call.ask("hotline/main-menu", 1, seconds=20)
    phone.dials("12333")
    phone.hears("main-menu")
    phone.waits(2.5)
    back_again.die()
    apologises(phone, time.monotonic())


def test_r45_a_long_prompt_or_a_slow_caller_is_no_silence_of_the_server(phone: Phone, server: StandIn):
    server.script = lambda call: call.ask("&".join(["hotline/main-menu"] * 2), 1, seconds=4)
    phone.dials("12333")
    phone.hears("main-menu")
    phone.waits(6)
    phone.presses("3")
    assert server.result() == ["OK", "", "3", ""]


def test_r45_the_server_ends_without_an_outcome(phone: Phone, server: StandIn):
    def script(call: AgiCall) -> None:
        call.ask("hotline/main-menu", 1)
        call.finished = True

    server.script = script
    phone.dials("12333")
    phone.hears("main-menu")
    phone.presses("3")
    apologises(phone, time.monotonic())


def test_r45_no_channel_stays_for_ever(program: Program, phones: Callable[..., Phone], open_folder: Path):
    with switchboard(program, open_folder, call_limit_seconds=4) as board:
        board.server.script = lambda call: call.ask("&".join(["hotline/main-menu"] * 20), 1)
        phone = phones(board.login(), board.home.sounds)
        phone.dials("12333")
        phone.is_hung_up(within=6)
        wait_until(lambda: board.calls() == 0, 3, "the channel stayed")


def test_r45_a_phone_that_vanishes_in_a_call_ends_the_server_s_call(board: Switchboard, phone: Phone, server: StandIn):
    """A phone that is killed sends no BYE; the ICMP of its closed port or RTP's time limit ends the channel."""
    server.script = lambda call: call.ask("hotline/main-menu", 1, seconds=1)
    phone.dials("12333")
    phone.hears("main-menu")
    os.kill(phone.process.pid, signal.SIGKILL)
    wait_until(lambda: board.calls() == 0, 15, "the channel stayed")
