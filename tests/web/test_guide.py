"""The guide says what the rules and the phone do, because it is made from them."""

from __future__ import annotations

import itertools
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from bs4 import Tag

from agi.flows.operator import reach_operator
from agi.flows.personal_account import ACCOUNT_MENU
from agi.menus import CARD_MENU, ENQUIRY_MENU, MAIN_MENU
from core.permissions import ALLOWED, CONDITIONS, may
from core.values import Door, Operation
from tests.support.web.reading import find
from tests.support.web.visitor import Visitor
from web import words
from web.site import phone_menu

ROOT = Path(__file__).parents[2]
PROMPTS = tomllib.loads((ROOT / "sounds" / "manifest.toml").read_text(encoding="utf-8"))["prompts"]
GUIDES = [path for path, _ in words.GUIDE]


def test_every_operation_and_condition_of_the_rules_has_chinese_words():
    assert set(words.OPERATIONS) == set(Operation)
    assert list(words.DOORS) == list(Door), "the table's columns stand in this order"
    assert set(words.CONDITIONS) == set(CONDITIONS)


def test_the_table_of_the_guide_is_the_table_of_the_rules(visitor: Visitor):
    visitor.opens("/guide")
    doors, *rows = ([_spaced(cell) for cell in row.select("th, td")] for row in find(visitor.page, "tr"))
    assert doors == ["业务", *words.DOORS.values()]
    assert [row[0] for row in rows] == list(words.OPERATIONS.values())
    for operation, cells in zip(Operation, rows, strict=True):
        for door, cell in zip(Door, cells[1:], strict=True):
            mark = "✓ 可以" if may(door, operation) else "不能"
            assert cell == f"{mark} {words.CONDITIONS.get((operation, door), '')}".strip()


def test_in_large_print_the_table_is_a_list_of_the_same(visitor: Visitor):
    visitor.cookies["print-size"] = "large"
    visitor.opens("/guide")
    sections = find(visitor.page, "section.where")
    for operation, section in zip(Operation, sections, strict=True):
        assert [each.text for each in section.select("h3")] == [words.OPERATIONS[operation]]
        assert [each.text for each in section.select("strong")] == [
            words.DOORS[door] for door in Door if may(door, operation)
        ]


def test_r40_the_menu_of_the_page_is_the_menu_of_the_phone():
    drawn = phone_menu.draw()
    for menu, choices in (
        (MAIN_MENU, drawn),
        (ENQUIRY_MENU, _under(drawn, "3")),
        (ACCOUNT_MENU, _under(drawn, "3", "1")),
        (CARD_MENU, _under(drawn, "5")),
    ):
        spoken = PROMPTS[menu.prompt]
        unsaid = {} if "人工服务请按零" in spoken else {"0": reach_operator}
        assert [choice.key for choice in choices] == [key for key in menu.keys if key not in unsaid]
        assert menu.keys.items() >= unsaid.items()
        for choice in choices:
            assert f"{choice.name}请按{'零一二三四五六七八九'[int(choice.key)]}" in spoken


def test_r40_the_page_shows_each_key_beside_its_words(visitor: Visitor):
    visitor.opens("/guide/phone")
    shown = [tuple(choice.stripped_strings) for choice in find(visitor.page, "span.choice")]
    assert shown == list(_flat(phone_menu.draw()))
    assert ("2", "社保卡挂失") in shown and ("0", "人工服务") in shown


def test_r43_the_hours_on_the_page_are_those_that_a_caller_hears(visitor: Visitor):
    visitor.opens("/guide/phone")
    assert phone_menu.operator_hours() in PROMPTS["operator-closed"]
    assert visitor.page.has("人工服务时间", phone_menu.operator_hours())


@pytest.mark.parametrize(
    ("path", "keys"),
    [("/guide/query", ("3", "1")), ("/guide/pin", ("5", "1")), ("/guide/loss", ("5", "2")), ("/", ("5", "2"))],
)
def test_the_steps_name_the_keys_that_lead_there(visitor: Visitor, path, keys):
    visitor.opens(path)
    assert visitor.page.has(f"按 {keys[0]}，再按 {keys[1]}")


def test_r31_r35_the_guide_says_what_follows_a_loss_and_who_releases_it(visitor: Visitor):
    visitor.opens("/guide/loss")
    assert visitor.page.has(
        "尽快带有效身份证件", "书面挂失", "只有区县医疗保险分中心可以解除挂失", "户籍证明", "挂失编号"
    )
    assert visitor.page.text.index("第一步") < visitor.page.text.index("第二步") < visitor.page.text.index("卡找到了")


def test_r26_the_guide_says_where_a_forgotten_pin_is_reset(visitor: Visitor):
    assert ALLOWED[Operation.RESET_PIN] == (Door.BRANCH, Door.SERVICE_CENTRE)
    for path in ("/guide/pin", "/guide/questions"):
        visitor.opens(path)
        assert visitor.page.has("到区县医疗保险分中心或重庆市社会保障卡服务中心重置")


def test_r4_the_questions_name_the_limit_that_is_set(visitor: Visitor):
    visitor.opens("/guide/questions")
    assert visitor.page.has("密码连续输错 6 次就会锁定", "默认密码 123456", "最后一位是 X", "谁可以解除挂失")


@pytest.mark.parametrize("path", GUIDES)
@pytest.mark.parametrize("print_size", ["usual", "large"])
def test_each_guide_has_one_heading_and_says_where_one_is(visitor: Visitor, path, print_size):
    visitor.cookies["print-size"] = print_size
    visitor.opens(path)
    assert visitor.page.status == 200
    levels = [int(title.name[1]) for title in find(visitor.page, "h1, h2, h3, h4, h5, h6")]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels)), levels
    assert f'<a href="{path}" aria-current="page">' in visitor.page.html


def test_links_of_the_guide_to_a_place_on_a_page_find_it(visitor: Visitor):
    for path in ("/", *GUIDES):
        visitor.opens(path)
        for link in find(visitor.page, 'a[href*="#"]'):
            target, _, name = str(link["href"]).partition("#")
            assert find(visitor.opens(target or path), f'[id="{name}"]'), f"{path} leads to {target}#{name}"


def test_the_website_runs_without_the_machinery_of_the_phone():
    told = subprocess.run(
        [sys.executable, "-c", "import sys, web.site.phone_menu; print({'gevent', 'asterisk'} & set(sys.modules))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "set()"


def _spaced(cell: Tag) -> str:
    return " ".join(cell.stripped_strings)


def _under(choices, *keys):
    for key in keys:
        choices = next(choice.under for choice in choices if choice.key == key)
    return choices


def _flat(choices):
    for choice in choices:
        yield choice.key, choice.name
        yield from _flat(choice.under)
