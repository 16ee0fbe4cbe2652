"""Where the unpacked Asterisk is kept."""

import os
import stat
from pathlib import Path

from dialplan import fetch


def test_another_user_can_reach_an_asterisk_that_was_fetched_under_a_strict_umask(tmp_path: Path, monkeypatch):
    """`make run` keeps what it makes for its owner alone, and Asterisk does not run as that owner."""
    monkeypatch.setattr(fetch, "_fetch", lambda folder, root: root.mkdir())
    monkeypatch.setattr(fetch, "_unpacked", lambda root: root)
    folder = tmp_path / "kept"
    strict = os.umask(0o077)
    try:
        fetch.find_asterisk({"PATH": "", "HOTLINE_ASTERISK_DIR": str(folder)}, print)
    finally:
        os.umask(strict)
    assert stat.S_IMODE(folder.stat().st_mode) & 0o005 == 0o005
