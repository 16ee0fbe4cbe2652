"""What a page hears from the reader and may ask of it, at a simulated reader."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from urllib.request import urlopen

import aiohttp
import pytest

from tests.support.reader.page import CARD_OUT, UNREADABLE, Page, StuckPage, card_in, reader_ready
from web.reader.simulated import NAME

READY = reader_ready(NAME)
UNPLUGGED = {"event": "reader", "ready": False, "name": NAME}


@pytest.fixture
def page(simulated: int, pages: Callable[..., Page]) -> Page:
    """A page that has heard how things stand."""
    opened = pages(simulated)
    opened.hears(READY)
    opened.hears_a_tray()
    opened.hears(CARD_OUT)
    return opened


def test_a_card_is_put_in_and_pulled(page: Page):
    page.says(do="insert", card="1")
    page.hears(card_in("A20479365"))
    page.says(do="pull")
    page.hears(CARD_OUT)


def test_pulling_nothing_is_no_news(page: Page):
    page.says(do="pull")
    page.hears_nothing(0.3)


def test_another_card_is_put_in_only_after_the_first_is_out(page: Page):
    page.says(do="insert", card="1")
    page.says(do="insert", card="2")
    page.hears(card_in("A20479365"), CARD_OUT, card_in("520558550"))


def test_the_same_card_again_is_another_visit(page: Page):
    page.says(do="insert", card="1")
    page.says(do="insert", card="1")
    page.hears(card_in("A20479365"), CARD_OUT, card_in("A20479365"))


def test_a_card_that_cant_be_read(page: Page):
    page.says(do="insert", card="unreadable")
    page.hears(UNREADABLE)
    page.says(do="pull")
    page.hears(CARD_OUT)


def test_the_reader_is_unplugged_with_a_card_in_it_and_plugged_in_again(page: Page):
    page.says(do="insert", card="1")
    page.hears(card_in("A20479365"))
    page.says(do="unplug")
    page.hears(UNPLUGGED, CARD_OUT)
    page.says(do="plug-in")
    page.hears(READY, card_in("A20479365"))


def test_a_card_put_into_an_unplugged_reader_is_found_when_it_is_plugged_in(page: Page):
    page.says(do="unplug")
    page.hears(UNPLUGGED)
    page.says(do="insert", card="2")
    page.hears_nothing(0.3)
    page.says(do="plug-in")
    page.hears(READY, card_in("520558550"))


def test_a_page_that_comes_later_hears_how_things_stand(page: Page, simulated: int, pages: Callable[..., Page]):
    page.says(do="insert", card="1")
    page.hears(card_in("A20479365"))
    later = pages(simulated)
    later.hears(READY)
    later.hears_a_tray()
    later.hears(card_in("A20479365"))


def test_the_tray_holds_the_demo_people_and_says_what_each_shows(simulated: int, pages: Callable[..., Page]):
    page = pages(simulated)
    page.hears(READY)
    tray = page.hears_a_tray()
    assert tray["1"] == "王建国：正常" and tray["3"] == "张伟：初始密码" and tray["8"] == "黄磊：密码已锁定"
    assert {"孙丽：已补换", "孙丽：正常", "没有登记的卡", "读不出的卡"} <= set(tray.values())


def test_every_page_hears_the_same(page: Page, simulated: int, pages: Callable[..., Page]):
    other = pages(simulated)
    other.hears(READY)
    other.hears_a_tray()
    other.hears(CARD_OUT)
    page.says(do="insert", card="1")
    for each in (page, other):
        each.hears(card_in("A20479365"))
    other.leaves()
    page.says(do="pull")
    page.hears(CARD_OUT)


def test_a_page_that_no_longer_listens_holds_up_nobody_and_is_cut_off(page: Page, simulated: int):
    with closing(StuckPage(simulated)) as stuck:
        for _ in range(300):
            for _ in range(20):
                page.says(do="insert", card="1")
                page.says(do="pull")
            page.hears(*[card_in("A20479365"), CARD_OUT] * 20)
        stuck.finds_itself_cut_off()


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://127.0.0.1:8081", "http://127.0.0.1:8080.evil.example"]
)
def test_a_page_of_another_site_is_refused(simulated: int, pages: Callable[..., Page], origin: str | None):
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        pages(simulated, origin)
    assert refused.value.status == 403


@pytest.mark.parametrize(
    "text",
    [
        "insert",
        "[]",
        "{}",
        '{"do": "insert"}',
        '{"do": "insert", "card": "99"}',
        '{"do": "insert", "card": ["1"]}',
        '{"do": "eject"}',
        "[" * 900,
    ],
)
def test_what_is_not_understood_ends_the_connection_and_changes_nothing(
    page: Page, simulated: int, pages: Callable[..., Page], text: str
):
    page.says_text(text)
    assert page.is_cut_off() == aiohttp.WSCloseCode.POLICY_VIOLATION
    again = pages(simulated)
    again.hears(READY)
    again.hears_a_tray()
    again.hears(CARD_OUT)


def test_too_long_a_message_ends_the_connection(page: Page):
    page.says_text('{"do": "pull", "why": "' + "x" * 2000 + '"}')
    assert page.is_cut_off() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


def test_it_says_that_it_is_well(simulated: int):
    with urlopen(f"http://127.0.0.1:{simulated}/healthz", timeout=10) as answer:
        assert answer.status == 200
