"""The site with the demo people, for one test or for many."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from core.context import open_context
from core.settings import Settings
from tests.support.core.databases import CHEAP
from tests.support.web.visitor import Site

TODAY = datetime(2026, 11, 23, 6, tzinfo=UTC)  # the demo people's records end shortly before


@contextmanager
def open_site(
    demo_database: Path, folder: Path, clock: Callable[[], datetime] = lambda: TODAY, **settings: int
) -> Iterator[Site]:
    """A site of its own, with the demo people as they were, in an empty folder."""
    shutil.copy(demo_database, folder / "hotline.db")
    context = open_context(Settings(state_dir=folder, **CHEAP, **settings), clock)
    opened = Site(context)
    yield opened
    opened.close()
    context.engine.dispose()
