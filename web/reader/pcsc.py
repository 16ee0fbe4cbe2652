"""A real reader, by PC/SC: whether it is there, and the number of the card in it. Needs pyscard."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from smartcard import scard

from core.faults import where
from web.reader.layout import CardLayout, CardUnreadable, Send
from web.reader.state import Message, NotUnderstood, ReaderState, Slot, TrayCard

LOOK_AGAIN_SECONDS = 1.0  # for a reader, or for the PC/SC service
END_LIMIT_SECONDS = 3.0
# How long to wait for something to happen to a card. PC/SC notices within less that one was pulled.
WAIT_MILLISECONDS = 700

_UNPLUGGED = scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE | scard.SCARD_STATE_IGNORE

logger = logging.getLogger("reader")


class PcscError(Exception):
    """PC/SC could not do what it was asked."""


class PcscReader:
    """The first reader whose name contains `wanted`, watched in a thread of its own. It survives a reader that is
    unplugged, and the PC/SC service being stopped."""

    tray: tuple[TrayCard, ...] = ()

    def __init__(self, layout: CardLayout, wanted: str = "") -> None:
        self._layout, self._wanted = layout, wanted
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pcsc", daemon=True)
        self._announce: Callable[[ReaderState], object]
        self._trouble = ""

    def begin(self, announce: Callable[[ReaderState], object]) -> None:
        self._announce = announce
        self._thread.start()

    def do(self, request: Message) -> None:
        raise NotUnderstood  # only a hand puts a card in

    def end(self) -> None:
        self._ended.set()
        self._thread.join(END_LIMIT_SECONDS)  # it may be waiting for a card that never answers

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                with _service() as context:
                    self._watch(context)
            except PcscError as error:
                self._complain(str(error))
            except Exception as error:  # the layout's, say; its text may hold what stands on a card
                self._complain(f"failed: {where(error)}")
            self._announce(ReaderState())
            self._ended.wait(LOOK_AGAIN_SECONDS)

    def _complain(self, trouble: str) -> None:
        """Once for the same trouble in a row."""
        if trouble != self._trouble:
            logger.warning("PC/SC: %s", trouble)
        self._trouble = trouble

    def _watch(self, context: int) -> None:
        """Whatever is plugged in, as long as the service runs."""
        while not self._ended.is_set():
            self._trouble = ""
            name = self._find(context)
            if name is not None:
                self._watch_reader(context, name)
            self._announce(ReaderState())
            self._ended.wait(LOOK_AGAIN_SECONDS)

    def _find(self, context: int) -> str | None:
        code, names = scard.SCardListReaders(context, [])
        if code != scard.SCARD_E_NO_READERS_AVAILABLE:
            _check(code)
        return next((name for name in names if self._wanted in name), None)

    def _watch_reader(self, context: int, name: str) -> None:
        """One reader until it is unplugged. PC/SC counts in the upper half of its state how often a card came or went:
        a card that is quickly changed is noticed, and another program's use of it is not mistaken for a change."""
        known, coming = scard.SCARD_STATE_UNAWARE, None
        in_doubt = False
        while not self._ended.is_set():
            code, states = scard.SCardGetStatusChange(context, WAIT_MILLISECONDS, [(name, known)])
            if code == scard.SCARD_E_TIMEOUT:
                if in_doubt:
                    self._announce(ReaderState(name, True, Slot.UNREADABLE))
                in_doubt = False
                continue
            if code == scard.SCARD_E_UNKNOWN_READER:
                return
            _check(code)
            known = states[0][1] & ~scard.SCARD_STATE_CHANGED
            if known & _UNPLUGGED:
                return
            if known >> 16 == coming:
                continue
            coming = known >> 16
            self._announce(ReaderState(name, True))
            in_doubt = bool(known & scard.SCARD_STATE_PRESENT) and not self._read(context, name)

    def _read(self, context: int, name: str) -> bool:
        """Tell the card's number, or that it can't be read. False if it did not answer: it may be on its way out."""
        card: str | Slot
        try:
            with _conversation(context, name) as send:
                card = self._layout.read_number(send)
        except CardUnreadable as reason:
            logger.info("a card can't be read: %s", reason)
            card = Slot.UNREADABLE
        except PcscError as error:
            logger.info("a card does not answer: %s", error)
            return False
        self._announce(ReaderState(name, True, card))
        return True


@contextmanager
def _service() -> Iterator[int]:
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    _check(code)
    try:
        yield context
    finally:
        scard.SCardReleaseContext(context)


@contextmanager
def _conversation(context: int, name: str) -> Iterator[Send]:
    """The card in this reader, which no other program may speak with meanwhile."""
    protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    code, card, protocol = scard.SCardConnect(context, name, scard.SCARD_SHARE_SHARED, protocols)
    _check(code)

    def send(command: bytes) -> tuple[bytes, int]:
        code, answer = scard.SCardTransmit(card, protocol, list(command))
        _check(code)
        if len(answer) < 2:  # without a status word; some drivers say so of a card that is being pulled
            raise PcscError("half an answer")
        return bytes(answer[:-2]), int.from_bytes(bytes(answer[-2:]))

    try:
        _check(scard.SCardBeginTransaction(card))
        yield send
    finally:
        scard.SCardEndTransaction(card, scard.SCARD_LEAVE_CARD)
        scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)


def _check(code: int) -> None:
    if code != scard.SCARD_S_SUCCESS:
        raise PcscError(scard.SCardGetErrorMessage(code))
