"""A visit from its beginning to its end: the warning, the end, the Back button, two tabs, a double click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.support.browser.person import PHONE, Person, holder
from tests.support.browser.sites import open_site
from tests.support.core.clock import Clock

JAVASCRIPT = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without-javascript"])
LISTENS = """() => {
    window.listening = new BroadcastChannel(document.body.dataset.leaveAt);
    listening.onmessage = ({ data }) => { document.body.dataset.heard = data; };
}"""


def hears_of_use(reader: Person, act: Callable[[], object]) -> None:
    """In one tab, when something is done in another."""
    reader.page.evaluate("delete document.body.dataset.heard")
    act()
    expect(reader.page.locator("body")).to_have_attribute("data-heard", "used")


def warning(page: Page) -> Locator:
    return page.get_by_role("alertdialog", name="您还在吗？")


@pytest.fixture
def reader(person: Person) -> Person:
    """Somebody signed in, whose browser's clock the test moves."""
    person.stops_clock()
    person.signs_in("王建国")
    person.sees_heading("我的账户")
    return person


def test_who_does_nothing_is_asked_and_may_go_on(reader: Person, clock: Clock):
    reader.page.clock.fast_forward("08:50")
    expect(warning(reader.page)).to_have_count(0)
    reader.page.clock.fast_forward("00:20")
    expect(warning(reader.page)).to_be_visible()
    expect(warning(reader.page)).to_have_accessible_description(
        "您有一段时间没有操作了。为了安全，一分钟后将自动退出登录。"
    )
    expect(reader.page.get_by_role("button", name="继续使用")).to_be_focused()
    reader.page.keyboard.press("Escape")
    reader.page.wait_for_timeout(100)
    assert warning(reader.page).is_visible()
    clock.passes(minutes=9, seconds=10)
    reader.page.keyboard.press("Enter")
    expect(warning(reader.page)).to_have_count(0)
    clock.passes(minutes=9)
    reader.follows("养老保险")
    reader.sees_heading("养老保险")


def test_who_answers_nothing_is_signed_out(reader: Person):
    reader.page.clock.fast_forward("09:10")
    expect(warning(reader.page)).to_be_visible()
    reader.page.clock.fast_forward("01:00")
    reader.sees_heading("您已自动退出")
    reader.opens("/account")
    reader.sees_heading("登录")


def test_who_answers_too_late_is_told_so(reader: Person, clock: Clock):
    reader.page.clock.fast_forward("09:10")
    clock.passes(minutes=11)
    reader.presses("继续使用")
    reader.sees_heading("您已自动退出")


def test_the_longest_visit_ends_however_busy_somebody_is(reader: Person, clock: Clock):
    for _ in range(7):
        clock.passes(minutes=8)
        reader.opens("/account")
    reader.page.clock.fast_forward("03:05")
    expect(warning(reader.page)).to_contain_text("登录时间快要用完了")
    clock.passes(minutes=4)
    reader.page.clock.fast_forward("01:00")
    reader.sees_heading("登录已经结束")


def test_without_javascript_a_page_of_ones_own_is_left_by_itself(browser: Browser, demo_database: Path, tmp_path: Path):
    """The page leaves by itself five seconds after the visit's end; the visit is one second long here."""
    with open_site(demo_database, tmp_path, session_idle_seconds=1) as site:
        reader = Person(browser, site.port, javascript=False)
        with reader.page.expect_response("**/account") as shown:
            reader.signs_in("王建国")
        assert shown.value.ok
        reader.page.wait_for_url("**/signed-out?why=idle")
        reader.sees_heading("您已自动退出")
        reader.leaves()


def test_what_is_used_in_one_tab_is_used_in_all(reader: Person):
    other = reader.context.new_page()
    reader.page.evaluate(LISTENS)
    hears_of_use(reader, lambda: other.goto("/account/pension"))
    reader.page.clock.fast_forward("08:00")
    hears_of_use(reader, other.get_by_role("link", name="医疗保险").click)
    expect(other.get_by_role("heading", level=1)).to_have_text("医疗保险")
    reader.page.clock.fast_forward("01:30")
    expect(warning(reader.page)).to_have_count(0)
    reader.page.clock.fast_forward("07:40")
    for page in (reader.page, other):
        expect(warning(page)).to_be_visible()
    other.get_by_role("button", name="继续使用").click()
    for page in (reader.page, other):
        expect(warning(page)).to_have_count(0)


@JAVASCRIPT
def test_signing_out_in_one_tab_ends_the_other(someone: Callable[..., Person], javascript):
    person = someone(javascript=javascript)
    person.signs_in("王建国")
    other = person.context.new_page()
    other.goto("/account/pension")
    person.presses("退出登录")
    person.sees_heading("您已退出登录")
    other.get_by_role("link", name="医疗保险").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("登录")


@JAVASCRIPT
def test_a_form_of_one_visit_does_nothing_in_the_next(someone: Callable[..., Person], javascript):
    person = someone(javascript=javascript)
    person.signs_in("王建国")
    person.opens("/account/loss/confirm")
    other = person.context.new_page()
    other.goto("/account")
    other.get_by_role("button", name="退出登录").click()
    other.goto("/sign-in")
    other.get_by_label("身份证号码").fill(holder("李秀英").id_number)
    other.get_by_label("密码", exact=True).fill(holder("李秀英").pin)
    other.get_by_role("button", name="登录", exact=True).click()
    expect(other.get_by_role("heading", level=1)).to_have_text("我的账户")
    person.presses("确认挂失")
    person.sees_heading("页面已经过期")
    person.opens("/account/loss")
    person.reads("您的社保卡现在：正常", "您没有挂失记录")


@JAVASCRIPT
def test_the_back_button_after_signing_out_shows_nothing(someone: Callable[..., Person], javascript):
    person = someone(screen=PHONE, javascript=javascript)
    person.signs_in("王建国")
    person.follows("养老保险")
    person.sees_heading("养老保险")
    person.presses("退出登录")
    person.sees_heading("您已退出登录")
    for _ in range(3):
        person.page.go_back()
        person.sees_heading("登录")
        assert "正在缴费" not in person.page.content()


@JAVASCRIPT
def test_a_double_click_reports_one_loss(someone: Callable[..., Person], javascript):
    person = someone(javascript=javascript)
    person.signs_in("王建国")
    person.opens("/account/loss/confirm")
    sent: list[Route] = []
    person.page.route("**/account/loss", lambda route: sent.append(route))  # as if the answer took long
    with person.page.expect_request("**/account/loss"):
        person.page.get_by_role("button", name="确认挂失").dblclick(no_wait_after=True)
    person.page.wait_for_timeout(300)
    assert len(sent) == 1 or not javascript
    person.page.unroute("**/account/loss")  # lets go on whatever was held
    person.sees_heading("挂失成功")
    person.follows("查看挂失记录")
    expect(person.page.get_by_role("rowheader")).to_have_count(1)


@JAVASCRIPT
def test_a_double_click_changes_the_pin_once(someone: Callable[..., Person], javascript):
    person = someone(javascript=javascript)
    person.signs_in("王建国")
    person.opens("/account/pin")
    person.fills(原密码=holder("王建国").pin, 新密码="582913", 再次填写新密码="582913")
    person.page.get_by_role("button", name="确认修改").dblclick()
    person.sees_heading("密码已修改")


def test_a_form_can_be_sent_again_when_one_comes_back_to_it(person: Person):
    person.opens("/numbers/unit")
    for number, told in (("50010002", "有欠费"), ("50010001", "没有欠费")):
        person.fills(单位社保号=number)
        person.presses("查询")
        person.reads(told)
        person.page.go_back()


def test_r25_a_change_of_pin_ends_the_visit_on_another_machine(someone: Callable[..., Person], clock: Clock):
    at_home, at_work = someone(), someone(screen=PHONE)
    at_work.signs_in("王建国")
    clock.passes(minutes=1)
    at_home.signs_in("王建国")
    at_home.opens("/account/pin")
    at_home.fills(原密码=holder("王建国").pin, 新密码="582913", 再次填写新密码="582913")
    at_home.presses("确认修改")
    at_home.reads("您在别处的登录都已退出")
    at_work.follows("养老保险")
    at_work.sees_heading("登录已经结束")
    at_home.follows("回到我的账户")
    at_home.sees_heading("我的账户")
