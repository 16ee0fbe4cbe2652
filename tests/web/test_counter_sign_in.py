"""Staff come in with three things at once, and go; nobody else comes near a page of the counter."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from core.staffed import staff
from core.values import Door, Role
from tests.support.core.staffing import ADMINISTRATOR, put_employee
from tests.support.web.clerk import Clerk
from tests.support.web.reading import complaints, heading

WRONG = "登录名、密码或动态口令不正确，请核对后重新填写。口令每 30 秒更换，每个只能用一次。"
NEW = "a password of my own"


@pytest.fixture
def newcomer(site, context, hired):
    """newcomer(initial=True) stands before the sign-in page."""
    return lambda door=Door.BRANCH, **known: Clerk(site.port, context, hired(door, **known))


def test_a_clerk_reads_who_and_where_they_are_and_what_the_office_does(at_window):
    clerk = at_window(Door.AGENCY)
    assert clerk.page.path == "/counter" and heading(clerk.page) == "查找本人"
    assert clerk.page.has("测试员", "渝中区社会保险经办机构", "退出", "本窗口可以办理", "修改密码")
    assert clerk.page.has("解除挂失：区县医疗保险分中心") and not clerk.page.has("待补办书面挂失")


def test_an_administrator_has_another_first_page(at_window):
    administrator = at_window(Door.SERVICE_CENTRE, role=Role.ADMINISTRATOR)
    assert heading(administrator.page) == "管理" and not administrator.page.has("查找本人")
    for address in ("/counter/staff", "/counter/offices", "/counter/kiosks", "/counter/audit"):
        assert f'href="{address}"' in administrator.page.html


def test_whatever_is_wrong_the_answer_is_the_same_word_for_word(newcomer, site, context, hired):
    clerk, other = newcomer(), hired()
    shown = set()
    for password, code in (("not the password", ""), ("", other.code(context)), ("", "000000"), ("x", "x")):
        clerk.signs_in(password, code)
        assert complaints(clerk.page) == {"login": WRONG}
        shown.add(clerk.page.text)
    clerk.opens("/counter/sign-in")
    clerk.sends("/counter/sign-in", login="nobody", password="x", code="000000")
    assert complaints(clerk.page) == {"login": WRONG} and clerk.page.field("login") == "nobody"
    assert len(shown) == 1 and clerk.cookies == {}


def test_what_is_missing_is_said_at_its_field_and_costs_nothing(newcomer):
    clerk = newcomer()
    clerk.opens("/counter/sign-in")
    clerk.sends("/counter/sign-in", login=" ")
    assert complaints(clerk.page) == {
        "login": "请填写登录名。",
        "password": "请填写密码。",
        "code": "请填写动态口令。",
    }


def test_a_password_is_never_sent_back_nor_a_code(newcomer):
    clerk = newcomer()
    clerk.signs_in("a secret that is wrong", "123123")
    assert "a secret that is wrong" not in clerk.page.html and "123123" not in clerk.page.html


def test_a_code_signs_in_once(newcomer, clock):
    first = newcomer()
    first.signs_in()
    second = Clerk(first.port, first.context, first.employee)
    second.signs_in()
    assert complaints(second.page) == {"login": WRONG}
    clock.passes(seconds=30)
    assert second.signs_in().path == "/counter"


def test_a_code_may_be_typed_with_the_space_and_in_full_width(newcomer, context):
    clerk = newcomer()
    code = clerk.employee.code(context)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert clerk.signs_in(code=f"{wide[:3]} {wide[3:]}").path == "/counter"


def test_r5_too_many_wrong_attempts_are_refused_for_an_hour(newcomer, context, clock):
    clerk = newcomer()
    for _ in range(context.settings.source_wrong_limit + 1):
        clerk.signs_in("not the password", "000000")
    clerk.signs_in()
    assert clerk.page.status == 429 and clerk.page.has("请稍后再试", "一小时以内不能登录")
    clock.passes(hours=1)
    assert clerk.signs_in().path == "/counter"


def test_nobody_signs_in_over_a_line_that_others_can_read(newcomer):
    clerk = newcomer()
    for method in ("GET", "POST"):
        answer = clerk.asks(
            method,
            "/counter/sign-in",
            b"",
            clerk.posted | {"Host": "hotline.example", "Origin": "http://hotline.example"},
        )
        assert answer.status == 403 and answer.has("这个连接不安全，不能登录")
    clerk.signs_in()
    answer = clerk.asks("GET", "/counter", headers={"Host": "hotline.example"})
    assert (answer.status, answer.headers["Location"][:16]) == (303, "/counter/sign-in")


def test_over_https_the_token_goes_nowhere_else(shared_context, shared_site):
    clerk = Clerk(shared_site.port, shared_context, put_employee(shared_context), x_forwarded_proto="https")
    fields = {"login": clerk.employee.login, "password": clerk.employee.password}
    body = urlencode(fields | {"code": clerk.employee.code(shared_context)}).encode()
    cookie = clerk.asks("POST", "/counter/sign-in", body, clerk.posted).headers["Set-Cookie"].split("; ")
    assert cookie[0].startswith("__Host-staff=") and {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= set(cookie)
    assert not any(part.startswith("Max-Age") for part in cookie)


def test_a_first_password_opens_nothing_but_its_own_change(newcomer, clock):
    clerk = newcomer(initial=True)
    clerk.signs_in()
    assert clerk.page.path == "/counter/password" and heading(clerk.page) == "请设置您自己的登录密码"
    for path in ("/counter", "/counter/queue", "/counter/case/0123456789abcdef", "/counter/numbers/unit"):
        assert clerk.opens(path).path == "/counter/password"
    clerk.sends("/counter/password", password=clerk.employee.password, new=NEW, again=NEW)
    assert clerk.page.path.startswith("/counter?") and clerk.page.has("登录密码已经修改")
    clerk.sends("/counter/sign-out")
    clock.passes(seconds=30)
    assert complaints(clerk.signs_in()) == {"login": WRONG}
    assert clerk.signs_in(NEW).path == "/counter"


@pytest.mark.parametrize(
    ("password", "new", "again", "field", "sentence"),
    [
        ("", "", "", "password", "请填写现在的密码。"),
        ("wrong", NEW, NEW, "password", "现在的密码不正确，请重新填写。"),
        ("right", NEW, "another", "new", "两次输入的新密码不一致，请重新填写。"),
        ("right", "short", "short", "new", "新密码至少 12 个字符，不能太简单，也不能含有登录名。"),
        ("right", "right", "right", "new", "新密码不能和现在的密码相同。"),
    ],
)
def test_a_new_password_that_cannot_be_is_said_at_its_field(at_window, password, new, again, field, sentence):
    clerk = at_window()
    known = {"right": clerk.employee.password}
    clerk.opens("/counter/password")
    clerk.sends(
        "/counter/password",
        password=known.get(password, password),
        new=known.get(new, new),
        again=known.get(again, again),
    )
    assert complaints(clerk.page)[field] == sentence
    assert not any(secret in clerk.page.html for secret in (clerk.employee.password, NEW))


def test_signing_out_leaves_nothing_open(at_window, holder):
    clerk = at_window()
    clerk.finds(holder())
    cookies = dict(clerk.cookies)
    clerk.sends("/counter/sign-out")
    assert clerk.page.has("工作人员登录", "您已经退出。") and clerk.cookies == {}
    clerk.cookies = cookies
    assert clerk.looks_at().has("登录时间已经用完，请重新登录。") and not clerk.page.has("测*")


def test_what_nobody_uses_is_over_after_a_quarter_of_an_hour(at_window, holder, clock):
    clerk = at_window()
    clerk.finds(holder())
    assert 'data-idle-seconds="900"' in clerk.page.html and 'data-leave-at="/counter/sign-in"' in clerk.page.html
    clock.passes(minutes=14)
    clerk.sends("/counter/keep")
    assert clerk.page.status == 204
    clock.passes(minutes=14)
    assert clerk.looks_at().has("测*")
    clock.passes(minutes=15)
    assert heading(clerk.looks_at()) == "工作人员登录"


def test_the_browsers_own_clock_ends_it_too(at_window):
    clerk = at_window()
    clerk.opens("/counter/sign-in?why=idle")
    assert clerk.page.has("工作人员登录", "已经自动退出") and clerk.cookies == {}


def test_a_case_of_yesterday_is_not_found_and_the_clerk_is_told_what_to_do(at_window, holder, clock):
    clerk, held = at_window(), holder()
    clerk.finds(held)
    clock.passes(hours=20)
    clerk.looks_at()
    clerk.signs_in()
    clerk.looks_at("/loss")
    assert clerk.page.status == 404 and heading(clerk.page) == "这项业务不在您的窗口办理"
    assert clerk.page.has("请重新核对证件") and not clerk.page.has("测*")


def test_somebody_who_was_dismissed_reads_nothing_more(at_window, holder, context):
    clerk = at_window()
    clerk.finds(holder())
    staff.dismiss(context, ADMINISTRATOR, clerk.employee.staff_id)
    assert heading(clerk.looks_at()) == "工作人员登录" and not clerk.page.has("测*")


def test_signing_in_elsewhere_ends_it_here(at_window, clock):
    first = at_window()
    clock.passes(seconds=30)
    second = Clerk(first.port, first.context, first.employee)
    second.signs_in()
    assert heading(first.opens("/counter")) == "工作人员登录"
    assert heading(second.opens("/counter")) == "查找本人"


def test_a_cardholders_visit_is_no_clerks(site, visitor, holder):
    visitor.signs_in(holder())
    visitor.cookies["staff"] = visitor.cookies["session"]
    assert visitor.opens("/counter").has("工作人员登录")


def test_a_clerks_token_opens_nobodys_account(at_window):
    clerk = at_window()
    clerk.cookies["session"] = clerk.cookies["staff"]
    clerk.opens("/account")
    assert not clerk.page.has("我的账户") and clerk.page.has("登录")


def test_a_clerk_has_no_page_of_an_administrator_nor_the_other_way_round(at_window):
    administrator = at_window(Door.SERVICE_CENTRE, role=Role.ADMINISTRATOR)
    for path in (
        "/counter/queue",
        "/counter/case/0123456789abcdef",
        "/counter/numbers/unit",
        "/counter/catalogue/drugs",
    ):
        answer = administrator.opens(path)
        assert answer.status == 403 and heading(answer) == "您不能使用这个页面" and answer.has("退出")
    administrator.opens("/counter")
    answer = administrator.sends("/counter/find", document="passport", reason="loss", sought="1")
    assert answer.status == 403


def test_every_page_of_a_counter_says_its_title_and_has_nothing_from_elsewhere(at_window, holder):
    clerk = at_window()
    clerk.finds(holder())
    for part in ("", "/insurance/pension", "/other", "/card", "/loss", "/loss/report", "/loss-form", "/history"):
        page = clerk.looks_at(part)
        assert page.status == 200
        assert re.search("<title>[^<]+ - 社会保障卡窗口业务</title>", page.html)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", page.html)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page.html)
        assert page.html.count("<h1") == 1
