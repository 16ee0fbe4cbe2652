"""A real Asterisk, real SIP phones, and (for the flows) the whole hotline as `make run` starts it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dialplan import fetch
from tests.conftest import cannot_run
from tests.support.telephony.phone import Phone
from tests.support.telephony.switchboard import StandIn, Switchboard, switchboard


@pytest.fixture(scope="session")
def program() -> fetch.Program:
    """The Asterisk of this machine, fetched where need be."""
    try:
        return fetch.find_asterisk(os.environ, print)
    except fetch.NoAsterisk as reason:
        cannot_run(str(reason))


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A folder that Asterisk's user can reach: those of pytest are private, and it keeps them so."""
    with TemporaryDirectory(prefix="hotline-test-") as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def board(program: fetch.Program) -> Iterator[Switchboard]:
    """One Asterisk for all tests of a module."""
    with reachable_folder() as folder, switchboard(program, folder) as running:
        yield running


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A state folder for a test that starts an Asterisk of its own."""
    with reachable_folder() as folder:
        yield folder


@pytest.fixture
def server(board: Switchboard) -> StandIn:
    """The stand-in server, with nothing left over from the test before."""
    board.server.environments.clear()
    board.server.results.clear()
    board.server.script = lambda call: call.outcome("goodbye")
    return board.server


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    """Makes phones, and puts all of them away at the end."""
    made: list[Phone] = []
    numbers = count(1)

    def make(login: dict, sounds: Path) -> Phone:
        folder = tmp_path / f"phone-{next(numbers)}"
        folder.mkdir()
        made.append(Phone(login, sounds, folder))
        return made[-1]

    yield make
    for phone in made:
        phone.close()


@pytest.fixture
def phone(board: Switchboard, phones: Callable[..., Phone]) -> Phone:
    """A caller's phone."""
    return phones(board.login(), board.home.sounds)
