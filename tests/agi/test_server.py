"""The server as Asterisk and the operator meet it: starts, probes, failures, logs and stops (R6, R45)."""

import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import agi.__main__ as front_door
from agi.asterisk_simulator import Exchange
from core.records.schema import LossReport
from core.settings import Settings
from tests.support.agi.caller import Caller
from tests.support.agi.people import ANNA, BERT, NEW_PIN, OTHER_PIN, OWN_PIN, WRONG_PIN
from tests.support.agi.servers import ServerThread, settings_for

ROOT = Path(__file__).parents[2]


def database_of(context) -> str:
    return context.settings.database_url.removeprefix("sqlite:///")


# Failures in mid-call (R45)


def test_r45_a_locked_database_is_apologised_for_within_three_seconds(caller, context):
    caller.dials("12333").presses("31", ANNA.id_keys, "#")
    lock = sqlite3.connect(database_of(context), isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    caller.presses("123456#")
    assert caller.hears("checking", "system-busy", "goodbye").outcome == "goodbye"
    assert time.monotonic() - began < 3
    lock.close()


def test_r45_a_broken_database_hands_over_to_the_operator(caller, context):
    caller.operator_status = "open"
    caller.dials("12333").presses("31", ANNA.id_keys, "#", "123456#").is_back_at("account-menu")
    with sqlite3.connect(database_of(context)) as database:
        database.execute("DROP TABLE medical_accounts")
    assert caller.presses("1").hears("system-busy", "operator-connecting").outcome == "operator"


def test_a_failure_is_logged_once_with_the_call_and_without_its_data(caller, context, caplog):
    caplog.set_level(logging.DEBUG)
    caller.dials("12333").presses("31", ANNA.id_keys, "#", "123456#")
    with sqlite3.connect(database_of(context)) as database:
        database.execute("DROP TABLE medical_accounts")
    caller.presses("1").hears("system-busy")
    failures = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(failures) == 1
    assert failures[0].startswith(f"{caller.call_id} fails: ")
    assert "OperationalError" in failures[0] and "account.py" in failures[0]


# Logs (R6)


def test_r6_the_log_tells_a_call_without_a_number(new_caller, context, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    first = new_caller()
    first.dials("12333").presses("31", ANNA.id_keys, "#", WRONG_PIN, "#")
    first.presses(ANNA.id_keys, "#", "123456#").presses("1").presses("*").presses("2", ANNA.personal_number, "#")
    first.hangs_up()
    second = new_caller()
    second.dials("12333").presses("51", BERT.suffix_keys, "#", OWN_PIN, "#")
    second.presses(NEW_PIN, "#", OTHER_PIN, "#").presses(NEW_PIN, "#", NEW_PIN, "#").hears("pin-changed")
    second.presses("2", BERT.id_keys, "#", NEW_PIN, "#").presses("1").hears("loss-reported")
    with Session(context.engine) as session:
        reference = session.scalar(select(LossReport.reference))
    second.presses("*").is_silent().is_silent().is_silent()
    log = "\n".join(record.getMessage() for record in caplog.records) + "".join(capfd.readouterr())
    for secret in (ANNA.id_keys, ANNA.id_number, ANNA.personal_number, BERT.id_number[:-1], BERT.suffix_keys[:-1]):
        assert secret not in log
    for pin in (WRONG_PIN, OWN_PIN, NEW_PIN, OTHER_PIN, "123456"):
        assert pin not in log
    assert reference not in log and first.number not in log
    story = [line.removeprefix(second.call_id + " ") for line in log.splitlines() if second.call_id in line]
    assert story[:4] == ["begins", "says welcome", "asks main-menu", "asks card-menu"]
    assert "flow pin_change" in story and "answers no-input" in story
    assert story[-1] == "ends with goodbye after too-many-failures"
    assert f"{first.call_id} hung up" in log


# Connections that are no calls


def test_probes_and_noise_do_nothing(caller, server_thread):
    for noise in (b"", b"GET / HTTP/1.1\r\n\r\n", b"\n", b"\xff" * 10_000):
        with socket.create_connection(server_thread.address) as connection:
            connection.sendall(noise)
    caller.dials("12333").is_back_at("main-menu")


def test_a_forged_environment_gets_no_word(server_thread):
    exchange = Exchange(*server_thread.address)
    exchange.dial("1\nagi_callerid: 2", "1.1")
    assert exchange.next_event() is None
    assert exchange.outcome is None


def test_calls_that_arrive_in_the_same_instant_are_all_answered(new_caller):
    def call(_: int) -> bool:
        caller = new_caller()
        caller.dials("12333").presses("31", ANNA.id_keys, "#", "123456#").is_back_at("account-menu")
        caller.hangs_up()
        return True

    with ThreadPoolExecutor(50) as threads:
        assert all(threads.map(call, range(50)))


# Start and stop, in a process of its own


SERVE = """
import logging, sys
from pathlib import Path
from agi.server import serve
from core.context import open_context
from core.records.schema import LossReport
from core.settings import Settings
logging.basicConfig(level="INFO")
settings = Settings.from_env()
serve(open_context(settings), settings)
"""


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(town, free_port):
    """Start a server on the town's database, and wait until it listens."""
    started = []

    def start_one(**environment: str) -> tuple[subprocess.Popen, Caller]:
        settings = settings_for(town)
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ
            | {
                "HOTLINE_STATE_DIR": str(town.parent),
                "HOTLINE_DATABASE_URL": settings.database_url,
                "HOTLINE_SECRET": settings.secret,
                "HOTLINE_AGI_PORT": str(free_port),
            }
            | environment,
        )
        started.append(process)
        for line in process.stderr:
            if "listening" in line:
                break
        return process, Caller("127.0.0.1", free_port)

    yield start_one
    for process in started:
        process.kill()
        process.wait()
        process.stderr.close()


def test_sigterm_lets_a_running_call_finish_and_takes_no_new_one(start, free_port):
    process, caller = start()
    caller.dials("12333")
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    with pytest.raises(ConnectionRefusedError):
        Caller("127.0.0.1", free_port).dials("12333")
    caller.presses("35").hears("catalogue-on-the-web").is_silent().is_silent().is_silent()
    assert caller.outcome == "goodbye"
    assert process.wait(30) == 0


def test_sigterm_waits_no_longer_than_the_drain_limit(start):
    process, caller = start(HOTLINE_DRAIN_SECONDS="0")
    caller.dials("12333")
    process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    assert caller.presses("3").hears("system-busy", "goodbye").outcome == "goodbye"
    assert process.wait(30) == 0


def test_a_second_signal_hurries(start):
    process, caller = start()
    caller.dials("12333")
    for _ in range(2):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
    assert caller.presses("3").hears("system-busy").outcome == "goodbye"
    assert process.wait(30) == 0


def test_a_port_that_is_taken_is_told_in_a_sentence(start, free_port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        process, _ = start()
        assert process.wait(30) == 1


def test_missing_recordings_stop_the_start_with_a_sentence(monkeypatch, town):
    monkeypatch.setattr("sounds.library.problems", lambda _: ["The recording welcome (您好) is missing."] * 5)
    with pytest.raises(SystemExit) as end:
        front_door.answer_calls(settings_for(town))
    missing = "The recording welcome (您好) is missing."
    sentences = ["The hotline can't start without its recordings.", *[missing] * 3, "And 2 more."]
    assert end.value.code == " ".join(sentences)


def test_a_bad_setting_stops_the_start_with_a_sentence(monkeypatch):
    monkeypatch.setenv("HOTLINE_AGI_PORT", "many")
    with pytest.raises(SystemExit, match="HOTLINE_AGI_PORT"):
        front_door.main([])
    with pytest.raises(SystemExit, match="usage"):
        front_door.main(["sing"])


def test_check_says_whether_the_server_answers(monkeypatch, server_thread, free_port):
    def says(port: int) -> object:
        monkeypatch.setenv("HOTLINE_AGI_PORT", str(port))
        with pytest.raises(SystemExit) as end:
            front_door.main(["check"])
        return end.value.code

    assert says(server_thread.address[1]) is None
    assert says(free_port) == "The server does not answer."
    with socket.create_server(("127.0.0.1", 0)) as somebody_else:
        Thread(target=lambda: somebody_else.accept()[0].sendall(b"HTTP/1.1 400\r\n"), daemon=True).start()
        assert says(somebody_else.getsockname()[1]) == "The server does not answer."


def test_a_server_that_hangs_up_before_it_has_read_what_was_asked_answers(monkeypatch):
    """Whoever closes a connection with bytes unread resets it."""

    def hang_up(listener: socket.socket) -> None:
        connection = listener.accept()[0]
        connection.recv(1)
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=hang_up, args=(listener,), daemon=True).start()
        monkeypatch.setenv("HOTLINE_AGI_PORT", str(listener.getsockname()[1]))
        with pytest.raises(SystemExit) as end:
            front_door.main(["check"])
    assert end.value.code is None


def test_check_ends_with_0_if_the_server_answers_and_with_1_if_not(server_thread, free_port):
    for port, status in ((server_thread.address[1], 0), (free_port, 1)):
        command = [sys.executable, "-m", "agi", "check"]
        environment = os.environ | {"HOTLINE_AGI_PORT": str(port)}
        assert subprocess.run(command, cwd=ROOT, env=environment, capture_output=True).returncode == status


def test_a_call_is_ended_with_a_goodbye_before_asterisk_cuts_it_off(town, context, monkeypatch):
    monkeypatch.setattr("agi.server.GOODBYE_SECONDS", 58)
    thread = ServerThread(settings_for(town, call_limit_seconds=60, drain_seconds=0))
    thread.current.context = context
    caller = Caller(*thread.address)
    caller.dials("12333")
    time.sleep(2.1)
    assert caller.presses("3").hears("goodbye").does_not_hear("enquiry-menu").outcome == "goodbye"
    thread.stop()


def test_the_phone_says_when_there_is_no_server(monkeypatch, free_port):
    monkeypatch.setenv("HOTLINE_AGI_PORT", str(free_port))
    with pytest.raises(SystemExit, match="make run"):
        front_door.main(["phone"])


def test_settings_are_followed(start):
    process, caller = start(HOTLINE_QUESTION_TRIES="1")
    caller.dials("12333").is_silent()
    assert caller.hears("too-many-failures").outcome == "goodbye"
    assert Settings.from_env({}).question_tries == 3
    assert process.poll() is None
