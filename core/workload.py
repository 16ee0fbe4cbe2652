"""What an operation costs, said where it is defined, so that whoever calls it can choose the threads it runs in: a
look-up must never wait behind a PIN's hash, nor behind a search through everything."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any, TypeVar

Operation = TypeVar("Operation", bound=Callable[..., Any])

_MARK = "workload"


class Workload(Enum):
    """What an operation does most of the time that it takes."""

    LOOKUP = "lookup"  # a few milliseconds on the database
    SEARCH = "search"  # looks through everything
    HASH = "hash"  # makes or compares the hash of a PIN or a password: the processor, for tens of milliseconds
    DOCUMENT = "document"  # makes a file


def takes(workload: Workload) -> Callable[[Operation], Operation]:
    """Mark what an operation costs. One without a mark is a look-up."""

    def mark(operation: Operation) -> Operation:
        setattr(operation, _MARK, workload)
        return operation

    return mark


def workload_of(operation: Callable[..., Any]) -> Workload:
    """What an operation was marked with, bound to its object or partly filled in as it may be."""
    while isinstance(operation, partial):
        operation = operation.func
    workload = getattr(operation, _MARK, Workload.LOOKUP)
    assert isinstance(workload, Workload)
    return workload
