"""The catalogue searched as one types (R18)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.support.browser.person import Person

FIELD = "名称、编码或拼音首字母"


@pytest.fixture
def reader(person: Person) -> Person:
    person.opens("/catalogue/drugs")
    return person


def found(reader: Person) -> Locator:
    """The heading, which a screen reader reads out when it changes."""
    return reader.page.locator("h2[aria-live=polite]")


def test_the_results_change_as_one_types(reader: Person):
    announced = found(reader).element_handle()
    reader.field(FIELD).press_sequentially("amxl", delay=20)
    expect(found(reader)).to_have_text(re.compile("找到 [0-9]+ 项：amxl"))
    reader.is_at("/catalogue/drugs?q=amxl")
    assert all("阿莫西林" in name for name in reader.page.get_by_role("rowheader").all_inner_texts())
    expect(reader.field(FIELD)).to_be_focused()
    assert announced.evaluate("heading => heading.isConnected"), "the announced element must stay"
    reader.field("医保类别").select_option(label="丙类")
    reader.is_at("/catalogue/drugs?q=amxl&category=%E4%B8%99")
    reader.field(FIELD).fill("没有这种药")
    reader.reads("没有找到")
    reader.field(FIELD).fill("")
    reader.field("医保类别").select_option(label="全部类别")
    reader.is_at("/catalogue/drugs")
    reader.reads("第 1 页")


def test_what_was_found_can_be_sent_to_somebody_and_turned_over(reader: Person):
    reader.field(FIELD).fill("片")
    reader.is_at("/catalogue/drugs?q=%E7%89%87")
    reader.page.get_by_role("link", name="下一页").click()
    reader.is_at("/catalogue/drugs?q=%E7%89%87&page=2")
    expect(reader.field(FIELD)).to_have_value("片")
    reader.page.go_back()
    reader.is_at("/catalogue/drugs?q=%E7%89%87")


def test_pinyin_is_not_looked_for_before_it_is_a_word(reader: Person):
    asked: list[str] = []
    reader.page.on("request", lambda request: asked.append(request.url) if "/catalogue/" in request.url else None)
    reader.field(FIELD).focus()
    keyboard = reader.context.new_cdp_session(reader.page)
    for letters in ("a", "a mo", "a mo xi lin"):
        keyboard.send("Input.imeSetComposition", {"text": letters, "selectionStart": 0, "selectionEnd": 0})
    reader.page.wait_for_timeout(600)
    assert asked == []
    keyboard.send("Input.insertText", {"text": "阿莫西林"})
    expect(found(reader)).to_contain_text("：阿莫西林")
    assert len(asked) == 1


def test_an_answer_that_comes_late_replaces_no_newer_one(reader: Person):
    held: list[Route] = []
    reader.page.route("**/catalogue/drugs?q=a", lambda route: held.append(route))
    with reader.page.expect_request("**/catalogue/drugs?q=a"):
        reader.field(FIELD).fill("a")
    reader.field(FIELD).fill("阿莫西林")
    expect(found(reader)).to_contain_text("：阿莫西林")
    answer = reader.context.request.get("/catalogue/drugs?q=a")
    held[0].fulfill(response=answer)
    reader.page.wait_for_timeout(300)
    expect(found(reader)).to_contain_text("：阿莫西林")


def test_when_the_network_fails_the_button_still_asks(reader: Person):
    reader.page.route("**/catalogue/drugs?*", lambda route: route.abort())
    reader.field(FIELD).fill("amxl")
    reader.page.wait_for_timeout(600)
    expect(found(reader)).not_to_contain_text("amxl")
    reader.page.unroute("**/catalogue/drugs?*")
    reader.presses("查找")
    expect(found(reader)).to_contain_text("：amxl")
    reader.troubles.clear()  # the browser notes the request that failed


def test_somebody_who_is_signed_in_and_only_types_is_there(person: Person):
    person.stops_clock()
    person.signs_in("王建国")
    person.opens("/catalogue/drugs")
    person.page.clock.fast_forward("08:00")
    person.field(FIELD).fill("amxl")
    person.page.clock.run_for(1000)
    expect(found(person)).to_contain_text("：amxl")
    person.page.clock.fast_forward("01:30")
    expect(person.page.get_by_role("alertdialog")).to_have_count(0)
