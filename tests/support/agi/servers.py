"""The real FastAGI server, beside a test."""

from __future__ import annotations

import threading
from pathlib import Path

import gevent

from agi.server import HotlineServer
from core.context import CoreContext
from core.settings import Settings
from tests.support.core.databases import CHEAP


def settings_for(database: Path, **changes) -> Settings:
    return Settings(state_dir=database.parent, database_url=f"sqlite:///{database}", agi_port=0, **(CHEAP | changes))


class CurrentContext:
    """The core of the test that runs now, for a server that outlives it."""

    context: CoreContext

    def __getattr__(self, name):
        return getattr(self.context, name)


class ServerThread:
    """The server with a hub of its own, beside the test."""

    def __init__(self, settings: Settings) -> None:
        self.current = CurrentContext()
        self._settings = settings
        self._end = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def _run(self) -> None:
        self.server = HotlineServer(self.current, self._settings)
        self.server.start()
        self.address = self.server.address
        self._ready.set()
        while not self._end.is_set():
            gevent.sleep(0.02)
        self.server.stop()

    def stop(self) -> None:
        self._end.set()
        self._thread.join(20)
