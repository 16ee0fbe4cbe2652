"""Whether every operation that hashes a PIN or a password says so (core.workload): one that did not would hold up
everybody's look-ups."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from functools import wraps
from types import FrameType
from typing import Any

import pytest

from core.vault import PinVault
from core.workload import Workload, workload_of
from web.workers import thread_group

ELSEWHERE = tuple(thread_group(workload) for workload in Workload if workload is not Workload.HASH)
SHELL_ALONE = ("core.__main__", "core.cli", "core.data_in.csv_import", "core.demo")  # no server carries these out


class HashedUnmarked(AssertionError):
    """A hash where none may be made, or in an operation that does not say that it hashes."""


def watch(patch: pytest.MonkeyPatch) -> list[str]:
    """Let every vault refuse to work on the site's event loop, in those of its threads that are for other work, and for
    an operation of the core that is not marked; gives what was refused."""
    refused: list[str] = []

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(real)
        def hash_here(*args: Any) -> Any:
            thread, caller = threading.current_thread().name, sys._getframe(1)
            wrong = [thread] if asyncio._get_running_loop() or thread.startswith(ELSEWHERE) else []
            if caller.f_code is not PinVault.__init__.__code__:
                wrong += unmarked(caller)
            if wrong:
                refused.extend(wrong)
                raise HashedUnmarked(f"{real.__name__}: {wrong}")
            return real(*args)

        return hash_here

    for name in ("hash", "is_right", "compare_with_nobody"):
        patch.setattr(PinVault, name, watched(getattr(PinVault, name)))
    return refused


def unmarked(frame: FrameType | None) -> Iterator[str]:
    """The public functions of the core among those that are running here, without a mark that they hash."""
    while frame:
        module, name = str(frame.f_globals.get("__name__")), frame.f_code.co_name
        if module.startswith("core.") and not module.startswith(SHELL_ALONE) and name[0] not in "_<":
            owner = type(frame.f_locals["self"]) if "self" in frame.f_locals else sys.modules[module]
            function = getattr(owner, name, None)  # a function within another is none of its module
            if function and workload_of(function) is not Workload.HASH:
                yield f"{module}.{name}"
        frame = frame.f_back
