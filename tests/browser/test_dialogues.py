"""What people come for, done by the labels on the screen: large screens and small ones, usual and large print, with
JavaScript and without."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO

import pytest
from playwright.sync_api import expect

from core.numbers import mask_id_number
from tests.support.browser.person import DESKTOP, PHONE, SMALLEST, Person, holder

HABITS = {
    "desktop": {"screen": DESKTOP},
    "phone": {"screen": PHONE},
    "smallest-large-print": {"screen": SMALLEST, "large_print": True},
    "without-javascript": {"screen": PHONE, "javascript": False},
}


@pytest.fixture(params=HABITS)
def citizen(request: pytest.FixtureRequest, someone: Callable[..., Person]) -> Person:
    return someone(**HABITS[request.param])


def test_r11_somebody_reads_their_account_and_chooses_a_year(citizen: Person):
    citizen.opens("/")
    citizen.follows("查询我的社保")
    citizen.sees_heading("登录")
    wang = holder("王建国")
    citizen.fills(身份证号码=wang.id_number, 密码=wang.pin)
    citizen.presses("登录")
    citizen.sees_heading("我的账户")
    citizen.reads("500***********9970", "*****9365", "渝中区", "正在缴费")
    citizen.follows("养老保险")
    citizen.sees_heading("养老保险")
    citizen.reads("2026年缴费情况", "10月")
    citizen.field("选择年份").select_option(label="2024年")
    citizen.presses("查看")
    citizen.reads("2024年缴费情况", "12月")
    citizen.is_at("/account/pension?year=2024")
    expect(citizen.page.get_by_role("img", name="2024年养老保险每月缴费合计")).to_be_visible()


def test_r14_a_missing_month_is_seen_in_the_table_and_heard_in_the_picture(citizen: Person):
    citizen.signs_in("朱琳")
    citizen.opens("/account/unemployment")
    citizen.reads("未缴费", "3 个月", "没有缴费的月份：2025年3月")


def test_r1_an_id_number_is_taken_as_people_write_it(citizen: Person):
    liu = holder("刘芳")
    written = "".join(chr(ord(digit) + 0xFEE0) for digit in liu.id_number[:6]) + " " + liu.id_number[6:].lower()
    citizen.opens("/sign-in")
    citizen.fills(身份证号码=f" {written} ", 密码=liu.pin)
    citizen.presses("登录")
    citizen.sees_heading("我的账户")


def test_r3_an_unknown_number_and_a_wrong_pin_are_told_in_the_same_words(citizen: Person):
    told = []
    for id_number in (holder("王建国").id_number, "500103198502109997"):
        citizen.opens("/sign-in")
        citizen.fills(身份证号码=id_number, 密码="000000")
        citizen.presses("登录")
        told.append(citizen.page.get_by_role("alert").inner_text())
        citizen.reads(mask_id_number(id_number))
        assert citizen.field("密码").input_value() == ""
    assert told[0] == told[1] and "身份证号码或密码不正确" in told[0]


def test_r4_a_locked_pin_says_where_to_go(citizen: Person):
    citizen.signs_in("黄磊")
    citizen.sees_heading("密码已锁定")
    citizen.reads("区县医疗保险分中心", "12333 按 0 转人工")


def test_r7_r22_the_default_pin_is_changed_with_the_id_number(citizen: Person):
    zhang = holder("张伟")
    citizen.signs_in("张伟")
    citizen.reads("您的密码还是默认密码")
    citizen.follows("现在修改密码")
    citizen.fills(原密码="123456", 身份证号码=zhang.id_number, 新密码="582913", 再次填写新密码="582913")
    citizen.presses("确认修改")
    citizen.sees_heading("密码已修改")
    citizen.presses("退出登录")
    citizen.sees_heading("您已退出登录")
    citizen.signs_in("张伟")
    citizen.reads("身份证号码或密码不正确")
    citizen.fills(密码="582913")
    citizen.presses("登录")
    citizen.sees_heading("我的账户")


def test_r23_r24_a_new_pin_that_will_not_do_is_told_and_can_be_mended(citizen: Person):
    wang = holder("王建国")
    citizen.signs_in("王建国")
    citizen.opens("/account/pin")
    for new, again, told in (
        ("345678", "345678", "新密码不能是连续递增或递减的数字。"),
        ("582913", "582914", "两次输入的新密码不一致"),
        ("850210", "850210", "新密码不能是"),
    ):
        citizen.fills(原密码=wang.pin, 新密码=new, 再次填写新密码=again)
        citizen.presses("确认修改")
        citizen.reads(told)
    citizen.fills(原密码=wang.pin, 新密码="582913", 再次填写新密码="582913")
    citizen.presses("确认修改")
    citizen.sees_heading("密码已修改")


def test_r30_r31_a_loss_is_reported_and_its_reference_found_again(citizen: Person):
    wang = holder("王建国")
    citizen.opens("/")
    citizen.follows("网上挂失")
    citizen.fills(身份证号码=wang.id_number, 密码=wang.pin)
    citizen.presses("登录")
    citizen.sees_heading("社保卡挂失")
    citizen.follows("我要挂失")
    citizen.reads("立即停用", "电话和网站不能解除")
    citizen.presses("确认挂失")
    citizen.sees_heading("挂失成功")
    reference = citizen.page.locator(".reference").inner_text()
    citizen.follows("查看挂失记录")
    citizen.reads("已挂失（尚未书面挂失）", reference, "办理中")
    citizen.opens("/account/pin")
    citizen.reads("您的社保卡已经挂失，不能修改密码")


def test_r18_the_catalogue_is_searched_by_the_button(citizen: Person):
    citizen.opens("/catalogue/drugs")
    citizen.field("名称、编码或拼音首字母").fill("amxl")
    citizen.field("医保类别").select_option(label="甲类")
    citizen.presses("查找")
    citizen.is_at("/catalogue/drugs?q=amxl&category=%E7%94%B2")
    names = citizen.page.get_by_role("rowheader").all_inner_texts()
    assert names and all("阿莫西林" in name for name in names)
    citizen.follows("诊疗项目")
    citizen.sees_heading("诊疗项目")
    citizen.page.get_by_role("navigation", name="页码").get_by_role("link", name="下一页").click()
    citizen.reads("第 2 页，共")


def test_offices_are_found_by_district_and_by_what_they_do(citizen: Person):
    citizen.opens("/")
    citizen.follows("查找办理网点")
    citizen.field("区县").select_option(label="渝中区")
    citizen.field("要办的事").select_option(label="解除挂失")
    citizen.presses("查找")
    citizen.reads("渝中区：找到 1 个网点，可以办理“解除挂失”", "渝中区医疗保险分中心", "023-00000102")
    expect(citizen.page.get_by_role("link", name="023-00000102")).to_have_attribute("href", "tel:023-00000102")
    citizen.field("区县").select_option(label="全部区县")
    citizen.field("要办的事").select_option(label="全部业务")
    citizen.presses("查找")
    citizen.reads("找到 53 个网点", "第 1 页，共 3 页")
    citizen.page.get_by_role("link", name="下一页").click()
    citizen.reads("第 2 页，共 3 页")


@pytest.mark.parametrize(
    ("path", "label", "number", "answers"),
    [
        ("/numbers/work-injury", "个人社保号", "10000015", ("工伤待遇", "每月金额")),
        ("/numbers/work-death", "工亡人员的个人社保号", "10000013", ("领取待遇的供养亲属", "2 人")),
        ("/numbers/unit", "单位社保号", "50010002", ("参保人数", "有欠费")),
        ("/numbers/unit", "单位社保号", "50010004", ("没有查到这个单位的医疗保险缴费记录",)),
    ],
)
def test_r15_r16_r17_an_answer_by_number_stands_in_no_address(citizen: Person, path, label, number, answers):
    citizen.opens(path)
    citizen.field(label).fill(number)
    citizen.presses("查询")
    citizen.reads("查询结果", *answers)
    citizen.is_at(path)


def test_r47_somebody_reads_what_happened(citizen: Person):
    wang = holder("王建国")
    citizen.opens("/sign-in")
    citizen.fills(身份证号码=wang.id_number, 密码="000000")
    citizen.presses("登录")
    citizen.signs_in("王建国")
    citizen.opens("/account/history")
    citizen.reads("没有成功：号码或密码不正确", "验证通过", "网站")


def test_r11_the_record_is_taken_away(citizen: Person):
    citizen.signs_in("王建国")
    citizen.follows("参保缴费记录")
    citizen.sees_heading("参保缴费记录")
    with citizen.page.expect_download() as sent:
        citizen.follows("下载表格（CSV）")
    assert sent.value.suggested_filename.startswith("参保缴费记录-")
    rows = list(csv.reader(StringIO(sent.value.path().read_text(encoding="utf-8-sig"))))
    assert any("养老保险" in cell for row in rows for cell in row)
    with citizen.page.expect_download() as sent:
        citizen.follows("下载 PDF")
    assert sent.value.path().read_bytes().startswith(b"%PDF-")


def test_large_print_stays_chosen_until_it_is_left(citizen: Person):
    citizen.opens("/guide/loss")
    is_large = citizen.page.locator("html.large-print")
    if is_large.count():
        citizen.presses("退出大字版")
    expect(is_large).to_have_count(0)
    citizen.presses("大字版")
    citizen.is_at("/guide/loss")
    citizen.signs_in("王建国")
    citizen.sees_heading("我的账户")
    expect(is_large).to_have_count(1)
    citizen.presses("退出登录")
    expect(is_large).to_have_count(1)
    later = citizen.context.new_page()
    later.goto("/")
    expect(later.locator("html.large-print")).to_have_count(1)
    citizen.presses("退出大字版")
    expect(is_large).to_have_count(0)
