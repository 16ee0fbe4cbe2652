"""Telling faults apart, and saying where something failed without saying what somebody entered (R6)."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

ROOT = Path(__file__).parents[1]


def is_database_away(error: BaseException) -> bool:
    """Whether it is the database that can't be reached, is locked or is too busy: worth trying again later."""
    return isinstance(error, (OperationalError, InterfaceError, DisconnectionError, NoConnectionFree))


def where(error: BaseException) -> str:
    """The kind of an error and our own lines that it passed, without its text."""
    steps = []
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and "site-packages" not in path.parts:
            steps.append(f"{path.relative_to(ROOT)}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__module__}.{type(error).__qualname__} at {' > '.join(steps[-6:])}"
