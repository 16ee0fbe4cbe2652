"""A real server on a socket, for tests that are no coroutines."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from aiohttp import web


class Served:
    """What `listening` serves, in a thread with a loop of its own; it gives the port."""

    def __init__(self, listening: AbstractAsyncContextManager[int]) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._ended = asyncio.Event()
        ready: Future[int] = Future()
        self._running = asyncio.run_coroutine_threadsafe(self._run(listening, ready), self._loop)
        self.port = ready.result(10)

    async def _run(self, listening: AbstractAsyncContextManager[int], ready: Future[int]) -> None:
        async with listening as port:
            ready.set_result(port)
            await self._ended.wait()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._running.result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@asynccontextmanager
async def plainly(app: web.Application) -> AsyncIterator[int]:
    """An application as aiohttp serves it."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
