"""Renders Asterisk's configuration, starts it without root where the system allows, and asks it whether it answers."""

import hashlib
import os
import pwd
import socket
import subprocess
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from zoneinfo import TZPATH

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dialplan.fetch import Program

TEMPLATES = Path(__file__).parent / "templates"
OPERATOR_CALL_LIMIT_SECONDS = 2 * 3600  # waiting and talking together; a limit, so that no channel stays for ever
QUEUE_LIMIT_SECONDS = 300  # then the caller hears that all operators are busy, and goodbye
NUMBERLESS_USER = 61533  # where no account `asterisk` exists: a user id of its own, shared with no other service
# Asterisk complains about files that it does not find, and is content with empty ones.
EMPTY_FILES = ("acl", "ccss", "cel", "features", "pjproject", "queuerules", "stasis", "udptl")
SOCKET_PATH_LIMIT = 100  # the kernel allows 107 bytes


class Settings(Protocol):
    """What Asterisk's configuration needs of core.settings.Settings."""

    @property
    def state_dir(self) -> Path: ...

    @property
    def sip_host(self) -> str: ...

    @property
    def sip_port(self) -> int: ...

    @property
    def sip_public_host(self) -> str: ...

    @property
    def rtp_ports(self) -> tuple[int, int]: ...

    @property
    def operator_hours(self) -> str: ...

    @property
    def timezone(self) -> str: ...

    @property
    def call_limit_seconds(self) -> int: ...


@dataclass(frozen=True)
class Home:
    """The folder that one Asterisk lives in, and the user that it runs as (None: whoever starts it)."""

    path: Path
    user: int | None

    @property
    def sounds(self) -> Path:
        return self.path / "data/sounds/zh/hotline"

    @property
    def control(self) -> Path:
        return self.path / "run/asterisk.ctl"

    @property
    def log(self) -> Path:
        return self.path / "log/messages.log"


def choose_home(state_dir: Path, program: Program, say: Callable[[str], None]) -> Home:
    """STATE/asterisk and an unprivileged user; says in one line where one of the two can't be had."""
    path = state_dir.absolute() / "asterisk"
    user = None
    if os.geteuid() == 0:
        user = _unprivileged_user()
        if not _works_as(user, [*program.command, "-V"]):
            say(f"Asterisk runs as root: user {user} can't start {program.command[-1]} here.")
            user = None
        elif not _works_as(user, ["test", "-x", str(state_dir.absolute())]):
            path = _short_home(path)
            say(f"Asterisk keeps its files in {path}: its user {user} can't reach {state_dir.absolute()}.")
    if len(str(path)) > SOCKET_PATH_LIMIT - len("/run/asterisk.ctl"):
        path = _short_home(path)
        say(f"Asterisk keeps its files in {path}: the path of the state folder is too long for its socket.")
    return Home(path, user)


def prepare(
    home: Home, program: Program, settings: Settings, passwords: Mapping[str, str], guard: tuple[str, int]
) -> None:
    """Makes the folders and writes every configuration file; only Asterisk's user and the starter can read them."""
    group = -1 if home.user is None else home.user
    for name in ("", "etc", "lib", "spool", "run", "log", "data", "data/sounds/zh"):
        folder = home.path / name
        folder.mkdir(parents=True, exist_ok=True)
    for name in ("", "etc", "data"):
        os.chown(home.path / name, -1, group)
        (home.path / name).chmod(0o750)
    for name in ("lib", "spool", "run", "log"):
        _give(home.path / name, home.user)
    if program.documentation:
        link = home.path / "data/documentation"
        link.unlink(missing_ok=True)
        link.symlink_to(program.documentation)
    templates = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True)
    values = {
        "home": home.path,
        "modules": program.modules,
        "zone_file": _zone_file(settings.timezone, program),
        "sip_host": settings.sip_host,
        "sip_port": settings.sip_port,
        "sip_public_host": settings.sip_public_host,
        "rtp_ports": settings.rtp_ports,
        "operator_hours": settings.operator_hours,
        "call_limit_seconds": settings.call_limit_seconds,
        "guard_host": guard[0],
        "guard_port": guard[1],
        "operator_call_limit_seconds": OPERATOR_CALL_LIMIT_SECONDS,
        "queue_limit_seconds": QUEUE_LIMIT_SECONDS,
        "passwords": passwords,
        "operators": [name for name in passwords if name.startswith("operator")],
    }
    rendered = {f"{name}.conf": "" for name in EMPTY_FILES}
    rendered |= {name: templates.get_template(name).render(values) for name in templates.list_templates()}
    for name, text in rendered.items():
        target = home.path / "etc" / name
        target.unlink(missing_ok=True)
        with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        os.chown(target, -1, group)
        target.chmod(0o640)


def open_sounds(home: Home) -> None:
    """Lets Asterisk's user read the merged sounds, whatever the umask was when they were copied."""
    for path in (home.path / "data/sounds", *(home.path / "data/sounds").rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)


def command(home: Home, program: Program) -> list[str]:
    """Runs Asterisk in the foreground on its rendered configuration."""
    return [*program.command, "-f", "-C", str(home.path / "etc/asterisk.conf")]


def ask(home: Home, question: str, timeout_seconds: float = 1.5) -> str:
    """Asks a running Asterisk on its control socket, as `asterisk -rx` does; raises OSError when nobody answers.

    The question must hold no caller's text: whoever can ask here owns the PBX.
    """
    with socket.socket(socket.AF_UNIX) as control:
        control.settimeout(timeout_seconds)
        control.connect(str(home.control))
        _read_line(control)  # the greeting: host/pid/version
        control.sendall(question.encode() + b"\0")
        return _read_until_quiet(control)


def is_up(home: Home) -> bool:
    """Whether the Asterisk of this home answers on its control socket."""
    try:
        return "uptime" in ask(home, "core show uptime")
    except OSError:
        return False


def answers(home: Home, settings: Settings) -> bool:
    """Whether this Asterisk answers on its control socket and at its SIP port."""
    return is_up(home) and sip_answers(settings.sip_host, settings.sip_port)


def sip_answers(host: str, port: int, timeout_seconds: float = 1.0) -> bool:
    """Whether a SIP server answers OPTIONS at this address; any status counts, 401 among them."""
    branch = uuid.uuid4().hex
    host = "127.0.0.1" if host == "0.0.0.0" else host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sip:
        sip.settimeout(timeout_seconds)
        with suppress(OSError):  # refused or silent: it does not answer yet
            sip.connect((host, port))
            here = "{}:{}".format(*sip.getsockname())
            sip.send(
                "\r\n".join(
                    [
                        f"OPTIONS sip:12333@{host}:{port} SIP/2.0",
                        f"Via: SIP/2.0/UDP {here};branch=z9hG4bK{branch};rport",
                        f"From: <sip:check@{here}>;tag={branch[:8]}",
                        f"To: <sip:12333@{host}:{port}>",
                        f"Call-ID: {branch}",
                        "CSeq: 1 OPTIONS",
                        f"Contact: <sip:check@{here}>",
                        "Max-Forwards: 1",
                        "Content-Length: 0",
                        "",
                        "",
                    ]
                ).encode()
            )
            return sip.recv(4096).startswith(b"SIP/2.0 ")
    return False


def _read_line(control: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n") and (more := control.recv(1)):
        line += more
    return line


def _read_until_quiet(control: socket.socket) -> str:
    """The console marks no end of an answer, and some are empty: it is over when nothing more comes."""
    answer = b""
    with suppress(TimeoutError):
        answer = control.recv(65536)
        control.settimeout(0.2)
        while more := control.recv(65536):
            answer += more
    return answer.replace(b"\0", b"").decode(errors="replace")


def _unprivileged_user() -> int:
    with suppress(KeyError):
        return pwd.getpwnam("asterisk").pw_uid
    return NUMBERLESS_USER


def _works_as(user: int, command: Sequence[str]) -> bool:
    try:
        return (
            subprocess.run(
                command, user=user, group=user, extra_groups=[], cwd="/", capture_output=True, timeout=20
            ).returncode
            == 0
        )
    except (OSError, subprocess.SubprocessError):
        return False


def _short_home(path: Path) -> Path:
    """A short private place that is the same at every start from the same state folder."""
    name = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    top = Path("/run/hotline-12333") if os.geteuid() == 0 else Path(f"/tmp/hotline-12333-{os.geteuid()}")
    top.mkdir(exist_ok=True)
    if top.is_symlink() or top.stat().st_uid != os.geteuid():
        raise PermissionError(f"{top} belongs to somebody else")
    top.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return top / name


def _give(folder: Path, user: int | None) -> None:
    """Hands a folder and what an earlier run left in it to the user that Asterisk runs as now."""
    folder.chmod(0o750)
    if user is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user, user, follow_symlinks=False)


def _zone_file(timezone: str, program: Program) -> Path:
    """The zone's file by its whole path: Asterisk looks in /usr/share/zoneinfo only, which small systems lack."""
    for folder in (*map(Path, TZPATH), program.zoneinfo):
        if (folder / timezone).is_file():
            return folder / timezone
    raise FileNotFoundError(f"no time zone {timezone} on this machine: install tzdata or mend HOTLINE_TIMEZONE")
