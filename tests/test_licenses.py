"""Every package that is locked stands in LICENSES.md with its licence, and no other does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LICENSES = (ROOT / "LICENSES.md").read_text(encoding="utf-8")


def locked(name: str) -> set[tuple[str, str]]:
    """Each package of a lock file with its version."""
    packages = set(re.findall(r"^([^\s=#]+)==([^\s\\;]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
    assert packages, f"{name} locks nothing"
    return packages


def listed(name: str) -> list[tuple[str, str]]:
    """Each package of the table under the heading that names this lock file, with its version; a licence stands beside
    it."""
    table = re.split(r"^### .*$", LICENSES, flags=re.MULTILINE)[headings().index(name) + 1]
    return re.findall(r"^\| (\S+) \| ([0-9]\S*) \| [^|]*\w[^|]* \|$", table, re.MULTILINE)


def headings() -> list[str]:
    return re.findall(r"^### .*: (\S+)$", LICENSES, re.MULTILINE)


def test_every_lock_file_has_its_table():
    assert sorted(headings()) == sorted(file.name for file in ROOT.glob("requirements*.lock"))


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-reader.lock", "requirements-test.lock"])
def test_every_locked_package_stands_there_once_with_its_version_and_licence(name):
    expected = locked(name)
    if name == "requirements-test.lock":  # it holds what runs the hotline, too
        expected -= locked("requirements.lock")
    assert sorted(listed(name)) == sorted(expected)


def test_every_file_that_is_named_is_there():
    named = re.findall(r"`((?:core|dialplan|docker|sounds|tests|web)/[^`]+)`", LICENSES)
    assert named and [path for path in named if not (ROOT / path).exists()] == []
