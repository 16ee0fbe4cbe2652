"""`make run`: how the hotline starts, what it says, what it survives, and how it ends."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from dialplan import guard
from tests.support.ports import free_port
from tests.support.telephony.hotline import Hotline, all_gone, hotline
from tests.support.telephony.phone import Phone
from tests.support.telephony.switchboard import REPOSITORY, reachable_folder, uid_of, wait_until


@pytest.fixture
def own(open_folder: Path) -> Iterator[Hotline]:
    """A hotline that a test may break."""
    with hotline(open_folder / "state") as running:
        yield running


@pytest.fixture(scope="module")
def shared() -> Iterator[Hotline]:
    """A hotline for the tests that only look at it."""
    with reachable_folder() as folder, hotline(folder / "state") as running:
        yield running


def caller_of(running: Hotline, phones: Callable[..., Phone]) -> Phone:
    return phones(running.login(), running.sounds)


def test_it_says_ready_and_where_the_website_is(shared: Hotline):
    address = f"127.0.0.1:{shared.environment['HOTLINE_WEB_PORT']}"
    assert f"http://{address}/" in shared.ready_line()
    assert "(kiosk: /kiosk; clerks: /counter)" in shared.ready_line()
    with urlopen(f"http://{address}/healthz", timeout=10) as answer:
        assert answer.status == 200


def test_it_says_ready_and_what_to_dial(shared: Hotline):
    line = shared.ready_line()
    assert "12333" in line and f"127.0.0.1:{shared.environment['HOTLINE_SIP_PORT']}" in line
    softphone = json.loads((shared.state / "softphone.json").read_text())
    assert softphone == {
        "server": "127.0.0.1",
        "port": int(shared.environment["HOTLINE_SIP_PORT"]),
        "username": "softphone",
        "password": softphone["password"],
        "number": "12333",
    }
    assert len(softphone["password"]) >= 20
    assert softphone["password"] not in shared.said()


@pytest.mark.parametrize("part", ["agi", "web"])
def test_each_part_can_be_asked_whether_it_answers(shared: Hotline, part: str):
    check = [sys.executable, "-m", part, "check"]
    assert subprocess.run(check, cwd=REPOSITORY, env=shared.environment).returncode == 0
    elsewhere = {**shared.environment, f"HOTLINE_{part.upper()}_PORT": str(free_port())}
    assert subprocess.run(check, cwd=REPOSITORY, env=elsewhere, stderr=subprocess.DEVNULL).returncode == 1


def test_secrets_and_data_are_for_their_owner_alone(shared: Hotline):
    for file in shared.state.iterdir():
        if file.is_file():
            assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, f"{file.name} can be read by others"


def test_asterisk_runs_without_root_and_answers_a_call(shared: Hotline, phones: Callable[..., Phone]):
    assert uid_of(shared.parts()["asterisk"]) != 0
    phone = caller_of(shared, phones)
    phone.dials("12333")
    phone.hears("welcome")


def test_the_second_start_keeps_the_passwords(open_folder: Path):
    logins = []
    for _ in range(2):
        with hotline(open_folder / "state", first_start=True) as running:
            logins.append(running.login()["password"])
            assert running.interrupt() == 0
    assert logins[0] == logins[1]


def test_ctrl_c_leaves_nothing_running(own: Hotline, phones: Callable[..., Phone]):
    phone = caller_of(own, phones)
    phone.dials("12333")
    phone.hears("welcome")
    parts = own.parts()
    assert set(parts) == {"server", "web", "reader", "guard", "asterisk"}
    phone.hangs_up()
    assert own.interrupt() == 0
    all_gone(list(parts.values()), within=1)


def test_a_second_ctrl_c_does_not_wait_for_running_calls(own: Hotline, phones: Callable[..., Phone]):
    phone = caller_of(own, phones)
    phone.dials("12333")
    phone.hears("welcome")
    parts = own.parts()
    own.process.send_signal(signal.SIGINT)
    time.sleep(1)
    assert own.process.poll() is None, "did not let the call finish"
    assert own.interrupt() == 0
    all_gone(list(parts.values()), within=1)


def test_nothing_is_left_when_it_is_killed_itself(own: Hotline):
    parts = own.parts()
    own.process.kill()
    own.process.wait()
    all_gone(list(parts.values()), within=3)


def test_two_copies_run_side_by_side(shared: Hotline, open_folder: Path, phones: Callable[..., Phone]):
    with hotline(open_folder / "other") as other:
        for running in (shared, other):
            phone = caller_of(running, phones)
            phone.dials("12333")
            phone.hears("welcome")


def test_a_state_folder_in_use_is_refused(shared: Hotline):
    with hotline(shared.state, until_ready=False) as second:
        assert second.process.wait(20) == 1
        assert "HOTLINE_STATE_DIR" in second.said() and "Traceback" not in second.said()


@pytest.mark.parametrize(
    ("setting", "kind"),
    [
        ("sip_port", socket.SOCK_DGRAM),
        ("agi_port", socket.SOCK_STREAM),
        ("web_port", socket.SOCK_STREAM),
        ("reader_port", socket.SOCK_STREAM),
    ],
)
def test_a_port_in_use_is_named_with_its_setting(open_folder: Path, setting: str, kind: int):
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            taken.listen()
        port = taken.getsockname()[1]
        with hotline(open_folder / "state", until_ready=False, **{setting: port}) as running:
            assert running.process.wait(20) == 1
            said = running.said().strip()
            assert str(port) in said and f"HOTLINE_{setting.upper()}" in said and len(said.splitlines()) == 1


def test_without_asterisk_the_rest_runs(open_folder: Path):
    nowhere = {"asterisk_dir": "/dev/null/nowhere"}
    with hotline(open_folder / "state", **nowhere) as running:
        assert "HOTLINE_ASTERISK_DIR" in running.said() and "make phone" in running.ready_line()
        assert set(running.parts()) == {"server", "web", "reader"}


@pytest.mark.parametrize("settings", [{"demo": "no"}, {"simulated_reader": "no"}], ids=str)
def test_the_simulated_reader_is_for_the_demo_and_can_be_left_out(open_folder: Path, settings: dict[str, str]):
    with hotline(
        open_folder / "state", first_start="demo" in settings, asterisk_dir="/dev/null/nowhere", **settings
    ) as own:
        assert "kiosk" not in own.ready_line()
        assert set(own.parts()) == {"server", "web"}


def test_a_state_folder_out_of_reach_does_not_make_asterisk_root(open_folder: Path):
    """As in a clone in root's home: Asterisk's files go to a place of their own."""
    private = open_folder / "private"
    private.mkdir(mode=0o700)
    with hotline(private / "state") as running:
        assert uid_of(running.parts()["asterisk"]) != 0
        assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_r45_the_server_is_killed_in_mid_call_and_comes_back(own: Hotline, phones: Callable[..., Phone]):
    phone = caller_of(own, phones)
    phone.dials("12333")
    phone.hears("welcome")
    killed = time.monotonic()
    os.kill(own.parts()["server"], signal.SIGKILL)
    began = phone.answered_at + phone.hears("system-busy", within=8)
    assert began - killed < 3
    phone.hears("goodbye")
    phone.is_hung_up()
    wait_until(lambda: "server" in own.parts(), 10, "the server did not come back")
    time.sleep(2)
    phone.dials("12333")
    phone.hears("welcome")


def test_r45_the_server_hangs_in_mid_call(own: Hotline, phones: Callable[..., Phone]):
    phone = caller_of(own, phones)
    phone.dials("12333")
    phone.hears("main-menu")
    server = own.parts()["server"]
    os.kill(server, signal.SIGSTOP)
    phone.presses("3")
    pressed = time.monotonic()
    began = phone.answered_at + phone.hears("system-busy", within=8)
    assert began - pressed < 3
    os.kill(server, signal.SIGCONT)


def test_the_website_comes_back_at_the_same_address(own: Hotline):
    first = own.parts()["web"]
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: own.parts().get("web", first) != first, 5, "the website did not come back")

    def answers() -> bool:
        try:
            return urlopen(f"http://127.0.0.1:{own.environment['HOTLINE_WEB_PORT']}/healthz", timeout=5).status == 200
        except OSError:
            return False

    wait_until(answers, 20, "the website does not answer")
    assert "The website (python -m web) ended" in own.said()


def test_the_guard_comes_back(own: Hotline, phones: Callable[..., Phone]):
    first = own.parts()["guard"]
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: own.parts().get("guard", first) != first, 5, "the guard did not come back")
    phone = caller_of(own, phones)
    phone.dials("12333")
    phone.hears("welcome")


def test_a_part_that_dies_again_and_again_ends_everything(own: Hotline):
    parts = own.parts()
    for _ in range(4):
        wait_until(lambda: "guard" in own.parts(), 5, "the guard did not come back")
        os.kill(own.parts()["guard"], signal.SIGKILL)
        time.sleep(0.4)
    assert own.process.wait(20) == 1
    assert "again and again" in own.said()
    all_gone(list(parts.values()), within=1)


def test_a_guard_that_hangs_counts_as_dead():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not guard.answers(*silent.getsockname(), timeout_seconds=0.2)
