"""A real Asterisk, real SIP phones, and (for the flows) the whole hotline as `make run` starts it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dialplan import fetch
from tests.support.missing import cannot_run
from tests.support.telephony.phone import Phone, phones_in
from tests.support.telephony.switchboard import StandIn, Switchboard, reachable_folder, switchboard


@pytest.fixture(scope="session")
def program() -> fetch.Program:
    """The Asterisk of this machine, fetched where need be."""
    try:
        return fetch.find_asterisk(os.environ, print)
    except fetch.NoAsterisk as reason:
        cannot_run(str(reason))


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
def phone(board: Switchboard, phones: Callable[..., Phone]) -> Phone:
    """A caller's phone."""
    return phones(board.login(), board.home.sounds)


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    """Makes phones, and puts all of them away at the end."""
    with phones_in(tmp_path) as make:
        yield make
