"""Questions and answers at the kiosk: by touch, from the catalogue, and on paper (R12, R18)."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.support.browser.at_kiosk import AtKiosk
from tests.support.browser.person import holder


def test_from_the_home_page_to_an_answer_by_touch_alone(citizen: AtKiosk):
    citizen.opens("/kiosk")
    citizen.follows("社会保障卡")
    citizen.hears_the_reader("empty")
    citizen.reads("请插入社保卡，照片面向下。")
    expect(citizen.page.locator(".entry")).to_have_attribute("inert", "")
    citizen.puts_in("王建国")
    citizen.reads("卡已插好，指示灯是绿色。")
    citizen.touches(*holder("王建国").pin)
    assert "739164" not in citizen.page.locator("body").inner_text()
    citizen.touches("确认")
    citizen.sees_heading("请选择要查询的内容")
    citizen.follows("医疗保险查询")
    citizen.reads("个人账户余额", "1,234.56")
    citizen.page.get_by_role("link", name="返回").click()
    citizen.presses("退出取卡")
    citizen.is_out("谢谢使用，您已退出")
    citizen.reads("请取走您的社保卡")
    citizen.takes_card()
    citizen.sees_heading("您好，请选择")


def test_r18_the_catalogue_is_searched_by_touching_letters(citizen: AtKiosk):
    citizen.opens("/kiosk")
    citizen.follows("药品和诊疗项目目录")
    citizen.touches(*"AMXL", "查找")
    citizen.reads("阿莫西林")


def test_the_slip_is_for_a_roll_of_80_millimetres_and_holds_the_answer_alone(citizen: AtKiosk, tmp_path: Path):
    citizen.signs_in("王建国")
    citizen.opens("/kiosk/enquiries/medical")
    citizen.page.evaluate("window.print = () => { document.body.dataset.printed = 'yes' }")
    citizen.presses("打印凭条")
    expect(citizen.page.locator("body")).to_have_attribute("data-printed", "yes")
    slip = citizen.page.pdf(prefer_css_page_size=True)
    (width,) = {round(float(each) / 72 * 25.4) for each in re.findall(rb"/MediaBox \[0 0 ([0-9.]+)", slip)}
    assert width == 80
    citizen.page.emulate_media(media="print")
    for hidden in (".top", ".bottom", ".years .button", "[data-print]"):
        expect(citizen.page.locator(hidden).first).to_be_hidden()
    read = citizen.page.locator("body").inner_text()
    for words in ("凭条", "个人账户余额", "1,234.56", "2026年11月23日", "服务大厅演示终端", "只供本人参考"):
        assert words in read
    citizen.page.set_viewport_size({"width": 280, "height": 800})  # 74 mm, in CSS pixels
    assert citizen.page.evaluate("document.documentElement.scrollWidth") <= 280
    citizen.keeps_screen("slip")
