"""`python -m dialplan`: Asterisk and its guard alone, as in a container of their own, behind another address."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dialplan.fetch import Program
from sounds.library import SHIPPED
from tests.support.ports import free_port
from tests.support.telephony.phone import Phone
from tests.support.telephony.switchboard import REPOSITORY, wait_until

PUBLIC_HOST = "127.0.0.2"
RTP_PORTS = (21000, 21019)


def python(environment: dict[str, str], *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def telephone(environment: dict[str, str]) -> Iterator[str]:
    """A running telephone; gives what it said when it was ready."""
    process = python(environment, "-m", "dialplan")
    try:
        yield next(line for line in process.stdout if line.startswith("ready"))
    finally:
        process.terminate()
        assert process.wait(20) == 0


@pytest.fixture
def environment(program: Program, open_folder: Path) -> dict[str, str]:
    """Behind a translated address, with a server that nobody has started."""
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOTLINE_ASTERISK_DIR")}
    return inherited | {
        "HOTLINE_STATE_DIR": str(open_folder),
        "HOTLINE_SIP_HOST": "0.0.0.0",
        "HOTLINE_SIP_PUBLIC_HOST": PUBLIC_HOST,
        "HOTLINE_SIP_PORT": str(free_port()),
        "HOTLINE_RTP_PORTS": "-".join(map(str, RTP_PORTS)),
        "HOTLINE_AGI_HOST": "127.0.0.3",
        "HOTLINE_AGI_PORT": str(free_port()),
    }


def test_a_phone_is_told_the_public_address_and_the_rtp_ports(
    environment: dict[str, str], open_folder: Path, phones: Callable[..., Phone]
):
    with telephone(environment) as ready:
        assert f"{PUBLIC_HOST}:{environment['HOTLINE_SIP_PORT']}" in ready
        login = json.loads((open_folder / "softphone.json").read_text())
        assert login["server"] == PUBLIC_HOST and login["password"] not in ready
        phone = phones(login, SHIPPED)
        phone.dials("12333")
        host, port = phone.media_address.split(":")
        assert host == PUBLIC_HOST and RTP_PORTS[0] <= int(port) <= RTP_PORTS[1]
        phone.hears("system-busy")  # R45: no server is there
        phone.hears("goodbye")


def test_check_tells_whether_the_telephone_answers(environment: dict[str, str]):
    assert python(environment, "-m", "dialplan", "check").wait(20) == 1
    with telephone(environment):
        wait_until(lambda: python(environment, "-m", "dialplan", "check").wait(20) == 0, 10, "it does not answer")


@pytest.mark.parametrize("part", ["agi", "web", "dialplan"])
def test_a_command_that_is_not_understood_says_what_is(part: str):
    process = python(dict(os.environ), "-m", part, "chekc")
    assert "usage:" in process.communicate(timeout=20)[0] and process.returncode == 1
