"""Measure how fast the hotline is and how large, beside a bare pyst2 server in the same run, and the website beside a
bare page: `make bench`, or `make bench SECTIONS="home year"` for some of it.

python -m tests.load [--quick] [SECTION ...]
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.load.bench import QUICK, Bench, Size
from tests.load.sections import PHONE
from tests.load.table import head
from tests.load.web_sections import WEB

SECTIONS = PHONE | WEB


def main(arguments: list[str]) -> int:
    """Print the table; 1 when a call failed. A missed aim stands in the table and is no failure."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description="How fast and how large the hotline is.")
    parser.add_argument(
        "--quick", action="store_true", help="a small run: shows that it works, the numbers mean little"
    )
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"only these of {', '.join(SECTIONS)}")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that everything started is ended
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    kept = Path(os.environ.get("HOTLINE_STATE_DIR") or "var").absolute() / "bench"
    kept.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="run-", dir=kept))
    try:
        with Bench(kept, scratch, QUICK if chosen.quick else Size()) as bench:
            return measure(bench, chosen.sections or list(SECTIONS))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def measure(bench: Bench, names: list[str]) -> int:
    """Run these sections and print their rows."""
    print(f"{time.strftime('%Y-%m-%d %H:%M')}, Python {platform.python_version()}, {os.cpu_count()} cores")
    for name in names:
        section = SECTIONS[name]
        print("\n" + (head("website", "bare page") if name in WEB else head("hotline", "bare pyst2")))
        print(f"{name}: {section.__doc__}", flush=True)
        for row in section(bench):
            print(row, flush=True)
    if bench.failures:
        print("\nWhat failed:")
        for reason, times in bench.failures.most_common(20):
            print(f"{times:6}  {reason}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
