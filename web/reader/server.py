"""Tells every page that is connected what happens at the reader, over WebSockets on loopback."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, WSMsgType, web

from web.reader.state import Message, NotUnderstood, Reader, ReaderState

HOST = "127.0.0.1"
LONGEST_REQUEST_BYTES = 1024
MOST_UNHEARD = 64  # messages that a page may be behind before it is cut off
CLOSING_PATIENCE_SECONDS = 2.0

logger = logging.getLogger("reader")


class Listener:
    """One page, and what it has still to hear. It is cut off when it no longer listens: what it shows may be of a
    card that is long gone, and it learns so by connecting again."""

    def __init__(self, request: web.Request) -> None:
        self.socket = web.WebSocketResponse(timeout=CLOSING_PATIENCE_SECONDS, max_msg_size=LONGEST_REQUEST_BYTES)
        self._request = request
        self._unheard: asyncio.Queue[Message] = asyncio.Queue(MOST_UNHEARD)

    def hear(self, messages: list[Message]) -> None:
        """Never waits."""
        try:
            for message in messages:
                self._unheard.put_nowait(message)
        except asyncio.QueueFull:
            if self._request.transport:
                self._request.transport.abort()

    async def speak(self) -> None:
        """Send what there is to hear, at the pace of the page, until it leaves."""
        with suppress(ConnectionError):
            while True:
                await self.socket.send_str(json.dumps(await self._unheard.get(), ensure_ascii=False))


class Announcer:
    """What the reader says last, and the pages that are told."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.listeners: set[Listener] = set()
        self._state = ReaderState()

    def announce(self, state: ReaderState) -> None:
        """Every page hears what has changed, none waits for another."""
        changes = state.changes_since(self._state)
        if state.reader_message in changes:
            logger.info("reader: %s", state.name if state.ready else "none is ready")
        self._state = state
        for listener in self.listeners:
            listener.hear(changes)

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """A page hears how things stand, then whatever changes."""
        state, tray = self._state, [{"id": card.id, "label": card.label} for card in self.reader.tray]
        of_tray: list[Message] = [{"event": "tray", "cards": tray}] if tray else []
        listener.hear([state.reader_message, *of_tray, state.card_message])
        self.listeners.add(listener)
        try:
            yield
        finally:
            self.listeners.discard(listener)


def make_app(reader: Reader, origins: Collection[str]) -> web.Application:
    """The program as its pages see it. `origins` are the sites whose pages may connect."""
    announcer = Announcer(reader)

    async def connect(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Origin", "").lower() not in origins:
            logger.warning("a page of another site was refused: HOTLINE_READER_ORIGINS names those that may connect")
            raise web.HTTPForbidden(text="This reader serves the pages of another site.")
        listener = Listener(request)
        await listener.socket.prepare(request)
        with announcer.listening(listener):
            speaking = asyncio.create_task(listener.speak())
            try:
                await _obey(listener.socket, reader)
            finally:
                speaking.cancel()
        return listener.socket

    async def watching(app: web.Application) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        reader.begin(lambda state: loop.call_soon_threadsafe(announcer.announce, state))
        yield
        await asyncio.to_thread(reader.end)

    async def close_all(app: web.Application) -> None:
        await asyncio.gather(*(each.socket.close(code=WSCloseCode.GOING_AWAY) for each in announcer.listeners))

    app = web.Application()
    app.router.add_get("/", connect)
    app.router.add_get("/healthz", _health)
    app.cleanup_ctx.append(watching)
    app.on_shutdown.append(close_all)
    return app


async def _health(request: web.Request) -> web.Response:
    return web.Response(text="ok")


async def _obey(socket: web.WebSocketResponse, reader: Reader) -> None:
    """Carry out what a page asks for, until it leaves or asks for what this reader does not do."""
    async for message in socket:
        try:
            if message.type is not WSMsgType.TEXT:
                raise NotUnderstood
            reader.do(_parse(message.data))
        except NotUnderstood:
            await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=b"not understood")


def _parse(text: str) -> Message:
    try:
        request = json.loads(text)
    except ValueError:
        raise NotUnderstood from None
    if not isinstance(request, dict):
        raise NotUnderstood
    return request


def is_on_this_machine(origin: str) -> bool:
    """Whether a page of this origin was served by the machine that shows it."""
    return urlsplit(origin).hostname in ("127.0.0.1", "::1", "localhost")
