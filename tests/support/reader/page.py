"""A page that asks for the card reader of its machine."""

from __future__ import annotations

import asyncio
import json
import socket

import aiohttp

ORIGIN = "http://127.0.0.1:8080"
READER_GONE = {"event": "reader", "ready": False, "name": ""}
CARD_OUT = {"event": "card-out"}
UNREADABLE = {"event": "card-unreadable"}


def card_in(number: str) -> dict:
    return {"event": "card-in", "number": number}


def reader_ready(name: str) -> dict:
    return {"event": "reader", "ready": True, "name": name}


class Page:
    """Connects at once. It takes in what is sent only while it hears."""

    def __init__(self, port: int, origin: str | None = ORIGIN) -> None:
        self._loop = asyncio.new_event_loop()
        self._client: aiohttp.ClientSession
        self._socket: aiohttp.ClientWebSocketResponse
        try:
            self._loop.run_until_complete(self._connect(port, origin))
        except BaseException:
            self.leaves()
            raise

    async def _connect(self, port: int, origin: str | None) -> None:
        self._client = aiohttp.ClientSession()
        self._socket = await self._client.ws_connect(f"ws://127.0.0.1:{port}/", origin=origin)

    def hears(self, *events: dict, within: float = 10) -> None:
        """These events next, and in this order."""
        for expected in events:
            heard = self._loop.run_until_complete(self._socket.receive_json(timeout=within))
            assert heard == expected

    def finds(self, reader: dict, card: dict) -> None:
        """How things stand in the end, while the program looks for its reader."""
        stands: dict[bool, dict] = {}
        while stands != {True: reader, False: card}:
            heard = self._loop.run_until_complete(self._socket.receive_json(timeout=10))
            stands[heard["event"] == "reader"] = heard

    def hears_a_tray(self) -> dict[str, str]:
        """The labels of the cards, by their ids."""
        heard = self._loop.run_until_complete(self._socket.receive_json(timeout=10))
        assert heard["event"] == "tray"
        return {card["id"]: card["label"] for card in heard["cards"]}

    def hears_nothing(self, seconds: float) -> None:
        try:
            heard = self._loop.run_until_complete(self._socket.receive(timeout=seconds))
        except TimeoutError:
            return
        raise AssertionError(f"heard {heard.data}")

    def says(self, **request: str) -> None:
        self.says_text(json.dumps(request))

    def says_text(self, text: str) -> None:
        self._loop.run_until_complete(self._socket.send_str(text))

    def is_cut_off(self, within: float = 10) -> int | None:
        """Whatever it still hears; returns the code with which the connection ends."""
        deadline = self._loop.time() + within
        while not self._socket.closed:
            self._loop.run_until_complete(self._socket.receive(timeout=deadline - self._loop.time()))
        return self._socket.close_code

    def leaves(self) -> None:
        if self._loop.is_closed():
            return
        self._loop.run_until_complete(self._client.close())
        self._loop.close()


class StuckPage:
    """A page whose browser hangs: it connects, and takes in nothing. Its buffers are small, so that it is soon felt."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        self._socket.settimeout(10)
        self._socket.connect(("127.0.0.1", port))
        asking = (
            "GET / HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            f"Origin: {ORIGIN}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        )
        self._socket.sendall("".join(f"{line}\r\n" for line in (*asking, "")).encode())

    def finds_itself_cut_off(self) -> None:
        """When it takes in again what had been sent, there is an end to it."""
        while self._socket.recv(65536):
            pass

    def close(self) -> None:
        self._socket.close()
