"""How long the site waits before it turns people away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def patience() -> Iterator[None]:
    """Long enough on any machine: how busy this machine is today is nobody's fault."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("web.workers.PATIENCE_SECONDS", 30.0)
        patch.setattr("core.records.database.CALLERS_WAIT_SECONDS", 30.0)
        yield
