"""Finds an Asterisk 20 or newer on this machine, or unpacks Debian's into a folder of its own.

Debian's stable releases have no `asterisk` package; sid has. Its packages are resolved and downloaded by apt with a
private state (no root, no change to the machine), unpacked side by side into one folder, and started through that
folder's own dynamic loader, so that neither chroot nor mounts are needed. The folder is kept between runs and clones.
"""

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

OLDEST_VERSION = 20
PACKAGES = ("asterisk", "asterisk-modules", "asterisk-config")
ARCHIVE_KEYRINGS = ("/usr/share/keyrings/debian-archive-keyring.pgp", "/usr/share/keyrings/debian-archive-keyring.gpg")
DOWNLOAD_LIMIT_SECONDS = 900


class NoAsterisk(Exception):
    """No usable Asterisk can be had here; the message is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Program:
    """An Asterisk that can be started: its command, and the folders its configuration must name."""

    command: tuple[str, ...]
    modules: Path
    documentation: Path | None
    zoneinfo: Path
    version: str


def find_asterisk(environ: Mapping[str, str], say: Callable[[str], None]) -> Program:
    """The Asterisk on the path if it is new enough, else the unpacked one, fetched first where that must be."""
    on_path = shutil.which("asterisk", path=environ.get("PATH"))
    if on_path and (program := _installed(on_path, say)):
        return program
    folder = cache_folder(environ)
    root = folder / "root"
    if root.is_dir() and not os.access(folder, os.W_OK):  # somebody else keeps it: complete, so it may be used
        return _unpacked(root)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # Asterisk's own user must get in, whatever the umask
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a second start waits here and then finds the work done
            if not root.is_dir():
                say(f"fetching Asterisk from Debian sid into {folder} (once, about 80 MB) …")
                _fetch(folder, root)
            return _unpacked(root)
    except OSError as error:
        raise NoAsterisk(f"Asterisk can't be kept in {folder}: {error}; set HOTLINE_ASTERISK_DIR.") from error


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Where the unpacked Asterisk is kept: HOTLINE_ASTERISK_DIR, or the usual cache place of this user."""
    if chosen := environ.get("HOTLINE_ASTERISK_DIR"):
        return Path(chosen).absolute()
    return Path("/var/cache/hotline-12333") if os.geteuid() == 0 else Path.home() / ".cache" / "hotline-12333"


def _installed(executable: str, say: Callable[[str], None]) -> Program | None:
    version = _version((executable,))
    if _major(version) < OLDEST_VERSION:
        say(f"{executable} is {version}; {OLDEST_VERSION} or newer is needed, so another is looked for.")
        return None
    libraries = [Path(p) for p in ("/usr/lib", "/usr/local/lib", "/usr/lib64")]
    folders = [f / "asterisk/modules" for top in libraries for f in (top, *top.glob("*-linux-gnu*"))]
    modules = next((f for f in folders if (f / "chan_pjsip.so").exists()), None)
    if modules is None:
        say(f"{executable} has no chan_pjsip module where it is usually kept, so another is looked for.")
        return None
    places = (Path("/usr/share/asterisk/documentation"), Path("/var/lib/asterisk/documentation"))
    documentation = next((p for p in places if p.is_dir()), None)
    return Program((executable,), modules, documentation, Path("/usr/share/zoneinfo"), version)


def _unpacked(root: Path) -> Program:
    """The program inside an unpacked folder, whatever its architecture's triplet is."""
    loaders = [*root.glob("usr/lib64/ld-linux-*.so.*"), *root.glob("usr/lib/ld-linux-*.so.*")]
    libraries = [libc.parent for libc in root.glob("usr/lib/*/libc.so.6")]
    if not loaders or not libraries:
        raise NoAsterisk(f"the Asterisk in {root} is not complete; remove that folder and start again.")
    loader, library = str(loaders[0]), libraries[0]
    command = (loader, "--argv0", "asterisk", "--library-path", str(library), str(root / "usr/sbin/asterisk"))
    share = root / "usr/share"
    version = _version(command)
    if _major(version) < OLDEST_VERSION:
        raise NoAsterisk(f"the Asterisk in {root} does not start; remove that folder and start again.")
    return Program(command, library / "asterisk/modules", share / "asterisk/documentation", share / "zoneinfo", version)


def _fetch(folder: Path, root: Path) -> None:
    """Downloads and unpacks into a temporary folder beside `root`, and renames it as the last step."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise NoAsterisk("there is no Asterisk on the path and no apt to fetch one with: install asterisk 20 or newer.")
    for stale in folder.glob("fetching-*"):
        shutil.rmtree(stale)
    work = Path(tempfile.mkdtemp(prefix="fetching-", dir=folder))
    try:
        unpacked = work / "root"
        unpacked.mkdir(mode=0o755)
        for package in _download(work / "apt"):
            _run(["dpkg-deb", "-x", str(package), str(unpacked)])
        _drop_privileged_bits(unpacked)
        _unpacked(unpacked)  # proves that the loader, the libraries and the program fit together
        unpacked.rename(root)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _drop_privileged_bits(folder: Path) -> None:
    """Nobody upgrades these copies of passwd and the like, so none of them may run as another user."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o777)


def _download(apt: Path) -> list[Path]:
    """Every package that Asterisk needs on an empty machine, by apt's own resolver with a state of its own."""
    for inner in ("state/lists/partial", "cache/archives/partial", "sources.list.d", "preferences.d"):
        (apt / inner).mkdir(parents=True)
    (apt / "state/status").touch()
    (apt / "preferences").touch()
    keyring = next((f"[signed-by={k}] " for k in ARCHIVE_KEYRINGS if Path(k).exists()), "")
    mirror = debian_mirror()
    if mirror is None:
        raise NoAsterisk("no Asterisk is on the path and apt knows no Debian mirror: install asterisk 20 or newer.")
    (apt / "sources.list").write_text(f"deb {keyring}{mirror} sid main\n")
    options = {
        "Dir::State": apt / "state",
        "Dir::State::status": apt / "state/status",
        "Dir::Cache": apt / "cache",
        "Dir::Etc::sourcelist": apt / "sources.list",
        "Dir::Etc::sourceparts": apt / "sources.list.d",
        "Dir::Etc::preferences": apt / "preferences",
        "Dir::Etc::preferencesparts": apt / "preferences.d",
        "APT::Install-Recommends": "false",
        "Acquire::Languages": "none",
        "APT::Sandbox::User": "root",  # the folder may be private to us, so no download as another user
    }
    apt_get = ["apt-get", "-q", "-y", *(part for name, value in options.items() for part in ("-o", f"{name}={value}"))]
    _run([*apt_get, "update"])
    _run([*apt_get, "install", "--download-only", *PACKAGES])
    return sorted((apt / "cache/archives").glob("*.deb"))


def debian_mirror() -> str | None:
    """The Debian mirror that this machine's own apt uses."""
    rows = _run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN)", "Created-By: Packages"])
    for row in rows.splitlines():
        uri, _, origin = row.partition(" ")
        if "security" not in uri and (origin == "Debian" or uri.rstrip("/").endswith("/debian")):
            return uri
    return None


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=True,
            timeout=DOWNLOAD_LIMIT_SECONDS,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
        )
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NoAsterisk(f"Asterisk could not be fetched: {Path(command[0]).name} said: {reason}") from error
    except subprocess.TimeoutExpired as error:
        raise NoAsterisk("Asterisk could not be fetched: the download took too long.") from error
    return done.stdout


def _version(command: tuple[str, ...]) -> str:
    with suppress(OSError, subprocess.TimeoutExpired):  # a program that does not run has version "" and is refused
        done = subprocess.run([*command, "-V"], capture_output=True, text=True, timeout=20)
        return done.stdout.strip()
    return ""


def _major(version: str) -> int:
    found = re.search(r"\b(\d+)\.", version)
    return int(found[1]) if found else 0
