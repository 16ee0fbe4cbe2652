"""The first page, and what every page shares."""

from __future__ import annotations

import re

import pytest

from tests.support.web.reading import find
from tests.support.web.visitor import Visitor

FIRST_PAGES = ("/", "/guide", "/guide/loss", "/guide/questions", "/sign-in", "/no-such-page")


def test_a_lost_card_comes_before_everything_else(visitor: Visitor):
    visitor.opens("/")
    ways = [link["href"] for link in find(visitor.page, "main a[href]")]
    assert ways[:3] == ["/account/loss", "tel:12333", "/guide/loss"]
    assert ways[3:7] == ["/account", "/account/pin", "/catalogue/drugs", "/offices"]


def test_reporting_a_loss_from_the_first_page_asks_who_it_is_and_goes_on_there(visitor: Visitor, holder):
    held = holder()
    visitor.opens("/account/loss")
    assert visitor.page.has("登录", "身份证号码")
    visitor.sends("/sign-in", id_number=held.id_number, pin=held.pin, next=visitor.page.field("next"))
    assert visitor.page.has("社保卡挂失", "我要挂失")


@pytest.mark.parametrize("path", FIRST_PAGES)
def test_every_page_says_its_language_its_title_and_its_parts(visitor: Visitor, path):
    page = visitor.opens(path)
    assert '<html lang="zh-CN"' in page.html
    (title,) = find(page, "head > title")
    assert re.fullmatch(".+ - 重庆市社会保障卡服务 12333", title.text)
    assert page.html.index('class="skip-link" href="#content"') < page.html.index("<header")
    for part in ("<header", '<nav class="site-nav" aria-label="', '<main class="container" id="content"', "<footer"):
        assert page.html.count(part) == 1


@pytest.mark.parametrize("path", FIRST_PAGES)
def test_no_page_has_script_or_style_within_or_anything_from_elsewhere(visitor: Visitor, path):
    page = visitor.opens(path).html
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_signing_in_and_out_changes_the_way_in(visitor: Visitor, holder):
    visitor.opens("/")
    assert visitor.page.has("登录") and not visitor.page.has("我的账户") and not visitor.page.has("退出登录")
    visitor.signs_in(holder())
    visitor.opens("/")
    assert visitor.page.has("我的账户", "退出登录")


def test_the_first_page_of_somebody_who_is_signed_in_is_shown_to_nobody_else(visitors, holder):
    here, elsewhere = visitors(), visitors()
    here.signs_in(holder())
    for _ in range(2):
        assert here.opens("/").has("我的账户", "退出登录")
        assert elsewhere.opens("/").has("登录") and not elsewhere.page.has("退出登录")


def test_somebody_who_is_signed_in_is_warned_before_the_end(visitor: Visitor, holder, clock):
    visitor.opens("/")
    assert "idle-warning" not in visitor.page.html and "http-equiv" not in visitor.page.html
    visitor.signs_in(holder())
    clock.passes(minutes=5)
    visitor.opens("/")
    assert 'data-idle-seconds="600" data-left-seconds="3300"' in visitor.page.html
    assert '<dialog id="idle-warning" role="alertdialog"' in visitor.page.html
    assert (
        '<noscript><meta http-equiv="refresh" content="605;url=/signed-out?why=idle"></noscript>' in visitor.page.html
    )
