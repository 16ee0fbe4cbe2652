"""One person at the window: found, looked at, seen whole, gone (R2, R6, R13, R47)."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from core.numbers import card_check_character
from core.records.schema import Benefit, Card, Contribution, Health
from core.values import CardState, Door
from tests.support.core.audit import outcomes
from tests.support.core.staffing import OFFICES
from tests.support.web.reading import complaints, facts, heading, is_checked, table, ways

UNKNOWN = "500101198001019990"


@pytest.fixture
def insured(context, holder):
    """Somebody with a little of everything on record."""
    held = holder()
    with context.transaction() as session:
        for month in ("2026-01", "2026-02"):
            session.add(
                Contribution(
                    person_id=held.person_id,
                    insurance="pension",
                    month=month,
                    unit_number="",
                    base=Decimal(5000),
                    personal_amount=Decimal(400),
                    employer_amount=Decimal(800),
                    paid=True,
                )
            )
        for kind in ("retirement", "minimum_living"):
            session.add(
                Benefit(
                    personal_number=held.personal_number, kind=kind, month="2026-02", amount=Decimal(735), dependants=0
                )
            )
        session.add(Health(person_id=held.person_id, blood_type="A", allergies="青霉素", conditions=""))
    return held


def test_r2_nobody_is_looked_up_before_document_and_reason_are_recorded(at_window, holder, context):
    clerk, held = at_window(), holder()
    clerk.opens("/counter")
    clerk.sends("/counter/find", sought=held.id_number)
    assert complaints(clerk.page) == {"document": "请选择核对过的证件。", "reason": "请选择来办理什么。"}
    assert clerk.page.field("sought") == held.id_number
    clerk.sends("/counter/find", sought=held.id_number, document="social security card", reason="loss")
    assert complaints(clerk.page) == {"document": "请选择核对过的证件。"}
    assert is_checked(clerk.page, value="loss")
    clerk.sends("/counter/find", document="passport", reason="curiosity")
    assert set(complaints(clerk.page)) == {"reason", "sought"}
    assert outcomes(context, held) == []


def test_r2_a_person_is_found_by_each_of_their_numbers(at_window, holder, caller):
    clerk, held = at_window(), holder()
    reference = caller.report_loss(caller.identify(held.id_number, held.pin)).reference
    for number in (held.id_number, held.card_number.lower(), reference):
        assert clerk.finds(number).has("测*", "居民身份证已核对", "来办理挂失")


@pytest.mark.parametrize(
    ("sought", "sentence"),
    [
        (UNKNOWN, "没有找到这个号码。请核对后重新填写。"),
        ("A0000000" + card_check_character("A0000000"), "没有找到这个号码。请核对后重新填写。"),
        ("12345678", "没有找到这个号码。请核对后重新填写。"),
        ("1234567", "身份证号码是 18 位，社保卡号是 9 位，挂失编号是 8 位。请核对后重新填写。"),
        ("500101198001019991", "身份证号码不正确，请逐位核对后重新填写。"),
        ("A00000001", "社保卡号不正确，请逐位核对后重新填写。"),
    ],
)
def test_who_is_not_found_is_said_at_the_number_and_the_choices_stay(at_window, sought, sentence):
    clerk = at_window()
    clerk.finds(sought, "release", "household certificate")
    assert complaints(clerk.page) == {"sought": sentence} and clerk.page.path == "/counter/find"
    for chosen in ("household certificate", "release"):
        assert is_checked(clerk.page, value=chosen)


def test_r6_no_number_stands_in_an_address(at_window, holder):
    clerk, held = at_window(), holder()
    for number in (held.id_number, held.card_number):
        clerk.finds(number)
        assert re.fullmatch("/counter/case/[0-9a-f]{16}", clerk.here)


@pytest.mark.parametrize("door", OFFICES)
def test_r13_a_clerk_sees_what_the_site_shows(at_window, insured, door):
    clerk = at_window(door)
    told = facts(clerk.finds(insured, "enquiry"))
    assert (told["姓名"], told["社保卡状态"], told["所属区县"]) == ("测*", "正常", "渝中区")
    page = clerk.looks_at("/insurance/pension")
    assert heading(page) == "养老保险" and facts(page)["连续缴费"] == "2 个月"
    assert table(page, "2026年每月缴费")[0]["个人缴费"] == "400.00"
    assert table(page, "最近发放的退休待遇")[0]["金额"] == "735.00"
    page = clerk.looks_at("/insurance/medical")
    assert page.has("没有医疗保险缴费记录") and not page.has("您没有") and not page.has("拨打 12333")
    page = clerk.looks_at("/other")
    assert table(page, "最近发放的最低生活保障")[0]["金额"] == "735.00" and page.has("没有优抚待遇记录")
    assert facts(page) == {"血型": "A", "过敏": "青霉素", "病史": "没有记录"}
    assert clerk.looks_at("/insurance/astrology").status == 404


def test_r19_who_has_nothing_on_record_reads_exactly_that(at_window, holder):
    clerk = at_window()
    assert clerk.finds(holder()).has("没有参保缴费记录")
    assert clerk.looks_at("/other").has("没有最低生活保障记录", "没有优抚待遇记录", "没有健康信息记录")


def test_r6_the_record_is_masked_until_the_clerk_asks_to_see_it_whole(at_window, holder, context):
    clerk, held = at_window(), holder()
    clerk.finds(held)
    whole = (held.id_number, held.card_number, held.personal_number, "测试")
    for part in ("", "/insurance/pension", "/other", "/card", "/loss", "/loss/report", "/history"):
        assert not any(number in clerk.looks_at(part).html.replace("测试员", "") for number in whole)
    clerk.looks_at()
    clerk.sends(f"{clerk.here}/reveal")
    told = facts(clerk.page)
    assert (told["身份证号码"], told["社保卡号"], told["姓名"]) == (held.id_number, held.card_number, "测试")
    assert clerk.looks_at("/history").has("窗口查看完整的姓名和号码") and clerk.page.has(held.id_number)
    assert not clerk.page.has("看完整信息")
    assert outcomes(context, held)[-3:-1].count(("see the record whole", "done")) == 1


def test_r47_the_person_reads_on_the_web_who_looked_and_what_for(at_window, visitor, holder):
    clerk, held = at_window(), holder()
    clerk.finds(held, "enquiry", "passport")
    clerk.sends(f"{clerk.here}/reveal")
    visitor.signs_in(held)
    rows = table(visitor.opens("/account/history"), "查询和办理的历史")
    told = {(row["操作"], row["结果"]) for row in rows if row["渠道"] == f"窗口（{OFFICES[Door.BRANCH]}）"}
    assert ("窗口核对证件，查找本人", "来办理查询，核对了护照") in told
    assert ("窗口查看完整的姓名和号码", "成功") in told and ("查询本人信息", "成功") in told


def test_the_card_is_compared_with_the_record(at_window, holder):
    clerk, held, other = at_window(), holder(), holder()
    clerk.finds(held)
    clerk.looks_at("/card")
    assert complaints(clerk.shows_card("")) == {"card_number": "请把社保卡插入读卡器，或者填写卡号。"}
    assert complaints(clerk.shows_card("A1")) == {"card_number": "社保卡号应为 9 位，请核对后重新填写。"}
    assert complaints(clerk.shows_card(other.card_number)) == {
        "card_number": "这个号码不是本人现在的社保卡：可能是别人的卡，或者是已经补换的旧卡。请核对。"
    }
    assert not clerk.page.has("卡已出示")
    assert clerk.shows_card(held.card_number.lower()).has("出示的社保卡与记录相符。", "卡已出示")


def test_a_case_of_another_desk_is_not_found(at_window, holder):
    mine, others = at_window(), at_window()
    mine.finds(holder())
    others.here = mine.here
    for part in (
        "",
        "/insurance/pension",
        "/other",
        "/card",
        "/loss",
        "/loss/report",
        "/loss-form",
        "/loss-form.pdf",
        "/history",
    ):
        answer = others.looks_at(part)
        assert answer.status == 404 and heading(answer) == "这项业务不在您的窗口办理" and not answer.has("测*")
        assert answer.has("退出")
    for part in ("/reveal", "/card", "/loss/report"):
        assert others.sends(f"{others.here}{part}", card_number="A1", card="1").status == 404
    others.sends(f"{others.here}/close")
    assert mine.looks_at().has("测*")


def test_what_is_refused_within_a_case_leads_back_into_it(at_window, holder):
    clerk = at_window(Door.AGENCY)
    clerk.finds(holder())
    not_here = clerk.looks_at("/loss/release")
    assert not_here.status == 403 and ways(not_here) == {"回到本人的业务": clerk.here, "回到首页": "/counter"}
    stale = clerk.sends(f"{clerk.here}/loss/report", form_token="of.yesterday")
    assert stale.status == 400 and ways(stale)["回到本人的业务"] == clerk.here
    clerk.sends(f"{clerk.here}/close")
    assert ways(clerk.looks_at("/loss")) == {"回到首页": "/counter"}


def test_a_case_that_is_closed_is_over_and_the_desk_is_ready_for_the_next(at_window, holder):
    clerk = at_window()
    clerk.finds(holder())
    clerk.sends(f"{clerk.here}/close")
    assert heading(clerk.page) == "查找本人" and clerk.page.has("上一位的业务已经结束。")
    assert clerk.looks_at().status == 404


def test_two_people_in_two_tabs_are_not_mixed_up(at_window, holder):
    clerk, first, second = at_window(), holder(), holder()
    clerk.finds(first)
    of_first = clerk.here
    clerk.finds(second)
    assert clerk.sends(f"{of_first}/card", card_number=first.card_number).has("相符")
    assert complaints(clerk.shows_card(first.card_number))
    assert clerk.opens(of_first).has(f"***{first.id_number[-4:]}")
    assert clerk.looks_at().has(f"***{second.id_number[-4:]}")


def test_somebody_without_a_card_is_told_apart(at_window, context, holder):
    clerk, held = at_window(), holder()
    with context.transaction() as session:
        session.delete(session.get_one(Card, held.card_id))
    assert complaints(clerk.finds(held)) == {"sought": "这个人没有社保卡记录，不能在这里办理。请核对发卡情况。"}


def test_somebody_whose_card_is_cancelled_is_served_as_far_as_it_goes(at_window, holder):
    clerk = at_window()
    clerk.finds(holder(state=CardState.CANCELLED))
    page = clerk.looks_at("/loss")
    assert page.has("已注销") and not page.has("现在可以办理")


def test_r15_to_r18_enquiries_by_number_and_the_catalogue_stay_at_the_counter(at_window, context, insured):
    clerk = at_window(Door.AGENCY)
    for path in ("work-injury", "work-death", "unit"):
        page = clerk.opens(f"/counter/numbers/{path}")
        assert page.status == 200 and f'action="/counter/numbers/{path}"' in page.html and page.has("退出")
        assert 'href="/numbers/' not in page.html
    page = clerk.opens("/counter/catalogue/drugs?q=amxl")
    assert page.has("找到 0 项") and 'action="/counter/catalogue/drugs"' in page.html
    assert clerk.opens("/counter/catalogue/treatments").has("诊疗项目")
    clerk.opens("/counter/numbers/work-injury")
    clerk.sends("/counter/numbers/work-injury", number=insured.personal_number)
    assert clerk.page.has("没有查到这个号码的工伤待遇记录。")
    assert outcomes(context, insured)[-1] == ("benefits and contributions by number", "done")


def test_an_odd_address_within_a_case_is_no_page(at_window, holder):
    clerk = at_window()
    clerk.finds(holder())
    for part in ("/loss/steal", "/no-such-page", "/loss/", "/loss/report/now"):
        assert clerk.looks_at(part).status == 404
    for case in ("0" * 16, "x", "%00", "' or 1=1"):
        assert clerk.opens(f"/counter/case/{case.replace(' ', '%20')}").status == 404
