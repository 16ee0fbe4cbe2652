"""Stand-ins for the public base images, where no registry can be reached: the same Debian from this machine's mirror.

They hold the mirror's address and what this machine needs to reach it, so they stay in the engine that was made here.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from docker.check.engine import Engine, EngineError, debootstrap

RELEASES = {"debian:bookworm-slim": "bookworm", "debian:sid-slim": "sid"}
POSTGRES = "postgres:18"
LEFT_OUT = ("usr/share/doc", "usr/share/info", "usr/share/locale", "usr/share/man")  # by the public ones too
KEEP_NOTHING = """\
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
"""
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def make(engine: Engine, mirror: str, folder: Path) -> None:
    """Every base image that the engine does not have yet; `folder` is for the work."""
    for image, release in RELEASES.items():
        if not engine.docker("images", "--quiet", image):
            print(f"making a stand-in for {image} (once) …", flush=True)
            with TemporaryDirectory(dir=folder) as name:
                debootstrap(release, Path(name), mirror)
                _make_slim(Path(name))
                _reach_as_this_machine(Path(name))
                _import(engine, Path(name), image)
    engine.docker("build", "--network=host", f"--tag={POSTGRES}", engine.project / "docker/check/postgres")


def _make_slim(base: Path) -> None:
    for folder in (*LEFT_OUT, "var/lib/apt/lists", "var/cache/apt/archives"):
        shutil.rmtree(base / folder)
        (base / folder).mkdir()
    rules = "".join(f"path-exclude /{folder}/*\n" for folder in LEFT_OUT)
    (base / "etc/dpkg/dpkg.cfg.d/slim").write_text(rules)
    (base / "etc/apt/apt.conf.d/slim").write_text(KEEP_NOTHING)


def _reach_as_this_machine(base: Path) -> None:
    """apt and pip in the image trust what they trust here."""
    settings = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    checks = [line for line in settings.splitlines() if line.startswith("Acquire::Check-")]
    (base / "etc/apt/apt.conf.d/machine").write_text("\n".join(checks) + "\n")
    shutil.copy(CERTIFICATES, base / "etc/machine-certificates.crt")
    (base / "etc/pip.conf").write_text("[global]\ncert = /etc/machine-certificates.crt\n")


def _import(engine: Engine, base: Path, image: str) -> None:
    with subprocess.Popen(["tar", "-C", base, "-c", "."], stdout=subprocess.PIPE) as archive:
        engine.docker("import", "-", image, stdin=archive.stdout)
    if archive.returncode:
        raise EngineError(f"{image} could not be packed.")
