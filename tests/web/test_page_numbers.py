"""The pages of every long list: whatever is no page of it is a page that there is not, like any other."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest

from core.values import Door, Role
from tests.support.core.people import Held
from tests.support.web.at_kiosk import AtKiosk
from tests.support.web.clerk import Clerk
from tests.support.web.visitor import Visitor

NO_PAGES = ("2", "x", "0", "-1", "1.5", "01", "+1", " 1", "1\n", "²", "１", "٣", "None", "\0", "9" * 9, "9" * 5000,
            "0" * 5000 + "1", "0000000011" + "0" * 4400)  # fmt: skip


@pytest.fixture
def at_desk(at_window: Callable[..., Clerk], held: Held) -> Clerk:
    """A clerk with a person at the window."""
    clerk = at_window(Door.BRANCH)
    clerk.finds(held)
    return clerk


@pytest.fixture
def administrator(at_window: Callable[..., Clerk]) -> Clerk:
    return at_window(Door.SERVICE_CENTRE, role=Role.ADMINISTRATOR)


def has_one_page(reader: Visitor, path: str, heading: str) -> None:
    """A list that is short has a first page, and no other."""
    for asked in ("", "page=", "page=1"):
        assert reader.opens(f"{path}?{asked}").status == 200 and reader.page.has(heading), (path, asked)
    for number in NO_PAGES:
        page = reader.opens(f"{path}?page={quote(number)}")
        assert page.status == 404 and page.has("没有这个页面") and not page.has("找到 0"), (path, number[:20])


def test_a_page_of_what_everybody_may_read(visitor: Visitor):
    has_one_page(visitor, "/offices", "办理网点")
    has_one_page(visitor, "/catalogue/drugs", "药品目录")
    has_one_page(visitor, "/catalogue/treatments", "诊疗项目")


def test_r47_a_page_of_ones_own_history(signed_in: Visitor):
    has_one_page(signed_in, "/account/history", "查询和办理的历史")


def test_r18_a_page_at_a_kiosk(at_kiosk: AtKiosk):
    has_one_page(at_kiosk, "/kiosk/catalogue/drugs", "药品和诊疗项目目录")
    has_one_page(at_kiosk, "/kiosk/catalogue/treatments", "药品和诊疗项目目录")


def test_r34_r47_a_page_at_a_window(at_desk: Clerk):
    has_one_page(at_desk, "/counter/queue", "待补办书面挂失")
    has_one_page(at_desk, f"{at_desk.here}/history", "查询和办理的历史")
    has_one_page(at_desk, "/counter/catalogue/drugs", "药品目录")


def test_r8_a_page_of_what_administrators_read(administrator: Clerk):
    has_one_page(administrator, "/counter/offices", "已有的网点")
    has_one_page(administrator, "/counter/audit", "审计")
