"""Listening, ending, and how long one client may keep a connection busy."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from time import monotonic
from typing import Any, NamedTuple

from aiohttp import web
from aiohttp.typedefs import Handler

from core.faults import where
from core.process import allow_many_connections
from core.settings import Settings
from web.security import HEADERS

CLIENT_PATIENCE_SECONDS = 20.0  # for a client to send its request, to take its answer, or to ask again
REQUEST_LIMIT_SECONDS = 40.0  # from the first look at a request to its answer
MOST_CONNECTIONS = 2_000
END_LIMIT_SECONDS = 8.0

logger = logging.getLogger("web")

# For what never becomes a request, so that no page can be made for it: nothing in it depends on what was sent.
UNREADABLE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>没有办理 - 重庆市社会保障卡服务 12333</title>
<link rel="stylesheet" href="/static/site.css">
<main class="container">
<h1>没有办理</h1>
<p class="lead">收到的内容太长，或者不完整。请返回上一页重新操作，或拨打 12333。</p>
<p><a href="/">回到首页</a></p>
</main>
</html>
"""


class Unreadable(web.Response):
    """What a client is told that sent no request. aiohttp puts no headers of ours on it, and the name of its own."""

    def __init__(self, status: int) -> None:
        super().__init__(text=UNREADABLE, status=status, content_type="text/html", charset="utf-8", headers=HEADERS)
        self.force_close()

    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        self.headers.popall("Server", None)


class Connection(web.RequestHandler):
    """A client's connection. What goes wrong outside of the pages is told in our words, without a word of what was
    sent: aiohttp would repeat it."""

    __slots__ = ()

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        if exc is not None and status >= 500:
            logger.error("fails outside of the pages: %s", where(exc))
        if request.writer.output_size:
            raise ConnectionError("a part of the answer is sent")
        return Unreadable(status)


class Activity(NamedTuple):
    """What a connection does, and since when. Those to cut off first come first."""

    is_busy: bool  # with a request that has come whole, but for its body
    since: float

    def takes_too_long(self, now: float) -> bool:
        return now - self.since > (REQUEST_LIMIT_SECONDS if self.is_busy else CLIENT_PATIENCE_SECONDS)


class ConnectionWatchdog:
    """Cuts off clients that are too slow. aiohttp waits for ever for the end of a first request's headers, and for
    an answer to be taken."""

    def __init__(self) -> None:
        self._activities: dict[web.RequestHandler, Activity] = {}

    @web.middleware
    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A middleware: notes when a request begins and when its answer is ready."""
        self._activities[request.protocol] = Activity(True, monotonic())
        try:
            return await handler(request)
        finally:
            self._activities[request.protocol] = Activity(False, monotonic())

    async def enforce(self, server: web.Server) -> None:
        """Go round for as long as the site runs."""
        while True:
            now = monotonic()
            self._activities = {each: self._activities.get(each, Activity(False, now)) for each in server.connections}
            in_turn = sorted(self._activities, key=lambda each: self._activities[each])
            too_many = len(in_turn) - MOST_CONNECTIONS
            for place, connection in enumerate(in_turn):
                if place < too_many or self._activities[connection].takes_too_long(now):
                    _cut_off(connection)
            await asyncio.sleep(1)


def _cut_off(connection: web.RequestHandler) -> None:
    """Even if the client never takes what is still to be sent."""
    transport = connection.transport
    connection.force_close()
    if transport is not None:
        transport.abort()


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """The site, until the block ends; gives its port. Requests that have begun are answered."""
    # aiohttp's own log can hold what was sent; what fails in a view is logged by the app, without its text.
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)
    watchdog = ConnectionWatchdog()
    app.middlewares.insert(0, watchdog.watch)
    runner = web.AppRunner(app, shutdown_timeout=END_LIMIT_SECONDS)
    await runner.setup()
    assert runner.server is not None  # the line above has made it
    loop = asyncio.get_running_loop()
    # The watchdog alone ends connections that nobody uses: aiohttp leaves those open whose client takes nothing.
    options: dict[str, Any] = {"access_log": None, "keepalive_timeout": 10 * CLIENT_PATIENCE_SECONDS}
    try:
        connect = partial(Connection, runner.server, loop=loop, **options)
        listener = await loop.create_server(connect, host, port, backlog=1024)
        enforcing = asyncio.create_task(watchdog.enforce(runner.server))
        try:
            yield listener.sockets[0].getsockname()[1]
        finally:
            enforcing.cancel()
            listener.close()
    finally:
        await runner.cleanup()


async def serve(app: web.Application, settings: Settings) -> None:
    """Answer until SIGTERM or SIGINT."""
    allow_many_connections()
    ended = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, ended.set)
    try:
        async with listening(app, settings.web_host, settings.web_port) as port:
            logger.info("listening on %s port %s", settings.web_host, port)
            await ended.wait()
    except OSError as error:
        sys.exit(
            f"Cannot listen on {settings.web_host} port {settings.web_port}: {error.strerror}. "
            "Is the website already running? Set HOTLINE_WEB_PORT to another port."
        )
