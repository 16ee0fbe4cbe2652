"""The PIN at a window: the clerk asks, the person keys it at a pad that the clerk can't read (section 2, R22–R26)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.actor import Actor
from core.permissions import may
from core.service import Service
from core.values import Door, Operation
from tests.support.core.people import Held
from tests.support.web.clerk import Clerk, code_on
from tests.support.web.visitor import Visitor

COUNTERS = (Door.AGENCY, Door.BRANCH, Door.SERVICE_CENTRE)
NEW = {"new": "604815", "again": "604815"}


@pytest.fixture
def desk(visitors: Callable[[], Visitor], at_window: Callable[..., Clerk]) -> Callable[..., tuple[Clerk, Visitor]]:
    """desk(Door.AGENCY, held) is a clerk with the person before them, whose card was shown, and the desk's pad."""

    def sit_down(door: Door, held: Held, *, card_shown: bool = True) -> tuple[Clerk, Visitor]:
        clerk, pad = at_window(door), visitors()
        clerk.finds(held, reason="PIN")
        if card_shown:
            clerk.shows_card(held.card_number)
        pad.opens("/counter/pad")
        clerk.sends(f"{clerk.here}/pin/pair", code=code_on(pad))
        assert clerk.page.has("密码键盘已经配对")
        pad.opens("/counter/pad")
        return clerk, pad

    return sit_down


def asks(clerk: Clerk, task: str) -> None:
    clerk.sends(f"{clerk.here}/pin", task=task)


def test_the_pad_says_whose_desk_it_works_for(desk, holder):
    _, pad = desk(Door.AGENCY, holder())
    assert pad.page.has("请稍候", "渝中区社会保险经办机构", "测试员")


def test_section_2_the_person_changes_their_pin_at_an_agency(desk, holder, context):
    held = holder(pin="739164")
    clerk, pad = desk(Door.AGENCY, held)
    asks(clerk, "change")
    assert clerk.page.has("请持卡人在密码键盘上修改密码")
    pad.opens("/counter/pad")
    assert pad.page.has("测*，请修改密码", "不是您的名字")
    pad.sends("/counter/pad", original="739164", **NEW)
    assert pad.page.has("办好了", "新密码已经生效")
    clerk.looks_at("/pin")
    assert clerk.page.has("成功", "新密码已经生效")
    assert Service(context, Actor.web("192.0.2.9")).identify(held.id_number, "604815").person_id == held.person_id


def test_r26_a_forgotten_pin_is_reset_without_the_original(desk, holder, context):
    held = holder(pin="739164")
    clerk, pad = desk(Door.BRANCH, held)
    asks(clerk, "reset")
    pad.opens("/counter/pad")
    assert pad.page.has("请设置新的密码") and not pad.page.has("原密码")
    pad.sends("/counter/pad", **NEW)
    assert pad.page.has("办好了")
    assert Service(context, Actor.web("192.0.2.9")).identify(held.id_number, "604815").person_id == held.person_id


@pytest.mark.parametrize("door", COUNTERS)
@pytest.mark.parametrize(("operation", "task"), [(Operation.CHANGE_PIN, "change"), (Operation.RESET_PIN, "reset")])
def test_section_2_an_office_offers_what_it_may_and_refuses_the_rest_by_address_too(
    desk, holder, door, operation, task
):
    clerk, pad = desk(door, holder())
    clerk.looks_at("/pin")
    assert (f'value="{task}"' in clerk.page.html) == may(door, operation)
    asks(clerk, task)
    pad.opens("/counter/pad")
    if may(door, operation):
        assert pad.page.has("再次输入新密码")
    else:
        assert clerk.page.status == 403 and clerk.page.has("不能办理")
        assert pad.page.has("请稍候")


def test_the_card_must_have_been_shown(desk, holder):
    clerk, pad = desk(Door.AGENCY, holder(), card_shown=False)
    assert clerk.page.has("还没有出示社保卡")
    asks(clerk, "change")
    assert clerk.page.path == f"{clerk.here}/card"
    pad.opens("/counter/pad")
    assert pad.page.has("请稍候")


@pytest.mark.parametrize(
    ("keyed", "told"),
    [
        ({"original": "000001", **NEW}, "原密码不正确"),
        ({"original": "739164", "new": "111111", "again": "111111"}, "重复组成"),
        ({"original": "739164", "new": "604815", "again": "604816"}, "不一致"),
        ({"original": "", "new": "", "again": ""}, "原密码是 6 位数字"),
    ],
)
def test_what_can_be_mended_is_said_on_the_pad_and_no_pin_stands_on_any_page(desk, holder, keyed, told):
    clerk, pad = desk(Door.AGENCY, holder(pin="739164"))
    asks(clerk, "change")
    pad.opens("/counter/pad")
    pad.sends("/counter/pad", **keyed)
    assert pad.page.status == 422 and pad.page.has(told)
    clerk.looks_at("/pin")
    for page in (pad.page, clerk.page):
        assert not any(pin and f'"{pin}"' in page.html for pin in keyed.values())
    pad.sends("/counter/pad", original="739164", **NEW)
    assert pad.page.has("办好了")


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "９９９９９９９", "' OR 1=1"])
def test_a_code_that_no_pad_shows_pairs_nothing(visitors, at_window, holder, code):
    clerk, pad = at_window(Door.AGENCY), visitors()
    clerk.finds(holder(), reason="PIN")
    pad.opens("/counter/pad")
    clerk.sends(f"{clerk.here}/pin/pair", code=code)
    assert clerk.page.status == 422 and clerk.page.has("没有显示这个配对码")
    pad.opens("/counter/pad")
    assert code_on(pad)


def test_a_pad_of_another_desk_is_asked_for_nothing(desk, holder):
    """Paired with the wrong desk: the name on the pad is that of the other desk's clerk, and nothing comes."""
    _, first_pad = desk(Door.AGENCY, holder())
    clerk, pad = desk(Door.SERVICE_CENTRE, holder())
    asks(clerk, "change")
    first_pad.opens("/counter/pad")
    assert first_pad.page.has("请稍候") and not first_pad.page.has("再次输入新密码")
    pad.opens("/counter/pad")
    assert pad.page.has("再次输入新密码")


def test_sent_twice_it_is_carried_out_once(desk, holder):
    clerk, pad = desk(Door.AGENCY, holder(pin="739164"))
    asks(clerk, "change")
    pad.opens("/counter/pad")
    token = pad.page.field("form_token")
    for _ in range(2):
        pad.sends("/counter/pad", form_token=token, original="739164", **NEW)
        assert pad.page.status == 200 and pad.page.has("办好了")


def test_what_the_clerk_takes_back_leaves_the_pad(desk, holder):
    clerk, pad = desk(Door.AGENCY, holder(pin="739164"))
    asks(clerk, "change")
    pad.opens("/counter/pad")
    clerk.sends(f"{clerk.here}/pin/take-back")
    pad.sends("/counter/pad", original="739164", **NEW)
    assert pad.page.has("请稍候")


def test_what_was_keyed_before_the_clerk_asked_for_something_else_is_not_sent_for_that(desk, holder):
    clerk, pad = desk(Door.SERVICE_CENTRE, holder(pin="739164"))
    asks(clerk, "change")
    pad.opens("/counter/pad")
    asks(clerk, "reset")
    pad.sends("/counter/pad", original="739164", **NEW)
    assert pad.page.status == 200 and pad.page.has("请设置新的密码")


def test_the_pad_is_free_when_the_clerk_goes(desk, holder):
    clerk, pad = desk(Door.AGENCY, holder())
    clerk.sends("/counter/sign-out")
    pad.opens("/counter/pad")
    assert code_on(pad)


def test_a_word_changes_when_the_page_would(desk, holder):
    clerk, pad = desk(Door.AGENCY, holder(pin="739164"))
    seen = {pad.opens("/counter/pad/state").body}, {clerk.opens(f"{clerk.here}/pin-state").body}
    asks(clerk, "change")
    seen[0].add(pad.opens("/counter/pad/state").body)
    seen[1].add(clerk.opens(f"{clerk.here}/pin-state").body)
    pad.opens("/counter/pad")
    pad.sends("/counter/pad", original="739164", **NEW)
    seen[0].add(pad.opens("/counter/pad/state").body)
    seen[1].add(clerk.opens(f"{clerk.here}/pin-state").body)
    assert len(seen[0]) == len(seen[1]) == 3


def test_a_case_of_another_clerk_gives_no_way_to_a_pin(desk, at_window, holder):
    clerk, _ = desk(Door.AGENCY, holder())
    other = at_window(Door.AGENCY)
    for path in ("pin", "pin/pair", "pin/take-back", "pin/let-go"):
        other.sends(f"{clerk.here}/{path}", task="change", code="123456")
        assert other.page.status == 404
