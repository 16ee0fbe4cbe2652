"""Readers, simulated and virtual, and the pages that ask them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from tests.support.reader.page import ORIGIN, Page
from tests.support.serving import Served, plainly
from web.reader.server import make_app
from web.reader.simulated import SimulatedReader, demo_tray


@pytest.fixture
def simulated() -> Iterator[int]:
    """The port of a simulated reader."""
    with closing(Served(plainly(make_app(SimulatedReader(demo_tray()), {ORIGIN})))) as running:
        yield running.port


@pytest.fixture
def pages() -> Iterator[Callable[..., Page]]:
    """pages(port) opens one more page."""
    with ExitStack() as opened:

        def open_page(*wanted: object) -> Page:
            page = Page(*wanted)
            opened.callback(page.leaves)
            return page

        yield open_page
