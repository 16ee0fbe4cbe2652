"""The catalogue of drugs and treatment items, for everybody, without signing in (R18)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import wraps
from urllib.parse import quote

import pytest

from core.enquiries.catalogue import CataloguePage, CatalogueQuery
from core.service import Service
from tests.support.core.bureau import Bureau
from tests.support.web.reading import heading, options, table, ways
from tests.support.web.visitor import Visitor
from web.shared import catalogue

DRUGS = (
    "Y100,阿莫西林胶囊,甲,胶囊剂,盒,12.50,0.00",
    "Y102,注射用阿莫西林克拉维酸钾,乙,注射剂,支,1231.00,0.15",
    "Y104,维生素B12片,丙,片剂,盒,,1.00",
    "Y105,胰岛素_30%注射液,乙,注射剂,支,60.00,0.10",
    'Y106,"某\'药""<b>&",丙,片剂,盒,,1.00',
)


@pytest.fixture
def shelf(visitor: Visitor, bureau: Bureau) -> Visitor:
    """Somebody before this catalogue."""
    bureau.writes("drugs.csv", *DRUGS)
    bureau.writes("treatments.csv", "Z1,头颅CT平扫,乙,次,180.00,0.10", "Z2,针灸,甲,次,,0.00")
    assert bureau.imports() == []
    return visitor


def finds(visitor: Visitor, typed: str, category: str = "", path: str = "/catalogue/drugs") -> list[str]:
    """The codes of what is found, in their order."""
    page = visitor.opens(f"{path}?q={quote(typed)}&category={quote(category)}")
    assert page.status == 200
    return [row["编码"] for row in table(page, "")] if "<table" in page.html else []


def test_a_drug_is_shown_with_all_that_the_catalogue_says(shelf: Visitor):
    assert finds(shelf, "克拉维酸") == ["Y102"]
    (row,) = table(shelf.page, "药品目录")
    assert row == {
        "名称": "注射用阿莫西林克拉维酸钾",
        "编码": "Y102",
        "类别": "乙类",
        "剂型": "注射剂",
        "单位": "支",
        "限价（元）": "1,231.00",
        "个人自付": "15%",
    }
    finds(shelf, "维生素")
    (row,) = table(shelf.page, "药品目录")
    assert (row["限价（元）"], row["个人自付"]) == ("没有限价", "100%")
    finds(shelf, "y100")
    assert table(shelf.page, "药品目录")[0]["个人自付"] == "0%"


def test_a_treatment_item_has_no_form(shelf: Visitor):
    assert finds(shelf, "tlct", path="/catalogue/treatments") == ["Z1"]
    (row,) = table(shelf.page, "诊疗项目")
    assert row == {
        "名称": "头颅CT平扫",
        "编码": "Z1",
        "类别": "乙类",
        "单位": "次",
        "限价（元）": "180.00",
        "个人自付": "10%",
    }


def test_r18_by_name_initials_and_code(shelf: Visitor):
    for typed, codes in (
        ("阿莫西林", ["Y100", "Y102"]),
        ("amxl", ["Y100", "Y102"]),
        ("ＡＭＸＬ", ["Y100", "Y102"]),
        ("y104", ["Y104"]),
        ("维生素b12", ["Y104"]),
        ("  阿莫西林  胶囊 ", ["Y100"]),
        ("没有这个药", []),
    ):
        assert finds(shelf, typed) == codes
        assert shelf.page.has(f"找到 {len(codes)} 项")


def test_r18_a_category_with_and_without_words(shelf: Visitor):
    assert options(shelf.opens("/catalogue/drugs"), "category") == {
        "": "全部类别", "甲": "甲类", "乙": "乙类", "丙": "丙类"
    }  # fmt: skip
    assert finds(shelf, "", "乙") == ["Y102", "Y105"]
    assert finds(shelf, "阿莫西林", "乙") == ["Y102"]
    assert finds(shelf, "阿莫西林", "丙") == []
    assert len(finds(shelf, "", "丁")) == len(DRUGS), "a category that there is not is none"


def test_the_words_stay_in_the_field_and_in_the_title(shelf: Visitor):
    finds(shelf, "阿莫西林", "乙")
    assert shelf.page.field("q") == "阿莫西林"
    assert "<title>阿莫西林 - 药品目录 - " in shelf.page.html
    assert '<option value="乙" selected>' in shelf.page.html


def test_where_nothing_is_found_one_is_told_what_to_do(shelf: Visitor):
    assert finds(shelf, "没有这个药") == []
    assert shelf.page.has("找到 0 项：没有这个药", "没有找到", "请换一个名称", "“阿莫西林”输入 amxl")


def test_odd_characters_are_looked_for_and_shown_as_they_are(shelf: Visitor):
    for typed, codes in (
        ("%", ["Y105"]),
        ("_", ["Y105"]),
        ("30%", ["Y105"]),
        ("'", ["Y106"]),
        ('"', ["Y106"]),
        ("<b>", ["Y106"]),
        ("&", ["Y106"]),
        ("&amp;", []),
        ("\\", []),
        ("*", []),
        ("' or '1'='1", []),
        ("<script>alert(1)</script>", []),
        ("{{ 7*7 }}", []),
        ("💊", []),
    ):
        assert finds(shelf, typed) == codes
        assert shelf.page.field("q") == typed and shelf.page.has(f"找到 {len(codes)} 项：{typed}")
        assert "<script>" not in shelf.page.html and "<b>" not in shelf.page.html


def test_characters_that_nobody_types_are_nothing(shelf: Visitor):
    for typed in ("\x00", "\r\n", "\u200b", "\ufeff\x1b"):
        assert len(finds(shelf, typed)) == len(DRUGS)
        assert set(finds(shelf, f"阿莫{typed}西林")) == {"Y100", "Y102"}


def test_very_long_words_find_nothing_and_break_nothing(shelf: Visitor):
    assert 'name="q"' in shelf.opens("/catalogue/drugs").html and 'maxlength="50"' in shelf.page.html
    for length in (50, 51, 2_000, 8_000):
        page = shelf.opens(f"/catalogue/drugs?q={'x' * length}")
        assert page.status == 200 and page.has("找到 0 项")
        assert page.field("q") == "x" * 50
    page = shelf.opens(f"/catalogue/drugs?q={'x' * 10_000}")
    assert page.status == 400 and page.has("收到的内容太长", "回到首页") and "xxx" not in page.html


def test_r18_pages_follow_each_other(visitor: Visitor, bureau: Bureau):
    bureau.writes("drugs.csv", *(f"Z{n:03d},药&{n:03d},甲,片剂,盒,,0.00" for n in range(45)))
    assert bureau.imports() == []
    seen, page = [], visitor.opens(f"/catalogue/drugs?q={quote('药&')}&category={quote('甲')}")
    assert "上一页" not in ways(page)
    while True:
        assert page.has("找到 45 项", "药&")
        seen += [row["编码"] for row in table(page, "药品目录")]
        if "下一页" not in ways(page):
            break
        page = visitor.opens(ways(page)["下一页"])
    assert seen == [f"Z{n:03d}" for n in range(45)] and page.has("第 3 页，共 3 页")
    page = visitor.opens(ways(page)["上一页"])
    assert page.has("第 2 页，共 3 页")


def test_there_is_no_page_beyond_the_last(visitor: Visitor, bureau: Bureau):
    bureau.writes("drugs.csv", *(f"Z{n:03d},药 {n:03d},甲,片剂,盒,,0.00" for n in range(25)))
    assert bureau.imports() == []
    for number, status in (("", 200), ("1", 200), ("2", 200), ("3", 404), ("999999", 404)):
        page = visitor.opens(f"/catalogue/drugs?q={quote('药')}&page={number}")
        assert page.status == status and page.has("共 2 页", "找到 25 项") == (status == 200), number


def test_an_empty_catalogue_is_no_fault(visitor: Visitor):
    assert visitor.opens("/catalogue/treatments").has("诊疗项目", "找到 0 项")


def test_drugs_and_treatments_lead_to_each_other_and_say_how_to_read_them(shelf: Visitor):
    page = shelf.opens("/catalogue/drugs")
    assert heading(page) == "药品目录"
    assert heading(shelf.opens(ways(page)["诊疗项目"])) == "诊疗项目"
    assert shelf.page.has("甲类：", "乙类：", "丙类：", "超过限价的部分由个人自付")
    assert 'data-results="results"' in page.html and '<form method="get" action="/catalogue/drugs"' in page.html


def test_nobody_waits_for_their_own_page_behind_many_who_search(visitors, holder, monkeypatch: pytest.MonkeyPatch):
    found, begun = threading.Event(), threading.Semaphore(0)
    search = Service.search_drugs

    @wraps(search)
    def slow(service: Service, query: CatalogueQuery) -> CataloguePage:
        begun.release()
        assert found.wait(60)
        return search(service, query)

    monkeypatch.setattr(catalogue, "DRUGS", replace(catalogue.DRUGS, search=slow))
    anna, many = visitors(), [visitors() for _ in range(20)]
    anna.signs_in(holder())
    with ThreadPoolExecutor(len(many)) as at_once:
        searches = [at_once.submit(one.opens, "/catalogue/drugs?q=a") for one in many]
        try:
            assert begun.acquire(timeout=30)
            assert anna.opens("/account").has("我的保险")
            assert not any(each.done() for each in searches)
        finally:
            found.set()
        assert {each.result().status for each in searches} == {200}
