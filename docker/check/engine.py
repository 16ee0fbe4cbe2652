"""A Docker engine to check with: the machine's own, or Debian's where the machine has none.

Debian's is unpacked once into a folder of its own, kept for the next time. It runs there in mount and process
namespaces of its own: its mounts are seen nowhere else, and all that it started ends with its first process. It builds
with the machine's network, and runs the hotline in a network of its own, so that no port is taken from anybody.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from supervisor import die_with_parent

PROJECT = Path(__file__).parents[2]
ENTER = Path(__file__).with_name("enter.sh")
PACKAGES = "ca-certificates,docker.io,docker-cli,docker-buildx,docker-compose,iptables,iproute2"
OWN_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
WITHOUT_NETWORK = ("--bridge=none", "--iptables=false", "--ip6tables=false")
CONTROL_GROUPS = Path("/sys/fs/cgroup")
START_LIMIT_SECONDS = 60
END_LIMIT_SECONDS = 60


class EngineError(Exception):
    """Docker can't be had or refuses; the message is for the person at the terminal."""


@dataclass(frozen=True)
class Engine:
    """Docker as a program can use it. `process` is the first one of an engine made here; None: the machine's own."""

    process: int | None = None

    @property
    def project(self) -> Path:
        """The project's folder, as the engine sees it."""
        return PROJECT if self.process is None else Path("/project")

    def docker(self, *arguments: object, stdin: object = subprocess.DEVNULL, **variables: str) -> str:
        """`docker ARGUMENTS`, with the settings in `variables` and no others; returns what it prints."""
        command = ["docker", *map(str, arguments)]
        if self.process is None:
            kept = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
        else:
            command = ["nsenter", f"--target={self.process}", "--mount", "--net", "--pid", *command]
            kept = OWN_ENVIRONMENT
        done = subprocess.run(
            command, stdin=stdin, capture_output=True, text=True, errors="replace", env=kept | variables
        )
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-30:])
            raise EngineError(f"docker {' '.join(map(str, arguments))}:\n{said}")
        return done.stdout

    def beside(self, *command: str) -> list[str]:
        """A command of the machine's that reaches the published ports on loopback."""
        return [*command] if self.process is None else ["nsenter", f"--target={self.process}", "--net", *command]


def is_installed() -> bool:
    """Whether this machine has a running Docker with compose."""
    if not shutil.which("docker"):
        return False
    asked = (["docker", "version"], ["docker", "compose", "version"])
    return not any(subprocess.run(question, capture_output=True).returncode for question in asked)


def unpacked(folder: Path, mirror: str) -> Path:
    """Debian's engine in `folder`, fetched there first where that must be."""
    root = folder / "root"
    if not root.is_dir():
        print(f"fetching a Docker engine from Debian sid into {folder} (once) …", flush=True)
        for stale in folder.glob("fetching-*"):
            shutil.rmtree(stale)
        work = Path(tempfile.mkdtemp(prefix="fetching-", dir=folder))
        work.chmod(0o755)
        debootstrap("sid", work, mirror, f"--include={PACKAGES}")
        work.rename(root)
    return root


def debootstrap(release: str, target: Path, mirror: str, *options: str) -> None:
    """A small Debian in the folder `target`."""
    command = ["debootstrap", "--variant=minbase", *options, release, str(target), mirror]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise EngineError(f"debootstrap {release}:\n" + "\n".join(done.stdout.splitlines()[-10:]))


@contextmanager
def running(root: Path, *, own_network: bool) -> Iterator[Engine]:
    """The unpacked engine, started; everything in it has ended when this does."""
    namespaces = ["--mount", "--propagation=private", "--pid", "--fork", "--kill-child"]
    namespaces += ["--net"] if own_network else []
    options = () if own_network else WITHOUT_NETWORK
    with (root.parent / "dockerd.log").open("wb") as log:
        starter = subprocess.Popen(
            ["unshare", *namespaces, "sh", ENTER, root, PROJECT, "dockerd", *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us, who then end it in good order
            preexec_fn=die_with_parent,
        )
    try:
        yield _answering(starter, log.name)
    finally:
        _end(starter)


def _answering(starter: subprocess.Popen, log: str) -> Engine:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while starter.poll() is None and time.monotonic() < deadline:
        time.sleep(0.3)
        try:
            engine = Engine(_first_process(starter))
            engine.docker("version")
            return engine
        except (EngineError, IndexError):
            continue  # not yet
    raise EngineError(f"the Docker engine does not start: see {log}")


def _first_process(starter: subprocess.Popen) -> int:
    return int(Path(f"/proc/{starter.pid}/task/{starter.pid}/children").read_text().split()[0])


def _end(starter: subprocess.Popen) -> None:
    """Asks dockerd to end its containers and itself; then the kernel ends what is left in its namespace."""
    try:
        os.kill(_first_process(starter), signal.SIGTERM)
        starter.wait(END_LIMIT_SECONDS)
    except (OSError, IndexError, subprocess.TimeoutExpired):
        starter.kill()
        starter.wait()
    for folder in sorted(CONTROL_GROUPS.glob("**/docker/**/"), reverse=True):  # nothing else outlives a namespace
        with suppress(OSError):  # in use, so not ours
            folder.rmdir()
