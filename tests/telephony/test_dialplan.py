"""What Asterisk does with a call before, between and after the server's commands."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sounds.library import SHIPPED
from tests.support.telephony.phone import Phone
from tests.support.telephony.switchboard import AgiCall, StandIn, Switchboard, files_with, uid_of, wait_until


def test_r40_exactly_12333_is_answered(phone: Phone, server: StandIn):
    phone.dials("12333")
    phone.is_hung_up()
    for number in ("1233", "123334", "012333", "12333x", "*11", "s", "_X."):
        assert phone.is_refused(number) == 404


def test_a_wrong_password_gets_no_line(board: Switchboard, phones: Callable[..., Phone]):
    stranger = phones({**board.login(), "password": "123456"}, board.home.sounds)
    assert stranger.registers() in (401, 403)
    assert stranger.is_refused("12333") in (401, 403)
    nobody = phones({**board.login(), "username": "nobody"}, board.home.sounds)
    assert nobody.is_refused("12333") in (401, 403)


def test_the_right_password_registers(phone: Phone):
    assert phone.registers() == 200


def test_r41_star_and_hash_reach_the_server(phone: Phone, server: StandIn):
    server.script = lambda call: [call.ask("hotline/main-menu", 4), call.ask("hotline/card-menu", 8)]
    phone.dials("12333")
    phone.hears("main-menu")
    phone.presses("1", "*", "#")
    phone.hears("card-menu")
    phone.presses("#")
    assert server.result() == [["OK", "", "1*", ""], ["OK", "", "", ""]]


def test_r42_a_key_cuts_a_prompt_short_and_counts(phone: Phone, server: StandIn):
    server.script = lambda call: [
        call.ask("hotline/main-menu&hotline/enquiry-menu", 1),
        call.ask("hotline/card-menu", 1),
    ]
    phone.dials("12333")
    began = phone.hears("main-menu")
    phone.presses("5")
    cut = phone.hears("card-menu", within=5) - began
    phone.presses("1")
    assert server.result() == [["OK", "", "5", ""], ["OK", "", "1", ""]]
    whole = (SHIPPED / "main-menu.ulaw").stat().st_size / 8000  # seconds: µ-law has 8,000 bytes in one
    assert cut < whole / 2, "the first prompt went on to its end"


def test_r42_keys_pressed_ahead_are_kept(phone: Phone, server: StandIn):
    server.script = lambda call: [call.ask(f"hotline/{name}", 1) for name in ("main-menu", "card-menu", "id-enter")]
    phone.dials("12333")
    phone.hears("main-menu")
    phone.presses("523")
    assert server.result() == [["OK", "", "5", ""], ["OK", "", "2", ""], ["OK", "", "3", ""]]


def test_r42_keys_pressed_while_the_server_thinks_are_kept(phone: Phone, server: StandIn):
    """FastAGI drops them (asterisk-notes); the dialplan does not."""

    def script(call: AgiCall) -> list[list[str]]:
        answers = [call.ask("hotline/id-enter", 3, tail=1)]
        time.sleep(1.8)  # 45 and a part of the rest are pressed now
        answers += [call.ask("hotline/pin-enter", 3, tail=1), call.ask("hotline/main-menu", 1)]
        return [*answers, call.ask("hotline/card-menu", 4, seconds=1), call.ask("", 1, fresh=1, seconds=1)]

    server.script = script
    phone.dials("12333")
    phone.hears("id-enter")
    phone.presses("123#456#7*8")
    assert server.result() == [
        ["OK", "OK", "123", ""],
        ["OK", "OK", "456", ""],
        ["OK", "", "7", ""],
        ["TIMEOUT", "", "*8", ""],
        ["TIMEOUT", "", "", ""],
    ]


def test_r42_a_confirmation_is_not_given_by_a_key_pressed_while_the_server_thinks(phone: Phone, server: StandIn):
    def script(call: AgiCall) -> list[str]:
        call.ask("hotline/pin-enter", 1)
        time.sleep(1.2)
        return call.ask("hotline/loss-confirm", 1, seconds=1, fresh=1)

    server.script = script
    phone.dials("12333")
    phone.hears("pin-enter")
    phone.presses("111")
    phone.hears("loss-confirm")
    assert server.result() == ["TIMEOUT", "", "", ""]


def test_r42_silence_is_told_from_a_bare_hash(phone: Phone, server: StandIn):
    server.script = lambda call: [call.ask("hotline/main-menu", 1, seconds=1), call.ask("", 1, seconds=3)]
    phone.dials("12333")
    phone.hears("main-menu")
    phone.waits(3.6)
    phone.presses("#")
    assert server.result() == [["TIMEOUT", "", "", ""], ["OK", "", "", ""]]


def test_r42_an_incomplete_entry_is_told_from_a_complete_one(phone: Phone, server: StandIn):
    server.script = lambda call: call.ask("hotline/pin-enter", 6, seconds=1)
    phone.dials("12333")
    phone.hears("pin-enter")
    phone.presses("123")
    assert server.result() == ["TIMEOUT", "", "123", ""]


def test_r42_a_confirmation_is_a_key_pressed_after_its_question_began(phone: Phone, server: StandIn):
    server.script = lambda call: [
        call.ask("hotline/pin-enter", 1),
        call.ask("hotline/loss-confirm", 1, seconds=1, fresh=1),
    ]
    phone.dials("12333")
    phone.hears("pin-enter")
    phone.presses("111#1")  # the first 1 is the answer, the rest was pressed ahead
    phone.hears("loss-confirm")
    assert server.result() == [["OK", "", "1", ""], ["TIMEOUT", "", "", ""]]


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ("123456", ["OK", "TIMEOUT", "123456", ""]),
        ("123456#", ["OK", "OK", "123456", ""]),
        ("1234567", ["OK", "OK", "123456", "7"]),
        ("1234#", ["OK", "", "1234", ""]),
    ],
)
def test_r41_a_known_length_waits_a_moment_for_hash(phone: Phone, server: StandIn, keys: str, answer: list[str]):
    server.script = lambda call: call.ask("hotline/pin-enter", 6, tail=1)
    phone.dials("12333")
    phone.hears("pin-enter")
    phone.presses(keys)
    assert server.result() == answer


def test_what_the_caller_says_about_himself_cannot_forge_the_environment(
    board: Switchboard, server: StandIn, phones: Callable[..., Phone]
):
    names = ('"x, ${SHELL(id)} \\"y\\" 王" ', '"200 result=1" ', "")
    for name in names:
        evil = f"{name}<sip:02366%0D%0Aagi_forged%3A%20yes%0A%0A200%20result%3D1%2C%22@127.0.0.1>"
        caller = phones({**board.login(), "from": evil}, board.home.sounds)
        caller.dials("12333")
        caller.is_hung_up()
    assert len(server.environments) == len(names)
    for environment in server.environments:
        keys = [line.split(":")[0] for line in environment]
        assert all(re.fullmatch(r"agi_[a-z0-9_]+", key) for key in keys) and len(set(keys)) == len(keys) == 22
        facts = dict(line.split(": ", 1) for line in environment)
        assert re.fullmatch(r"[0-9+]+", facts["agi_callerid"]), facts["agi_callerid"]
        assert re.fullmatch(r"[A-Za-z0-9 ]+|unknown", facts["agi_calleridname"])
        assert facts["agi_dnid"] == facts["agi_extension"] == "12333" and facts["agi_rdnis"] == "unknown"


def test_a_callers_own_number_reaches_the_server(board: Switchboard, server: StandIn, phones: Callable[..., Phone]):
    caller = phones({**board.login(), "from": "sip:+862361234567@127.0.0.1"}, board.home.sounds)
    caller.dials("12333")
    caller.is_hung_up()
    assert "agi_callerid: +862361234567" in server.environments[0]


def test_r6_no_key_reaches_any_file_of_asterisk(board: Switchboard, phone: Phone, server: StandIn):
    pin = "830517"
    server.script = lambda call: [call.ask("hotline/pin-enter", 6, tail=1), call.ask("hotline/main-menu", 2)]
    board.ask("core set verbose 10")  # an administrator's curiosity must not matter
    board.ask("core set debug 10")
    phone.dials("12333")
    phone.hears("pin-enter")
    phone.presses(pin, "#")
    phone.hears("main-menu")
    phone.presses("#")
    assert server.result()[0][2] == pin
    board.ask("core set verbose 0")
    board.ask("core set debug 0")
    assert files_with(board.home.path, pin) == []
    log = board.home.log.read_text().lower()
    assert "dtmf" not in log and "user entered" not in log


def test_asterisk_is_not_root_and_its_secrets_are_private(board: Switchboard):
    assert uid_of(board.pid) != 0
    assert board.home.path.stat().st_mode & 0o007 == 0
    for file in (board.home.path / "etc").iterdir():
        assert file.stat().st_mode & 0o037 == 0, f"{file.name} can be read or written by others"
    assert (board.settings.state_dir / "sip-passwords.json").stat().st_mode & 0o077 == 0


def test_only_what_is_needed_is_loaded(board: Switchboard):
    modules = board.ask("module show")
    for unwanted in ("app_system", "func_shell", "pbx_spool", "res_ari", "app_dial.so", "res_http_websocket"):
        assert unwanted not in modules
    assert re.search(r"Manager \(AMI\): +No", board.ask("manager show settings"))


def test_the_log_of_a_start_is_clean(board: Switchboard):
    lines = board.home.log.read_text().splitlines()
    known = "PJSIP_SAFE_MODULE"  # PJSIP about its own modules, now and then
    assert [line for line in lines if re.search("ERROR|WARNING", line) and known not in line] == []


def test_a_hangup_in_a_prompt_ends_the_call_for_the_server_too(board: Switchboard, phone: Phone, server: StandIn):
    server.script = lambda call: call.ask("hotline/main-menu", 1)
    phone.dials("12333")
    phone.hears("main-menu")
    phone.hangs_up()
    assert server.result() in ([], "broken off")
    wait_until(lambda: board.calls() == 0, 3, "the channel stayed")


def test_r46_every_prompt_that_the_dialplan_names_exists():
    folder = Path(__file__).parents[2]
    used = set(
        re.findall(
            r"hotline/([a-z-]+)",
            "".join((folder / "dialplan/templates" / name).read_text() for name in ("extensions.conf", "queues.conf")),
        )
    )
    words = (folder / "sounds/manifest.toml").read_text(encoding="utf-8")
    assert {name for name in used if f"\n{name} = " not in words} == set()
