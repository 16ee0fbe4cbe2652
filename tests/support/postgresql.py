"""A real PostgreSQL on loopback, for the tests and for the benchmark."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path

from tests.support.ports import free_port


def programs() -> Path | None:
    """The newest installed server's folder; None without one."""
    packaged = sorted(glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    found = packaged[-1] if packaged else shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def running_server(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """A server with its data in this empty folder; gives the URL to which a database's name is added.

    Unless `durable`, nothing waits for the disk.
    """
    found = programs()
    # The server refuses to run as root.
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
        for parent in [folder, *folder.parents][:-2]:
            parent.chmod(parent.stat().st_mode | 0o011)
    data, port = folder / "data", free_port()
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **identity}
    subprocess.run([found / "initdb", "-D", data, "-U", "hotline", "-A", "trust", "--no-sync"], **quiet)
    options = f"-p {port} -h 127.0.0.1 -k '' -c fsync={'on' if durable else 'off'} -c max_connections=200"
    start = [found / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
    try:
        subprocess.run(start, **quiet)
        yield f"postgresql://hotline@127.0.0.1:{port}/"
    finally:
        subprocess.run([found / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **(quiet | {"check": False}))
