"""The seven kinds of enquiry (R12), with the demo people, and what nobody has on record (R19)."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import demo
from core.actor import Actor
from core.context import CoreContext, open_context
from core.settings import Settings
from tests.support.core.audit import audited
from tests.support.core.databases import CHEAP
from tests.support.web.at_kiosk import AtKiosk
from tests.support.web.reading import facts, find, heading, table, words
from tests.support.web.visitor import Site
from web.kiosk.enquiries import WAYS

TODAY = datetime(2026, 11, 23, 6, tzinfo=UTC)  # the demo people's records end shortly before


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    context = open_context(Settings(state_dir=folder, **CHEAP), lambda: TODAY)
    demo.load(context, Actor.shell("test"), lambda problem: pytest.fail(str(problem)))
    context.engine.dispose()
    return folder


@pytest.fixture
def demo_context(demo_folder: Path, tmp_path: Path) -> Iterator[CoreContext]:
    shutil.copy(demo_folder / "hotline.db", tmp_path)
    context = open_context(Settings(state_dir=tmp_path, **CHEAP), lambda: TODAY)
    yield context
    context.engine.dispose()


@pytest.fixture
def signed_in(demo_context: CoreContext) -> Iterator[Callable[[str], AtKiosk]]:
    """signed_in("王建国") stands at the demo's kiosk, and has entered their PIN."""
    with closing(Site(demo_context)) as site:

        def stand(name: str) -> AtKiosk:
            person = AtKiosk(site.port)
            person.enters_key(demo.staff_credentials(demo_context).kiosk_key)
            card, pin = _card_and_pin(name)
            person.opens("/kiosk/card")
            person.sends("/kiosk/card", card_number=card, pin=pin)
            return person

        yield stand


def _card_and_pin(name: str) -> tuple[str, str]:
    def rows(file: str) -> list[dict[str, str]]:
        with (demo.DATA / file).open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    (id_number,) = (row["id_number"] for row in rows("people.csv") if row["name"] == name)
    *_, card = (row for row in rows("cards.csv") if row["id_number"] == id_number)
    return card["card_number"], card["pin"] or "123456"


def _months(person: AtKiosk) -> list[str]:
    return [words(item) for item in find(person.page, "ol.months > li")]


def test_the_menu_leads_to_each_kind(signed_in):
    person = signed_in("王建国")
    for way in WAYS:
        person.opens(way.path)
        assert person.page.status == 200 and heading(person.page) == way.name


def test_the_card(signed_in):
    person = signed_in("王建国")
    person.opens("/kiosk/enquiries/card")
    assert facts(person.page) == {
        "姓名": "王**",
        "社保卡号": "*****9365",
        "社保卡状态": "正常",
        "发卡日期": "2011年2月6日",
        "身份证号码": "500***********9970",
        "密码": "已经修改过",
    }


def test_public_data(signed_in):
    person = signed_in("王建国")
    person.opens("/kiosk/enquiries/public")
    told = facts(person.page)
    assert told.pop("工作单位").startswith("重庆")
    assert told == {
        "姓名": "王**",
        "身份证号码": "500***********9970",
        "个人社保号": "****0001",
        "所属区县": "渝中区",
        "联系电话": "023*****0001",
    }


def test_r14_employment_and_unemployment_with_a_gap(signed_in):
    person = signed_in("朱琳")
    person.opens("/kiosk/enquiries/employment")
    told = facts(person.page)
    assert told["就业状态"] == "失业" and told["连续缴费"] == "3 个月"
    paid = table(person.page, "最近发放的失业待遇")
    assert paid[0] == {"月份": "2025年9月", "金额（元）": "1,890.00"} and len(paid) == 3
    assert _months(person)[2] == "3月 未缴费"


def test_r14_a_year_is_chosen_and_one_that_there_is_not_is_the_newest(signed_in):
    person = signed_in("王建国")
    person.opens("/kiosk/enquiries/pension")
    newest = words(*find(person.page, "nav.years"))
    (link,) = find(person.page, 'a[href^="/kiosk/enquiries/pension?year="]')
    before = str(link["href"])
    person.opens(before)
    assert person.page.has(f"{before[-4:]}年每月缴费") and len(_months(person)) == 12
    for wrong in ("1900", "x", "%C2%B2", ""):
        person.opens(f"/kiosk/enquiries/pension?year={wrong}")
        assert words(*find(person.page, "nav.years")) == newest


def test_social_insurance_pays_a_pension(signed_in):
    person = signed_in("李秀英")
    person.opens("/kiosk/enquiries/pension")
    assert table(person.page, "最近发放的退休待遇")[0] == {"月份": "2026年10月", "金额（元）": "3,186.40"}


@pytest.mark.parametrize(
    ("name", "path", "told"),
    [
        ("胡军", "work-injury", ("最近发放的工伤待遇", "1,768.20")),
        ("罗玉兰", "maternity", ("最近发放的生育待遇", "18,240.00")),
        ("何平", "employment", ("您没有失业保险缴费记录", "您没有失业待遇记录", "灵活就业")),
        ("林小雨", "allowances", ("最近发放的最低生活保障", "735.00", "您没有优抚待遇记录")),
        ("郑安邦", "allowances", ("最近发放的优抚待遇", "980.00", "您没有最低生活保障记录")),
        ("李秀英", "health", ("血型", "A", "青霉素", "高血压")),
        ("王建国", "health", ("血型", "O", "过敏", "没有登记")),
    ],
)
def test_what_the_demo_people_have(signed_in, name, path, told):
    assert signed_in(name).opens(f"/kiosk/enquiries/{path}").has(*told)


def test_medical_insurance_has_a_balance(signed_in):
    person = signed_in("王建国")
    person.opens("/kiosk/enquiries/medical")
    assert re.search(r"个人账户余额 [0-9,]+\.[0-9]{2} 元", person.page.text)
    assert facts(person.page)["参保状态"] == "正在缴费"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("employment", ("没有记录", "您没有失业保险缴费记录", "您没有失业待遇记录")),
        ("pension", ("您没有养老保险缴费记录", "您没有退休待遇记录")),
        ("work-injury", ("您没有工伤保险缴费记录", "您没有工伤待遇记录")),
        ("maternity", ("您没有生育保险缴费记录", "您没有生育待遇记录")),
        ("medical", ("您没有医疗保险个人账户记录", "您没有医疗保险缴费记录")),
        ("allowances", ("您没有最低生活保障记录", "您没有优抚待遇记录")),
        ("health", ("您没有生命与健康数据记录",)),
    ],
)
def test_r19_what_is_not_on_record_is_told_and_is_not_zero(signed_in, path, told):
    person = signed_in("郭梅")
    assert person.opens(f"/kiosk/enquiries/{path}").has(*told)
    assert not re.search(r"\b0(\.00)?\b", person.page.text.partition("凭条")[2].partition("2026年11月")[0])


def test_r6_no_page_shows_a_whole_number(signed_in):
    person = signed_in("刘芳")
    card, _ = _card_and_pin("刘芳")
    pages = [*(way.path for way in WAYS), "/kiosk/menu", "/kiosk/pin", "/kiosk/enquiries/work-injury", "/kiosk/left"]
    for path in pages:
        page = person.opens(path).html
        assert card not in page and "50011219880216998X" not in page and "10000004" not in page


def test_r8_each_look_leaves_one_row(signed_in, demo_context):
    person = signed_in("王建国")
    for way in WAYS:
        person.opens(way.path)
    assert audited(demo_context, "enquire about oneself") == ["done"] * len(WAYS)


def test_r47_the_person_reads_on_the_web_what_was_asked_at_which_kiosk(signed_in, demo_context):
    person = signed_in("王建国")
    person.opens("/kiosk/enquiries/card")
    person.cookies.clear()
    person.opens("/sign-in")
    person.sends("/sign-in", id_number="500103198502109970", pin="739164")
    person.opens("/account/history")
    rows = table(person.page, "查询和办理的历史")
    at_kiosk = [(row["操作"], row["结果"]) for row in rows if row["渠道"].startswith("自助服务终端（渝中区")]
    assert at_kiosk == [("查询本人信息", "成功"), ("插卡并用密码验证身份", "验证通过")]


def test_the_slip_says_where_and_when(signed_in):
    person = signed_in("王建国")
    slip = person.opens("/kiosk/enquiries/medical")
    told = [words(line) for line in find(slip, "p.slip-only")]
    assert told[0] == "重庆市社会保障卡自助服务 凭条"
    assert "2026年11月23日 14:00" in told[-1] and "服务大厅演示终端" in told[-1]
    assert "打印凭条" in slip.html


def test_no_such_enquiry(signed_in):
    person = signed_in("王建国")
    assert person.opens("/kiosk/enquiries/no-such").status == 404
    assert person.opens("/kiosk/menu").path == "/kiosk/menu"


def test_r18_the_catalogue_needs_no_card(signed_in):
    person = signed_in("王建国")
    person.opens("/kiosk/left")
    person.opens("/kiosk/catalogue/drugs?q=amxl")
    assert person.page.has("阿莫西林", "甲类", "个人自付")
    for link in find(person.page, 'main [href^="/"], main ~ * [href^="/"]'):
        assert str(link["href"]).startswith("/kiosk"), "nothing leads to the website"
    person.opens("/kiosk/catalogue/treatments?q=tlct")
    assert person.page.has("头颅CT")
    assert person.opens("/kiosk/catalogue/drugs?q=zzzzzz").has("没有找到")
