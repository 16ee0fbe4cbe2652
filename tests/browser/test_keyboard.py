"""The keyboard alone: every form filled in and sent without a mouse. The sights are walked
through with Tab."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.browser.person import PHONE, Person, holder


def is_on(person: Person, label: str) -> None:
    expect(person.field(label)).to_be_focused()


def test_the_skip_link_comes_first_and_leads_to_the_words(person: Person):
    person.opens("/sign-in")
    person.types("Tab")
    skip = person.page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["x"] >= 0
    person.types("Enter", "Tab")
    is_on(person, "身份证号码")


def signs_in_by_keyboard(person: Person, name: str) -> None:
    known = holder(name)
    person.opens("/sign-in")
    person.types("Tab", "Enter", "Tab", known.id_number, "Tab", known.pin, "Enter")
    person.reads("退出登录")


def test_signing_in_and_changing_the_pin(person: Person):
    signs_in_by_keyboard(person, "王建国")
    person.opens("/account/pin")
    person.types("Tab", "Enter", "Tab")
    is_on(person, "原密码")
    person.types(holder("王建国").pin, "Tab", "582913", "Tab", "582913", "Tab")
    expect(person.page.locator("summary")).to_be_focused()
    person.types("Space")
    expect(person.page.get_by_text("太多人用的密码")).to_be_visible()
    person.types("Tab", "Enter")
    person.sees_heading("密码已修改")


def test_reporting_a_loss(person: Person):
    signs_in_by_keyboard(person, "王建国")
    person.opens("/account/loss")
    person.types("Tab", "Enter", "Tab", "Enter")
    person.sees_heading("确认挂失社保卡")
    person.types("Tab", "Enter", "Tab", "Enter")
    person.sees_heading("挂失成功")


def test_choosing_a_year_a_district_and_a_category(person: Person):
    signs_in_by_keyboard(person, "王建国")
    person.opens("/account/pension")
    person.field("选择年份").focus()
    person.types("ArrowDown", "Tab", "Enter")
    person.reads("2025年缴费情况")
    person.opens("/offices")
    person.types("Tab", "Enter", "Tab")
    is_on(person, "区县")
    person.types("ArrowDown", "Tab", "Tab", "Enter")
    person.reads("：找到")
    person.opens("/numbers/unit")
    person.field("单位社保号").focus()
    person.types("50010002", "Enter")
    person.reads("有欠费")


def test_an_error_is_read_first_and_leads_to_its_field(person: Person):
    signs_in_by_keyboard(person, "张伟")
    person.opens("/account/pin")
    person.types("Tab", "Enter", "Tab", "12", "Enter")
    summary = person.page.get_by_role("alert", name="请更正以下内容")
    expect(summary).to_be_focused()
    assert person.page.title().startswith("填写有误：")
    for label in ("原密码", "新密码"):
        summary.focus()
        person.types(*["Tab"] * (1 if label == "原密码" else 2))
        link = person.page.locator(":focus")
        expect(person.field(label)).to_have_accessible_description(re.compile(f"错误： ?{link.inner_text()}"))
        person.types("Enter")
        is_on(person, label)


def test_a_table_that_leads_to_the_side_is_moved_by_keys(someone: Callable[..., Person]):
    person = someone(screen=PHONE)
    person.opens("/guide")
    table = person.page.get_by_role("region", name="哪件事在哪里办")
    table.focus()
    person.types("ArrowRight")
    expect(table).not_to_have_js_property("scrollLeft", 0)
    person.page.set_viewport_size({"width": 1280, "height": 900})
    expect(table).to_have_attribute("tabindex", "-1")
