"""A visit of somebody who is signed in: its token, its end, and what is left afterwards."""

from __future__ import annotations

import re

from tests.support.core.clock import Clock
from tests.support.web.reading import facts, heading, ways
from tests.support.web.visitor import Visitor


def is_signed_in(visitor: Visitor) -> bool:
    return heading(visitor.opens("/account")) == "我的账户"


def test_the_token_is_a_new_one_at_every_sign_in(visitor: Visitor, visitors, holder):
    held, other = holder(), holder()
    visitor.cookies["session"] = "chosen-by-somebody-else"
    visitor.signs_in(held)
    first = visitor.cookies["session"]
    assert first != "chosen-by-somebody-else" and len(first) >= 40
    visitor.signs_in(other)
    assert visitor.cookies["session"] != first
    thief = visitors()
    thief.cookies["session"] = first
    assert heading(thief.opens("/account")) == "登录已经结束"


def test_somebody_else_at_the_same_computer_sees_their_own(visitor: Visitor, holder):
    held, other = holder(), holder()
    for each in (held, other):
        visitor.signs_in(each)
        assert facts(visitor.opens("/account"))["个人社保号"] == f"****{each.personal_number[-4:]}"


def test_signing_out_ends_the_visit_and_not_only_the_cookie(visitor: Visitor, visitors, holder):
    visitor.signs_in(holder())
    token = visitor.cookies["session"]
    visitor.sends("/sign-out")
    assert heading(visitor.page) == "您已退出登录" and visitor.page.has("公共电脑", "请关闭浏览器")
    assert "session" not in visitor.cookies
    kept = visitors()
    kept.cookies["session"] = token
    assert heading(kept.opens("/account")) == "登录已经结束"


def test_signing_out_twice_is_as_good_as_once(visitor: Visitor, holder):
    visitor.signs_in(holder())
    visitor.sends("/sign-out")
    assert heading(visitor.sends("/sign-out")) == "您已退出登录"


def test_the_back_button_shows_nothing_after_signing_out(visitor: Visitor, holder):
    held = holder()
    for path in ("/account", "/account/pension", "/account/record", "/account/history", "/account/pin"):
        visitor.signs_in(held)
        assert visitor.opens(path).headers["Cache-Control"] == "no-store", "so the browser asks again"
        answer = visitor.asks("POST", "/sign-out", b"", {"Origin": f"http://127.0.0.1:{visitor.port}"})
        assert answer.headers["Clear-Site-Data"] == '"cache"'
        assert heading(visitor.opens(path)) == "登录"


def test_a_form_that_was_open_when_somebody_signed_out_does_nothing(visitor: Visitor, holder):
    held = holder()
    visitor.signs_in(held)
    token = visitor.opens("/account/loss/confirm").field("form_token")
    visitor.sends("/sign-out")
    visitor.sends("/account/loss", form_token=token)
    assert heading(visitor.page) == "登录"
    visitor.signs_in(held)
    assert visitor.opens("/account/loss").has("您的社保卡现在：正常", "您没有挂失记录")


def test_another_tab_of_somebody_who_signed_out_says_so(visitor: Visitor, visitors, holder):
    visitor.signs_in(holder())
    other_tab = visitors()
    other_tab.cookies = dict(visitor.cookies)
    visitor.sends("/sign-out")
    page = other_tab.sends("/account/loss", form_token="x")
    assert heading(page) == "登录已经结束" and page.has("刚才的操作如果没有看到结果，就没有办理")
    assert ways(page) == {"重新登录": "/sign-in", "回到首页": "/"}


def test_a_visit_that_nobody_uses_ends_after_ten_minutes(visitor: Visitor, holder, clock: Clock):
    visitor.signs_in(holder())
    clock.passes(minutes=9, seconds=59)
    assert is_signed_in(visitor)
    clock.passes(minutes=10, seconds=1)
    assert heading(visitor.opens("/account")) == "登录已经结束"
    assert not is_signed_in(visitor)


def test_a_visit_ends_after_an_hour_however_it_is_used(visitor: Visitor, holder, clock: Clock):
    visitor.signs_in(holder())
    for _ in range(7):
        clock.passes(minutes=8)
        assert is_signed_in(visitor)
    clock.passes(minutes=4, seconds=1)
    assert heading(visitor.opens("/account")) == "登录已经结束"


def test_a_page_left_alone_leads_away_and_ends_the_visit(visitor: Visitor, holder, clock: Clock):
    visitor.signs_in(holder())
    way_out = re.search(r'<noscript><meta http-equiv="refresh" content="605;url=(.*?)">', visitor.page.html)[1]
    clock.passes(seconds=605)
    assert heading(visitor.opens(way_out)) == "您已自动退出"
    assert "session" not in visitor.cookies
