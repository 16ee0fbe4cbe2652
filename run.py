"""Runs the whole hotline in the foreground until Ctrl-C: `make run`.

Prepares what the first start needs (database, demo people, secrets, sounds, Asterisk), starts the parts in their order,
says `ready` when all of them answer, starts again what dies, and ends everything that it started.
"""

import fcntl
import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TextIO

import agi.check
import web.check
from core import demo
from core.context import open_context
from core.settings import Settings, SettingsError
from dialplan import fetch, telephone
from supervisor import END_LIMIT_SECONDS, HERE, CannotRun, Part, say, supervise
from web.reader import server as reader


def make_state_folder(folder: Path) -> None:
    """What is made from here on is for its owner alone; others, such as Asterisk's user, may only pass through."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711)
    os.umask(0o077)


def prepare_state(settings: Settings) -> bool:
    """R6: the secret; the newest schema; demo people, if wished, where nobody is on record yet. Returns whether they
    are alone there."""
    context = open_context(settings)
    try:
        if demo.are_wanted(context):
            say("first start: the demo people come in (core/demo/README.md).")
            command = [sys.executable, "-m", "core", "demo"]
            if subprocess.run(command, cwd=HERE, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode:
                raise CannotRun("The demo people could not be put into the database.")
        return demo.is_alone(context)
    finally:
        context.engine.dispose()


def hold_state_folder(settings: Settings) -> TextIO:
    """Keeps a second hotline out of the same state folder, for as long as the returned file is open."""
    lock = (settings.state_dir / "run.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotRun(
            f"Another hotline is running from {settings.state_dir.absolute()}: end it, or set HOTLINE_STATE_DIR."
        ) from None
    return lock


def check_ports(settings: Settings) -> None:
    """A port that is taken is named with its setting before anything starts."""
    wanted = (
        ("HOTLINE_SIP", settings.sip_host, settings.sip_port, socket.SOCK_DGRAM),
        ("HOTLINE_AGI", settings.agi_host, settings.agi_port, socket.SOCK_STREAM),
        ("HOTLINE_WEB", settings.web_host, settings.web_port, socket.SOCK_STREAM),
    )
    for setting, host, port, kind in wanted:
        check_port(host, port, kind, f"{setting}_PORT (and {setting}_HOST)")


def check_port(host: str, port: int, kind: socket.SocketKind, settings: str) -> None:
    """One port, and the settings by which another can be chosen."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotRun(
                f"Port {port} on {host} can't be used ({error.strerror}): "
                f"end the program that has it, or set {settings}."
            ) from None


def server_part(settings: Settings) -> Part:
    """The FastAGI server."""
    return Part(
        "The FastAGI server (python -m agi)",
        [sys.executable, "-m", "agi"],
        lambda: agi.check.answers(settings),
        check_every_seconds=30,
        end_limit_seconds=settings.drain_seconds + END_LIMIT_SECONDS,
    )


def web_part(settings: Settings) -> Part:
    """The website."""
    return Part(
        "The website (python -m web)",
        [sys.executable, "-m", "web"],
        lambda: web.check.answers(settings),
        check_every_seconds=30,
        still_answers=lambda: web.check.lives(settings),
    )


def reader_part(settings: Settings) -> Part:
    """The simulated card reader, with the demo's cards."""
    check_port(reader.HOST, settings.reader_port, socket.SOCK_STREAM, "HOTLINE_READER_PORT")
    return Part(
        "The simulated card reader (python -m web.reader --simulated)",
        [sys.executable, "-m", "web.reader", "--simulated"],
        lambda: web.check.is_well(reader.HOST, settings.reader_port),
        check_every_seconds=30,
    )


def find_telephone() -> fetch.Program | None:
    """Asterisk, or one sentence about why there is none; the rest runs without it."""
    try:
        return fetch.find_asterisk(os.environ, say)
    except fetch.NoAsterisk as reason:
        say(f"No telephone: {reason}")
        return None


def ready_line(settings: Settings, with_telephone: bool, with_reader: bool) -> str:
    """What to open, what to dial and where."""
    host = settings.web_host
    website = f"ready: open http://{f'[{host}]' if ':' in host else host}:{settings.web_port}/"
    website += " (kiosk: /kiosk; clerks: /counter)" if with_reader else " (clerks: /counter)"
    if not with_telephone:
        return f"{website}; no Asterisk: dial 12333 by `make phone` in another terminal. Ctrl-C ends everything."
    return f"{website}; {telephone.how_to_call(settings)}; or `make phone` in another terminal. Ctrl-C ends everything."


def run(settings: Settings) -> None:
    """Everything from the first look to the end of the last part."""
    make_state_folder(settings.state_dir)
    with closing(hold_state_folder(settings)):
        check_ports(settings)
        with_reader = prepare_state(settings) and settings.simulated_reader
        program = find_telephone()
        with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
            parts = [server_part(settings), web_part(settings)]
            if with_reader:
                parts.append(reader_part(settings))
            if program:
                parts += telephone.make_parts(settings, program, listener)
            supervise(parts, ready_line(settings, program is not None, with_reader))


def main() -> None:
    """`python run.py`: exit code 0 after Ctrl-C, 1 with one sentence otherwise."""
    try:
        run(Settings.from_env())
    except (CannotRun, SettingsError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("interrupted before the start was complete.")


if __name__ == "__main__":
    main()
