"""On paper: the words and the figures, without what only a screen needs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser.person import Person


@pytest.mark.parametrize("large_print", [False, True])
@pytest.mark.parametrize("path", ["/account/record", "/account/pension", "/account/loss", "/guide/loss"])
def test_a_printed_page_has_its_words_and_no_buttons(someone, path, large_print):
    person = someone(screen=(794, 1123), large_print=large_print)  # A4 at 96 pixels an inch
    person.signs_in("王建国")
    person.opens(path)
    person.page.emulate_media(media="print")
    for each in ("navigation", "contentinfo", "button"):
        for shown in person.page.get_by_role(each).all():
            expect(shown).to_be_hidden()
    expect(person.page.get_by_role("heading", level=1)).to_be_visible()
    expect(person.page.get_by_text("重庆市社会保障卡服务").first).to_be_visible()
    for table in person.page.locator(".table-box").all():
        assert table.evaluate("box => box.scrollWidth <= box.clientWidth + 1"), "a table leaves the paper"
    person.keeps_picture(f"print-{path.replace('/', '-')[1:]}-{'large' if large_print else 'usual'}")


def test_the_button_prints_the_page(person: Person):
    person.signs_in("王建国")
    person.opens("/account/record")
    person.page.evaluate("window.print = () => { document.title = 'printed'; }")
    person.presses("打印本页")
    expect(person.page).to_have_title("printed")
