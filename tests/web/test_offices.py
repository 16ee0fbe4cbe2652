"""Where there is a counter, and what is done there (section 2 of the rules)."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from core.permissions import may
from core.values import Door, Operation
from tests.support.core.bureau import Bureau
from tests.support.web.reading import heading, options, table, ways
from tests.support.web.visitor import Answer, Visitor
from web import words

KINDS = {"agency": Door.AGENCY, "branch": Door.BRANCH, "service_centre": Door.SERVICE_CENTRE}
OFFICES = (
    ("渝中区社会保险经办机构", "agency", "渝中区"),
    ("渝中区医疗保险分中心", "branch", "渝中区"),
    ("渝北区医疗保险分中心", "branch", "渝北区"),
    ("巴南区社会保险经办机构", "agency", "巴南区"),
    ("重庆市社会保障卡服务中心", "service_centre", "江北区"),
)


@pytest.fixture
def town(visitor: Visitor, bureau: Bureau) -> Visitor:
    """Somebody in a town with these offices."""
    rows = (
        f"{name},{kind},{district},{district}示例路{n}号,023-0000{n:04d}"
        for n, (name, kind, district) in enumerate(OFFICES)
    )
    bureau.writes("offices.csv", *rows)
    assert bureau.imports() == []
    return visitor


def finds(visitor: Visitor, district: str = "", operation: str = "") -> list[str]:
    page = visitor.opens(f"/offices?district={quote(district)}&operation={operation}")
    return [row["名称"] for row in table(page, "办理网点")] if page.has("示例路") else []


def chosen(page: Answer, field: str) -> str:
    """What stands in a field of choices."""
    part = page.html.partition(f'name="{field}"')[2].partition("</select>")[0]
    return part.partition('" selected')[0].rpartition('"')[2]


def test_every_office_with_its_kind_place_and_telephone(town: Visitor):
    page = town.opens("/offices")
    assert heading(page) == "办理网点" and page.has("找到 5 个网点")
    row = next(row for row in table(page, "办理网点") if row["名称"] == "渝北区医疗保险分中心")
    assert row == {
        "名称": "渝北区医疗保险分中心",
        "种类": "区县医疗保险分中心",
        "区县": "渝北区",
        "地址": "渝北区示例路2号",
        "电话": "023-00000002",
    }
    assert ways(page)["023-00000002"] == "tel:023-00000002"


def test_by_district_with_the_centre_that_serves_all(town: Visitor):
    assert finds(town, "渝中区") == ["重庆市社会保障卡服务中心", "渝中区医疗保险分中心", "渝中区社会保险经办机构"]
    assert town.page.has("渝中区：找到 3 个网点", "重庆市社会保障卡服务中心为全市服务，不分区县")
    assert chosen(town.page, "district") == "渝中区"
    assert list(options(town.page, "district")) == ["", "巴南区", "江北区", "渝中区", "渝北区"]


def test_by_what_is_done_as_the_rules_say(town: Visitor):
    names = options(town.opens("/offices"), "operation")
    assert list(names.values()) == ["全部业务", *words.OPERATIONS.values()]
    for sent, operation in zip(list(names)[1:], Operation, strict=True):
        found = set(finds(town, operation=sent))
        assert found == {name for name, kind, _ in OFFICES if may(KINDS[kind], operation)}
        assert town.page.has(f"找到 {len(found)} 个网点，可以办理“{words.OPERATIONS[operation]}”")


def test_r35_only_a_branch_releases_a_loss_and_the_page_says_so(town: Visitor):
    assert set(finds(town, operation="release_loss")) == {"渝中区医疗保险分中心", "渝北区医疗保险分中心"}
    assert finds(town, "渝北区", "release_loss") == ["渝北区医疗保险分中心"]
    assert town.page.has("解除挂失和补领新卡，只有区县医疗保险分中心可以办理")


def test_where_nothing_is_found_one_is_told_what_to_do(town: Visitor):
    assert finds(town, "巴南区", "release_loss") == []
    assert town.page.status == 200
    assert town.page.has("找到 0 个网点", "没有找到", "请换一个区县，或者选择“全部业务”", "拨打 12333 咨询")


def test_every_kind_of_office_says_what_is_done_there(town: Visitor):
    page = town.opens("/offices")
    for door in KINDS.values():
        panel = page.html.partition(f">{words.DOORS[door]}</h3>")[2].partition("</section>")[0]
        for operation in Operation:
            assert (words.OPERATIONS[operation] in panel) == may(door, operation), (door, operation)


def test_a_choice_that_there_is_not_is_no_choice(town: Visitor):
    for asked in ("district=火星区", "operation=fly", "district=<b>&operation='"):
        page = town.opens(f"/offices?{quote(asked, safe='=&')}")
        assert page.status == 200 and page.has("找到 5 个网点") and "<b>" not in page.html


def test_many_offices_come_a_page_at_a_time(visitor: Visitor, bureau: Bureau):
    bureau.writes("offices.csv", *(f"第{n:02d}分中心,branch,渝中区,示例路{n}号,023-0000{n:04d}" for n in range(45)))
    assert bureau.imports() == []
    seen, page = [], visitor.opens("/offices?operation=release_loss")
    while True:
        seen += [row["名称"] for row in table(page, "办理网点")]
        if "下一页" not in ways(page):
            break
        page = visitor.opens(ways(page)["下一页"])
        assert chosen(page, "operation") == "release_loss"
    assert seen == [f"第{n:02d}分中心" for n in range(45)]
    assert page.has("第 3 页，共 3 页", "找到 45 个网点")
