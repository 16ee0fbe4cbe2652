"""In which of the site's threads a PIN or a password is hashed: an operation that hashes and is not marked so (see
core.workload) would hold up everybody's look-ups."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest

from core.pins import PinVault
from core.workload import Workload
from web.workers import thread_group

ELSEWHERE = [thread_group(workload) for workload in Workload if workload is not Workload.HASH]


class HashedElsewhere(AssertionError):
    """A hash where none may be made."""


def watch(patch: pytest.MonkeyPatch) -> list[str]:
    """Let every vault refuse to work on the site's event loop and in those of its threads that are for other work;
    gives the names of the threads where one was asked to."""
    seen: list[str] = []

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(real)
        def hash_here(*args: Any) -> Any:
            name = threading.current_thread().name
            if asyncio._get_running_loop() or name.startswith(tuple(ELSEWHERE)):
                seen.append(name)
                raise HashedElsewhere(f"{real.__name__} in {name}")
            return real(*args)

        return hash_here

    for name in ("hash", "is_right", "compare_with_nobody"):
        patch.setattr(PinVault, name, watched(getattr(PinVault, name)))
    return seen
