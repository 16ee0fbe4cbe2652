"""Stands between Asterisk and the FastAGI server, so that a caller is never left in silence (R45).

Asterisk waits without limit for a server that is connected and says nothing, and notices only at the end of a prompt
that the server has died. The guard passes the bytes on and watches whose turn it is:

- the server owes an answer for longer than SILENCE_LIMIT_SECONDS, or can't be reached: the guard hangs up on Asterisk,
  whose AGI() returns, and the dialplan goes on to hotline-trouble;
- the server goes away while Asterisk plays or listens: the guard sends the channel to hotline-trouble at once.

It understands next to nothing of what it carries, and keeps and logs nothing of it: PINs pass through here.

    python -m dialplan.guard LISTENING_FD SERVER_HOST SERVER_PORT CONTROL_SOCKET
"""

import asyncio
import re
import resource
import socket
import sys
from collections.abc import Callable

SILENCE_LIMIT_SECONDS = 2.4
CONNECT_LIMIT_SECONDS = 1.0
CONTROL_LIMIT_SECONDS = 2.0
# One channel as chan_pjsip names it: nothing else may reach Asterisk's control socket.
CHANNEL = re.compile(rb"^agi_channel: (PJSIP/[A-Za-z0-9_-]{1,40}-[0-9a-f]{8})$", re.MULTILINE)
# Asterisk answers GOSUB at once with "100 result=0 Trying...", and again when it is done.
STILL_BUSY = re.compile(rb"(?:^|\n)100 [^\n]*\n$")
PING, PONG = b"ping\n", b"pong\n"


class Guard:
    """Guards every call between the Asterisk behind `control` and the server at `host`:`port`."""

    def __init__(self, host: str, port: int, control: str) -> None:
        self.host, self.port, self.control = host, port, control

    async def serve_call(self, asterisk: asyncio.StreamReader, to_asterisk: asyncio.StreamWriter) -> None:
        """Carries one call from its first byte to its end."""
        try:
            opening = await asterisk.read(65536)
            if opening == PING:
                to_asterisk.write(PONG)
            elif opening:
                await self._carry(opening, asterisk, to_asterisk)
        except (OSError, TimeoutError) as error:
            print(f"guard: no server at {self.host}:{self.port} ({type(error).__name__})", flush=True)
        finally:
            to_asterisk.close()

    async def _carry(self, opening: bytes, asterisk: asyncio.StreamReader, to_asterisk: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(CONNECT_LIMIT_SECONDS):
            server, to_server = await asyncio.open_connection(self.host, self.port)
        call = _Call(to_asterisk, to_server)
        call.from_asterisk(opening)
        up = asyncio.create_task(_pump(asterisk, call.from_asterisk, to_server))
        down = asyncio.create_task(_pump(server, call.from_server, to_asterisk))
        try:
            await asyncio.wait((up, down, call.silence), return_when=asyncio.FIRST_COMPLETED)
            if call.silence.done():
                print("guard: the server was silent, so its call was taken from it", flush=True)
            elif down.done() and not up.done() and not call.server_owes:
                await self._rescue(call.channel)
        finally:
            call.end()
            for task in (up, down):
                task.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
            to_server.close()

    async def _rescue(self, channel: str | None) -> None:
        """The server went away while Asterisk was busy for it: interrupts the prompt with the apology."""
        if channel is None:
            return
        print("guard: the server went away in mid-call, so the caller was taken over", flush=True)
        try:
            async with asyncio.timeout(CONTROL_LIMIT_SECONDS):
                console, to_console = await asyncio.open_unix_connection(self.control)
                await console.readline()  # the greeting
                to_console.write(f"channel redirect {channel} hotline-trouble,s,1\0".encode())
                await console.read(1)  # the answer's beginning: Asterisk has done it
                to_console.close()
        except (OSError, TimeoutError) as error:
            print(f"guard: Asterisk's control socket does not answer ({type(error).__name__})", flush=True)


class _Call:
    """Whose turn it is, and for how long."""

    def __init__(self, to_asterisk: asyncio.StreamWriter, to_server: asyncio.StreamWriter) -> None:
        self._to_asterisk, self._to_server = to_asterisk, to_server
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self.silence: asyncio.Future[None] = self._loop.create_future()
        self.channel: str | None = None

    @property
    def server_owes(self) -> bool:
        """Asterisk spoke last, so the next word is the server's."""
        return self._timer is not None

    def from_asterisk(self, data: bytes) -> None:
        if self.channel is None and (found := CHANNEL.search(data)):
            self.channel = found[1].decode()
        self.end()
        if not STILL_BUSY.search(data):
            self._timer = self._loop.call_later(SILENCE_LIMIT_SECONDS, self._silent)
        self._to_server.write(data)

    def from_server(self, data: bytes) -> None:
        self.end()
        self._to_asterisk.write(data)

    def end(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _silent(self) -> None:
        if not self.silence.done():
            self.silence.set_result(None)


async def _pump(source: asyncio.StreamReader, take: Callable[[bytes], None], target: asyncio.StreamWriter) -> None:
    """Passes bytes on until either side is gone."""
    try:
        while data := await source.read(65536):
            take(data)
            await target.drain()
    except ConnectionError:
        return  # the same as an end of the stream: the other side is gone


async def serve(listener: socket.socket, host: str, port: int, control: str) -> None:
    """Guards calls on a socket that is listening already, until it is cancelled."""
    server = await asyncio.start_server(Guard(host, port, control).serve_call, sock=listener, backlog=4096)
    async with server:
        await server.serve_forever()


def answers(host: str, port: int, timeout_seconds: float = 1.0) -> bool:
    """Whether a guard at this address is alive: its loop turns, not only its port is open."""
    try:
        with socket.create_connection((host, port), timeout_seconds) as probe:
            probe.settimeout(timeout_seconds)
            probe.sendall(PING)
            return probe.recv(len(PONG)) == PONG
    except OSError:
        return False


def main() -> None:
    """Runs the guard on a listening socket inherited from its starter, which so survives the guard's own restarts."""
    descriptor, host, port, control = sys.argv[1:]
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(serve(socket.socket(fileno=int(descriptor)), host, int(port), control))


if __name__ == "__main__":
    main()
