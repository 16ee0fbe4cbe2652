"""The threads that the core blocks in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from core.workload import Workload, workload_of

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE_SECONDS = 8.0  # for the database: somebody at a page waits longer than a caller, and sees that it loads
QUEUE_PATIENCE_SECONDS = 20.0  # for a PIN to be judged, or a file to be made, when very many come at once


class Busy(Exception):
    """The core did not answer in time."""


class Workers:
    """A group of threads for each kind of work, so that none queues behind another."""

    def __init__(self, hash_jobs: int) -> None:
        sizes = {Workload.LOOKUP: 8, Workload.SEARCH: 2, Workload.HASH: hash_jobs, Workload.DOCUMENT: 2}
        self._groups = {workload: ThreadPoolExecutor(size, thread_group(workload)) for workload, size in sizes.items()}

    async def run(self, operation: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What the operation returns, called in a thread of the group that it names (core.workload). Who waits too
        long gets Busy."""
        workload = workload_of(operation)
        patient = workload in (Workload.HASH, Workload.DOCUMENT)
        group, called = self._groups[workload], partial(operation, *args, **kwargs)
        try:
            async with asyncio.timeout(QUEUE_PATIENCE_SECONDS if patient else PATIENCE_SECONDS) as limit:
                return await asyncio.get_running_loop().run_in_executor(group, called)
        except TimeoutError:
            if limit.expired():
                raise Busy from None
            raise

    def close(self) -> None:
        """Work that has begun may finish."""
        for group in self._groups.values():
            group.shutdown(cancel_futures=True)


def thread_group(workload: Workload) -> str:
    """How the names of a group's threads begin."""
    return f"web-{workload.value}"
