"""`make docker-check`, or `python -m docker.check [PYTEST ARGUMENT]...`: exit code 0 if all is as it should be."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from dialplan.fetch import NoAsterisk, cache_folder, debian_mirror
from docker.check import engine, stand_ins
from docker.check.containers import Containers
from docker.check.engine import PROJECT, Engine, EngineError

HOST_NETWORK = f"--file={Path('/project/docker/check/host-network.yaml')}"


def check_with_the_machines_engine(arguments: list[str]) -> int:
    containers = Containers(Engine())
    say_and_build(containers)
    try:
        return hold_dialogues(Engine(), arguments)
    finally:
        containers.down("--volumes", "--rmi=local")


def check_with_an_engine_of_our_own(arguments: list[str]) -> int:
    """Fetched and filled where need be: once to build, once to run."""
    if os.geteuid() != 0 or (mirror := debian_mirror()) is None:
        raise EngineError("There is no Docker here, and making an engine needs root on Debian.")
    folder = cache_folder(os.environ) / "docker"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one check at a time in this folder
        root = engine.unpacked(folder, mirror)
        with engine.running(root, own_network=False) as builder:
            containers = Containers(builder)
            containers.down("--volumes")  # what an earlier check left that was killed
            stand_ins.make(builder, mirror, folder)
            say_and_build(containers, HOST_NETWORK)
        with engine.running(root, own_network=True) as runner:
            return hold_dialogues(runner, arguments)


def say_and_build(containers: Containers, *files: str) -> None:
    print("building the images …", flush=True)
    containers.compose(*files, "build")


def hold_dialogues(runner: Engine, arguments: list[str]) -> int:
    """The tests beside this file, where the published ports are."""
    command = runner.beside(sys.executable, "-m", "pytest", "docker/check", *arguments)
    return subprocess.run(command, cwd=PROJECT, env=os.environ | {"CHECK_ENGINE": str(runner.process or "")}).returncode


def main(arguments: list[str]) -> int:
    try:
        if engine.is_installed():
            return check_with_the_machines_engine(arguments)
        return check_with_an_engine_of_our_own(arguments)
    except (EngineError, NoAsterisk) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
