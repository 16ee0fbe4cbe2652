"""Asterisk and its guard as parts of a running hotline, with the configuration rendered and the sounds in place."""

import socket
import sys

from core.settings import Settings, reachable
from dialplan import asterisk, guard, phones
from dialplan.fetch import Program
from sounds import library
from supervisor import Part, say


def make_parts(settings: Settings, program: Program, listener: socket.socket) -> list[Part]:
    """The guard, on a socket that listens already, and Asterisk."""
    home = asterisk.choose_home(settings.state_dir, program, say)
    passwords = phones.passwords(settings.state_dir)
    address = listener.getsockname()[:2]
    asterisk.prepare(home, program, settings, passwords, address)
    library.merge(home.sounds, settings.sounds_dir)
    asterisk.open_sounds(home)
    phones.write_phone_files(settings.state_dir, settings.sip_public_host, settings.sip_port, passwords)
    server = [reachable(settings.agi_host), str(settings.agi_port)]
    return [
        Part(
            "The guard (python -m dialplan.guard)",
            [sys.executable, "-m", "dialplan.guard", str(listener.fileno()), *server, str(home.control)],
            lambda: guard.answers(*address),
            check_every_seconds=1,
            inherits=(listener.fileno(),),
        ),
        Part(
            "Asterisk",
            asterisk.command(home, program),
            lambda: asterisk.answers(home, settings),
            check_every_seconds=15,
            still_answers=lambda: asterisk.is_up(home),
            user=home.user,
            output=home.path / "log/console.log",
        ),
    ]


def how_to_call(settings: Settings) -> str:
    """What to dial and where, in one sentence."""
    return (
        f"dial {phones.NUMBER} with a SIP phone at {settings.sip_public_host}:{settings.sip_port} (UDP), username "
        f"softphone, password in {settings.state_dir / 'softphone.json'}"
    )
