"""The FastAGI server: accepts calls, gives each a greenlet, and ends politely."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import MutableMapping
from typing import Any

import gevent
from gevent import socket
from gevent.event import Event
from gevent.server import StreamServer

from agi.asterisk import AsteriskLine, Probe, Refused
from agi.call import Call, CallLimits
from agi.hotline import take_call
from agi.workers import Workers
from core import jobs
from core.actor import Actor
from core.context import CoreContext
from core.faults import where
from core.process import allow_many_connections
from core.service import Service
from core.settings import Settings

GOODBYE_SECONDS = 30  # before Asterisk cuts the call off at its limit
BACKLOG = 4_096  # calls that arrive in the same instant
HURRY_SECONDS = 5.0  # for the apology to those who are still there at the end of the drain

logger = logging.getLogger("agi")


class CallLog(logging.LoggerAdapter[logging.Logger]):
    """Lines that begin with the call's unique id."""

    def __init__(self, call_id: str) -> None:
        super().__init__(logger)
        self._call_id = call_id

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        return f"{self._call_id} {msg}", kwargs


class HotlineServer:
    """Answers the calls that Asterisk hands over."""

    def __init__(self, context: CoreContext, settings: Settings, workers: Workers | None = None) -> None:
        self._context = context
        self._workers = workers or Workers(settings.database_connections, settings.hash_jobs + 2)
        self._limits = CallLimits(
            tries=settings.question_tries,
            key_seconds=settings.key_timeout_seconds,
            call_seconds=settings.call_limit_seconds - GOODBYE_SECONDS,
        )
        self._drain_seconds = settings.drain_seconds
        self._calls: set[gevent.Greenlet] = set()
        self._none_left = Event()
        self._none_left.set()
        self._hurry = False
        self._stopped = Event()
        listener = _listen(settings.agi_host, settings.agi_port)
        self.address: tuple[str, int] = listener.getsockname()[:2]
        self._server = StreamServer(listener, self._take)

    def start(self) -> None:
        """Begin to answer."""
        self._server.start()
        logger.info("listening on %s port %d", *self.address)

    def wait(self) -> None:
        """Return when the server has stopped."""
        self._stopped.wait()

    def stop(self) -> None:
        """Take no new calls; let running ones finish, up to the limit, then end them with an apology.

        Asked a second time, it no longer waits for the running ones.
        """
        if self._server.closed:
            self._hurry = True
            return
        self._server.stop_accepting()
        self._server.close()
        logger.info("stopping: %d calls are running", len(self._calls))
        deadline = gevent.get_hub().loop.now() + self._drain_seconds
        while self._calls and not self._hurry and gevent.get_hub().loop.now() < deadline:
            self._none_left.wait(0.2)
        self._hurry = True
        self._none_left.wait(HURRY_SECONDS)
        # Whoever is left hears the apology from the dialplan, which finds no outcome (R45).
        gevent.killall(list(self._calls), block=True, timeout=1)
        logger.info("stopped")
        self._stopped.set()

    def _take(self, connection: socket.socket, _: object) -> None:
        me = gevent.getcurrent()
        self._calls.add(me)
        self._none_left.clear()
        try:
            self._answer(connection)
        finally:
            self._calls.discard(me)
            if not self._calls:
                self._none_left.set()

    def _answer(self, connection: socket.socket) -> None:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line = AsteriskLine(connection)
        except Refused as refusal:
            level = logging.DEBUG if isinstance(refusal, Probe) else logging.WARNING
            logger.log(level, "not a call: %s", refusal)
            return
        except OSError:
            return  # gone before it began
        log = CallLog(line.caller.call_id)
        log.info("begins")
        try:
            call = Call(line, self._workers, log, self._limits, stopping=lambda: self._hurry)
            actor = Actor.phone(line.caller.number, line.caller.call_id)
            take_call(call, Service(self._context, actor), log)
        except Exception as error:  # Asterisk finds no outcome and apologises (R45)
            log.error("fails: %s", where(error))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


def serve(context: CoreContext, settings: Settings) -> None:
    """Answer calls until SIGTERM or SIGINT; a second signal does not wait for running calls."""
    allow_many_connections()
    try:
        server = HotlineServer(context, settings)
    except OSError as error:
        sys.exit(
            f"Cannot listen on {settings.agi_host} port {settings.agi_port}: {error.strerror}. "
            "Is the hotline already running? Set HOTLINE_AGI_PORT to another port."
        )
    gevent.signal_handler(signal.SIGTERM, server.stop)
    gevent.signal_handler(signal.SIGINT, server.stop)
    server.start()
    # With a thread of their own: no caller waits behind them.
    threads = Workers(quick=1, heavy=1)
    rounds = gevent.spawn(run_jobs, context, threads)
    server.wait()
    rounds.kill()
    threads.quick(lambda: jobs.seal_at_the_end(context)).wait(None)


def run_jobs(context: CoreContext, threads: Workers) -> None:
    """Do what nobody waits for (core.jobs), for ever: a greenlet of its own."""
    while True:
        threads.quick(lambda: jobs.run_due(context)).wait(None)
        gevent.sleep(jobs.LOOK_EVERY_SECONDS)
