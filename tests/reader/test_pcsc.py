"""A real PC/SC service, cards in its virtual reader, and the page that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.missing import cannot_run
from tests.support.reader import program
from tests.support.reader.page import CARD_OUT, READER_GONE, UNREADABLE, Page, card_in, reader_ready
from tests.support.reader.virtual import (
    NO_SUCH_FILE,
    OTHER_READER,
    READ,
    READER,
    SUCCESS,
    Answer,
    PcscService,
    VirtualCard,
    applet,
    missing,
)

NUMBER = "A2079615X"
READY = reader_ready(READER)


@pytest.fixture(scope="module")
def service() -> Iterator[PcscService]:
    if reason := missing():
        cannot_run(reason)
    with TemporaryDirectory(dir="/tmp") as folder:  # a socket's path must be short
        made = PcscService(Path(folder))
        made.start()
        yield made
        made.stop()


@pytest.fixture
def insert(service: PcscService) -> Iterator[Callable[..., VirtualCard]]:
    """insert(answer) puts a card into the reader."""
    with ExitStack() as inserted:

        def put_in(answer: Answer, slot: int = 0) -> VirtualCard:
            card = VirtualCard(service.port + slot, answer)
            inserted.callback(card.pull)
            return card

        yield put_in


@pytest.fixture
def reader(service: PcscService, tmp_path: Path) -> Callable[..., object]:
    """reader(...) is the running program."""

    def run(**settings: object):
        environment = program.environment(tmp_path, **settings) | {"PCSCLITE_CSOCK_NAME": str(service.address)}
        return program.running(tmp_path / "log", environment)

    return run


@pytest.fixture
def page(reader: Callable, pages: Callable[..., Page]) -> Iterator[Page]:
    """A page at the running program, which has found the reader and no card in it."""
    with reader() as port:
        opened = pages(port)
        opened.finds(READY, CARD_OUT)
        yield opened


def test_a_card_is_put_in_and_pulled(page: Page, insert: Callable):
    card = insert(applet(NUMBER.encode()))
    page.hears(card_in(NUMBER))
    card.pull()
    page.hears(CARD_OUT)


def test_a_card_that_was_in_before_the_program_started(reader: Callable, insert: Callable, pages: Callable[..., Page]):
    insert(applet(NUMBER.encode()))
    with reader() as port:
        pages(port).finds(READY, card_in(NUMBER))


@pytest.mark.parametrize(
    "record",
    [b"A20796150", b"A207961", b"", b"A2079615X\x00", b"\xff" * 9, "一二三".encode()],
    ids=["wrong check character", "short", "empty", "long", "no ASCII", "Chinese"],
)
def test_a_record_without_a_card_number_is_unreadable(page: Page, insert: Callable, record: bytes):
    card = insert(applet(record))
    page.hears(UNREADABLE)
    card.pull()
    page.hears(CARD_OUT)


def test_a_card_of_another_kind_is_unreadable(page: Page, insert: Callable):
    insert(lambda command: NO_SUCH_FILE)
    page.hears(UNREADABLE)


def test_a_card_that_answers_too_little_is_unreadable(page: Page, insert: Callable):
    insert(lambda command: b"\x90")
    page.hears(UNREADABLE)


def test_a_card_pulled_while_it_is_read_was_never_in(page: Page, insert: Callable):
    insert(lambda command: None if command == READ else SUCCESS)
    page.hears_nothing(2)
    insert(applet(NUMBER.encode()))
    page.hears(card_in(NUMBER))


def test_the_reader_vanishes_with_a_card_in_it_and_comes_back(page: Page, insert: Callable, service: PcscService):
    insert(applet(NUMBER.encode()))
    page.hears(card_in(NUMBER))
    service.stop()
    page.hears(READER_GONE, CARD_OUT)
    service.start()
    page.hears(READY)
    insert(applet(NUMBER.encode()))
    page.hears(card_in(NUMBER))


def test_the_program_waits_for_a_service_that_is_not_there_yet(
    service: PcscService, reader: Callable, pages: Callable[..., Page]
):
    service.stop()
    with reader() as port:
        page = pages(port)
        page.hears(READER_GONE, CARD_OUT)
        page.hears_nothing(1.5)
        service.start()
        page.hears(READY)


def test_a_reader_is_chosen_by_a_part_of_its_name(reader: Callable, insert: Callable, pages: Callable[..., Page]):
    with reader(reader_name="PCD 00 01") as port:
        page = pages(port)
        page.finds(reader_ready(OTHER_READER), CARD_OUT)
        insert(applet(NUMBER.encode()), slot=0)
        page.hears_nothing(1.5)
        insert(applet(b"520558550"), slot=1)
        page.hears(card_in("520558550"))


def test_r6_no_number_gets_into_the_log(page: Page, insert: Callable, tmp_path: Path):
    for record in (NUMBER.encode(), b"A20796150"):
        card = insert(applet(record))
        page.hears(card_in(NUMBER) if record == NUMBER.encode() else UNREADABLE)
        card.pull()
        page.hears(CARD_OUT)
    log = (tmp_path / "log").read_text()
    assert READER in log and "A207961" not in log


def test_a_real_reader_takes_no_card_from_a_page(page: Page):
    page.says(do="insert", card="1")
    assert page.is_cut_off()
