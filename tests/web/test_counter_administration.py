"""Administrators: staff, offices, kiosks and the audit; and nothing of it for a clerk."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pyotp
import pytest

from core.staffed import kiosks, staff
from core.values import Door, OtherOperation, Role
from tests.support.core.audit import outcomes
from tests.support.core.staffing import ADMINISTRATOR, OFFICES
from tests.support.web.addresses import staff_role
from tests.support.web.at_kiosk import AtKiosk, make_kiosk, revoke
from tests.support.web.clerk import Clerk
from tests.support.web.reading import table, ways
from tests.support.web.visitor import Visitor
from web.counter.routes import COUNTER


@pytest.fixture
def administrator(at_window: Callable[..., Clerk]) -> Clerk:
    """Somebody who manages, signed in."""
    return at_window(Door.SERVICE_CENTRE, role=Role.ADMINISTRATOR)


def hires(administrator: Visitor, login: str = "li.na", **other: str) -> None:
    administrator.opens("/counter/staff")
    fields = {"login": login, "name": "李娜", "role": "clerk", "office": OFFICES[Door.SERVICE_CENTRE]} | other
    administrator.sends("/counter/staff", **fields)


def shown_once(administrator: Visitor) -> tuple[str, str]:
    """The first password, and the key under the QR code."""
    password = re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", administrator.page.text)
    key = administrator.page.html.partition('class="key">')[2].partition("<")[0].replace(" ", "")
    assert password and administrator.page.has("只显示这一次") and "<svg" in administrator.page.html
    return password[0], key


def test_a_new_clerk_signs_in_with_what_was_shown_once(administrator: Visitor, visitors, context):
    hires(administrator)
    password, key = shown_once(administrator)
    clerk = visitors()
    clerk.opens("/counter/sign-in")
    clerk.sends("/counter/sign-in", login="li.na", password=password, code=pyotp.TOTP(key).at(context.now()))
    assert clerk.page.path == "/counter/password"
    administrator.opens("/counter/staff")
    assert administrator.page.has("li.na", "李娜") and not administrator.page.has(password)


def test_hiring_twice_by_a_double_click_hires_once(administrator: Visitor, context):
    hires(administrator)
    token = {"form_token": "", "login": "wang", "name": "王", "role": "clerk", "office": OFFICES[Door.SERVICE_CENTRE]}
    administrator.opens("/counter/staff")
    token["form_token"] = administrator.page.field("form_token")
    administrator.sends("/counter/staff", **token)
    shown_once(administrator)
    administrator.sends("/counter/staff", **token)
    assert administrator.page.path == "/counter/staff" and administrator.page.status == 200
    assert [member.login for member, *_ in staff.everybody(context, ADMINISTRATOR)].count("wang") == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"login": "x"}, "登录名是 2 到 32 个"),
        ({"login": "LI NA"}, "登录名是 2 到 32 个"),
        ({"login": "a" * 5000}, "登录名是 2 到 32 个"),
        ({"name": ""}, "请填写姓名"),
        ({"name": "李" * 41}, "请填写姓名"),
        ({"office": ""}, "请选择网点"),
        ({"office": "没有的网点"}, "请选择网点"),
    ],
)
def test_what_is_wrong_with_a_new_clerk_is_said(administrator: Visitor, context, wrong, told):
    hires(administrator, **wrong)
    assert administrator.page.status == 422 and administrator.page.has(told)
    assert len(staff.everybody(context, ADMINISTRATOR)) == 1


def test_a_login_is_never_given_to_somebody_else(administrator: Visitor, context):
    hires(administrator)
    staff_id = next(
        member.staff_id for member, *_ in staff.everybody(context, ADMINISTRATOR) if member.login == "li.na"
    )
    administrator.opens(f"/counter/staff/{staff_id}/dismiss")
    assert administrator.page.has("李娜（li.na）离岗", "不再给别人用")
    administrator.sends(f"/counter/staff/{staff_id}/dismiss")
    assert administrator.page.has("离岗")
    hires(administrator)
    assert administrator.page.status == 422 and administrator.page.has("已经有人用过")


def test_somebody_who_is_dismissed_is_signed_out_at_once(administrator: Visitor, at_window):
    clerk = at_window(Door.BRANCH)
    administrator.sends(f"/counter/staff/{clerk.employee.staff_id}/dismiss")
    clerk.opens("/counter")
    assert clerk.page.has("登录") and clerk.page.path.startswith("/counter/sign-in")


def test_an_administrator_does_not_dismiss_themselves(administrator: Visitor, context):
    own = staff.everybody(context, ADMINISTRATOR)[0][0].staff_id
    administrator.opens("/counter/staff")
    assert f"/counter/staff/{own}/dismiss" not in administrator.page.html
    administrator.sends(f"/counter/staff/{own}/dismiss")
    assert administrator.page.status == 400 and staff.everybody(context, ADMINISTRATOR)[0][2] is None


def test_lost_credentials_are_renewed_and_the_old_ones_open_nothing(administrator: Visitor, visitors, context, hired):
    clerk, employee = visitors(), hired(Door.BRANCH)
    administrator.opens("/counter/staff")
    form = administrator.page.html.partition(f'action="/counter/staff/{employee.staff_id}/renew"')[2]
    token = re.search('name="form_token" value="([^"]+)"', form)[1]
    administrator.sends(f"/counter/staff/{employee.staff_id}/renew", form_token=token)
    password, key = shown_once(administrator)
    clerk.opens("/counter/sign-in")
    told = {"login": employee.login, "code": employee.code(context)}
    clerk.sends("/counter/sign-in", **told, password=employee.password)
    assert clerk.page.status == 422
    told["code"] = pyotp.TOTP(key).at(context.now())
    clerk.sends("/counter/sign-in", **told, password=password)
    assert clerk.page.path == "/counter/password"


def test_a_kiosk_is_enrolled_listed_and_revoked(administrator: Visitor, context):
    administrator.opens("/counter/kiosks")
    administrator.sends("/counter/kiosks", name="一楼大厅 2 号", office=OFFICES[Door.SERVICE_CENTRE])
    key = administrator.page.html.partition('class="key">')[2].partition("<")[0]
    known = kiosks.recognise(context, key)
    assert known and known.name == "一楼大厅 2 号"
    administrator.opens("/counter/kiosks")
    assert administrator.page.has("一楼大厅 2 号", "停用") and key not in administrator.page.html
    administrator.opens(ways(administrator.page)["停用：一楼大厅 2 号"])
    assert administrator.page.has("停用：一楼大厅 2 号", "马上不能使用") and kiosks.recognise(context, key) is not None
    administrator.sends(administrator.page.path)
    assert kiosks.recognise(context, key) is None
    assert administrator.opens(f"/counter/kiosks/{known.kiosk_id}/revoke").status == 404
    told = administrator.opens("/counter/audit")
    assert told.has("已登记：一楼大厅 2 号", "已停用：一楼大厅 2 号")


@pytest.mark.parametrize("told", [{"name": ""}, {"name": "厅" * 41}, {"office": "没有的网点"}, {}])
def test_a_kiosk_without_a_place_is_not_enrolled(administrator: Visitor, context, told):
    administrator.opens("/counter/kiosks")
    good = {"name": "一楼", "office": OFFICES[Door.SERVICE_CENTRE]} if told else {}
    administrator.sends("/counter/kiosks", **(good | told))
    assert administrator.page.status == 422 and not kiosks.everyone(context, ADMINISTRATOR)


def test_an_office_is_added_and_its_data_changed(administrator: Visitor):
    told = {"name": "北碚区医疗保险分中心", "kind": "branch", "district": "北碚区", "address": "示例路 9 号"}
    administrator.sends("/counter/offices", **told, phone="023-00000901")
    administrator.sends("/counter/offices", **told, phone="023-00000902")
    administrator.opens("/counter/offices")
    assert administrator.page.text.count("北碚区医疗保险分中心 ") >= 1 and administrator.page.has("023-00000902")
    assert not administrator.page.has("023-00000901")
    administrator.opens("/offices?district=北碚区".replace("北碚区", "%E5%8C%97%E7%A2%9A%E5%8C%BA"))
    assert administrator.page.has("北碚区医疗保险分中心", "023-00000902")


def test_an_office_of_no_kind_is_not_added(administrator: Visitor):
    administrator.sends("/counter/offices", name="某处", kind="bank", district="", address="", phone="")
    assert administrator.page.status == 422
    assert administrator.page.has("请选择种类", "请填写区县", "请填写地址", "请填写电话")


def test_r8_the_audit_is_filtered_and_each_look_is_in_it(administrator: Visitor, context, caller, holder):
    held = holder(pin="739164")
    caller.identify(held.id_number, "739164")
    administrator.opens("/counter/audit?channel=phone")
    assert administrator.page.has("找到 1 条", "12333 电话", "验证通过")
    administrator.opens("/counter/audit?channel=kiosk")
    assert administrator.page.has("没有符合的记录")
    administrator.opens(f"/counter/audit?operation={OtherOperation.READ_AUDIT.replace(' ', '+')}")
    assert administrator.page.has("找到 2 条")


def test_r8_what_happened_to_the_key_of_a_kiosk_is_told_in_words(administrator: Visitor, context):
    key = make_kiosk(context)
    AtKiosk(administrator.port).enters_key("0" * 32)
    AtKiosk(administrator.port).enters_key(key)
    revoke(context)
    AtKiosk(administrator.port).enters_key(key)
    rows = table(administrator.opens("/counter/audit"), "审计记录，最近的在前")
    told = [(row["操作"], row["结果"]) for row in rows if "自助终端" in row["操作"]]
    assert told == [
        ("用密钥启用自助终端", "没有成功：密钥已停用"),
        ("管理自助终端", "已停用：测试终端"),
        ("用密钥启用自助终端", "成功"),
        ("用密钥启用自助终端", "没有成功：没有这个密钥"),
        ("管理自助终端", "已登记：测试终端"),
    ]


def test_r8_a_look_at_one_person_stands_in_their_own_history(administrator: Visitor, context, caller, holder):
    held = holder(pin="739164")
    caller.identify(held.id_number, "739164")
    administrator.sends("/counter/audit", id_number=f" {held.id_number} ")
    assert administrator.page.has("找到 1 条") and held.id_number not in administrator.page.html
    assert outcomes(context, held)[-1][0] == OtherOperation.READ_AUDIT


def test_r1_an_id_number_of_a_wrong_form_is_told(administrator: Visitor):
    for path in ("/counter/audit", "/counter/audit.csv"):
        administrator.sends(path, id_number="123")
        assert administrator.page.status == 422 and administrator.page.has("身份证号码应为 18 位")


def test_r8_the_audit_is_exported_for_a_spreadsheet(administrator: Visitor, context, caller, holder):
    held = holder(pin="739164")
    caller.identify(held.id_number, "739164")
    answer = administrator.sends("/counter/audit.csv", channel="phone")
    rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))))
    assert rows[0][1] == "时间" and len(rows) == 2 and "12333 电话" in rows[1]
    administrator.opens("/counter/audit")
    assert administrator.page.has("审计", "导出") and OtherOperation.EXPORT_AUDIT


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-13-40", "channel=%00", "who='"])
def test_odd_filters_are_no_fault(administrator: Visitor, query):
    administrator.opens(f"/counter/audit?{query}")
    assert administrator.page.status == 200


@pytest.mark.parametrize("number", ["x", "-1", "77", "999999999999"])
def test_nobody_has_that_number(administrator: Visitor, number):
    for path in (f"/counter/staff/{number}/dismiss", f"/counter/kiosks/{number}/revoke"):
        assert administrator.opens(path).status == administrator.sends(path).status == 404


def test_what_nobody_types_is_no_fault(administrator: Visitor):
    hires(administrator, name="李\0娜")
    shown_once(administrator)
    administrator.opens("/counter/staff")
    assert administrator.page.has("李娜")


@pytest.mark.parametrize(
    "route",
    [route for route in COUNTER if route.operation and staff_role(route) is Role.ADMINISTRATOR],
    ids=lambda route: f"{route.method} {route.path}",
)
def test_a_clerk_manages_nothing(at_window, route):
    clerk = at_window(Door.BRANCH)
    path = route.path.format(staff=1, kiosk=1)
    answer = clerk.opens(path) if route.method == "GET" else clerk.sends(path)
    assert answer.status == 403 and answer.has("您不能使用这个页面")
