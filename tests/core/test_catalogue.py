"""R18: the catalogue is searched by name, code and pinyin initials, in whatever spelling, the closest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.actor import Actor
from core.context import CoreContext
from core.enquiries import catalogue
from core.enquiries.catalogue import PAGE_LENGTH, CatalogueQuery
from core.records import database
from core.records.database import migrate, open_database
from core.records.schema import Drug
from core.service import Service
from core.settings import Settings
from tests.support.core.bureau import Bureau

SHELF = (
    "Y100,阿莫西林胶囊 0.25g,甲,胶囊剂,盒,12.50,0.00",
    "Y101,阿莫西林胶囊 0.5g,甲,胶囊剂,盒,22.50,0.00",
    "Y102,注射用阿莫西林克拉维酸钾,乙,注射剂,支,31.00,0.10",
    "Y103,人血白蛋白（生物制品）,乙,注射剂,瓶,400.00,0.20",
    "Y104,维生素B12片,丙,片剂,盒,,1.00",
    "Y105,重组人胰岛素_30%注射液,乙,注射剂,支,60.00,0.10",
    "AMXL,某药,丙,片剂,盒,,1.00",
)


@pytest.fixture
def service(context: CoreContext) -> Service:
    """A visitor's service."""
    return Service(context, Actor.web("192.0.2.1"))


@pytest.fixture
def finds(bureau: Bureau, service: Service) -> Callable[..., list[str]]:
    """finds("…") is the codes of what somebody finds, in their order."""
    bureau.writes("drugs.csv", *SHELF)
    assert bureau.imports() == []
    return lambda words, category="": [
        item.code for item in service.search_drugs(CatalogueQuery(words, category)).items
    ]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("西林", ["Y102", "Y100", "Y101"]),
        ("阿莫西林", ["Y100", "Y101", "Y102"]),  # begins with it, before what has it elsewhere
        ("amxl", ["AMXL", "Y100", "Y101", "Y102"]),  # is it, begins with it, has it
        ("阿莫西林 0.5g", ["Y101"]),
        ("0.5G　阿莫西林", ["Y101"]),
        ("zsyamxl", ["Y102"]),
        ("y10", ["Y103", "Y102", "Y104", "Y105", "Y100", "Y101"]),
        ("Ｙ１０３", ["Y103"]),
        ("103", ["Y103"]),
        ("人血白蛋白（生物制品）", ["Y103"]),
        ("人血白蛋白(生物制品)", ["Y103"]),
        ("rxbdbswzp", ["Y103"]),
        ("维生素b12", ["Y104"]),
        ("wssb12", ["Y104"]),
        ("30%", ["Y105"]),
        ("_", ["Y105"]),
        ("没有这个药", []),
        ("西林 没有这个药", []),
        ("\n", ["Y103", "AMXL", "Y102", "Y104", "Y105", "Y100", "Y101"]),
    ],
)
def test_r18_by_name_initials_and_code_in_any_spelling(finds, words, codes):
    assert finds(words) == codes


@pytest.mark.parametrize("words", ["头", "头颅ct", "TLCT", "z1"])
def test_r18_a_treatment_item_is_found_in_the_same_ways(bureau, service, words):
    bureau.writes("treatments.csv", "Z1,头颅CT平扫,乙,次,180.00,0.10", "Z2,针灸,甲,次,25.00,0.00")
    assert bureau.imports() == []
    found = service.search_treatments(CatalogueQuery(words))
    assert [(item.name, item.form) for item in found.items] == [("头颅CT平扫", "")]
    assert service.search_treatments(CatalogueQuery()).total == 2
    assert service.search_treatments(CatalogueQuery(category="甲")).total == 1


def test_r18_a_category_alone_and_with_words(finds):
    assert finds("", "乙") == ["Y103", "Y102", "Y105"]
    assert finds("阿莫西林", "乙") == ["Y102"]
    assert finds("阿莫西林", "丙") == []


def test_r18_pages_follow_each_other_and_count_everything(bureau, service):
    bureau.writes("drugs.csv", *(f"Z{n:03d},药 {n:03d},甲,片剂,盒,,0.00" for n in range(2 * PAGE_LENGTH + 5)))
    assert bureau.imports() == []
    for words in ("", "药", "z0"):
        pages = [service.search_drugs(CatalogueQuery(words, page=page)) for page in (1, 2, 3)]
        codes = [item.code for page in pages for item in page.items]
        assert codes == [f"Z{n:03d}" for n in range(2 * PAGE_LENGTH + 5)]
        assert {page.total for page in pages} == {2 * PAGE_LENGTH + 5}
        assert service.search_drugs(CatalogueQuery(words, page=4)).items == ()


def test_r18_a_name_that_changes_is_found_by_the_new_one(finds, bureau):
    bureau.writes("drugs.csv", "AMXL,甘草片,丙,片剂,盒,,1.00")
    assert bureau.imports() == []
    assert finds("某药") == [] and finds("gcp") == ["AMXL"]


def test_a_catalogue_from_before_is_found_after_the_migration(settings):
    engine = open_database(replace(settings, database_url=_another_database(settings)))
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(
            text(
                "INSERT INTO drugs (code, name, initials, category, form, unit, patient_share) "
                "VALUES ('Y1', '阿莫西林（片）', 'amxlp', '甲', '片剂', '盒', 0)"
            )
        )
    migrate(engine)
    with Session(engine) as session:
        for words in ("西林", "amxlp", "y1", "阿莫西林(片)"):
            assert catalogue.search(session, Drug, CatalogueQuery(words)).total == 1
    engine.dispose()


def _another_database(settings: Settings) -> str:
    url = f"{settings.database_url}_before"
    if url.startswith("postgresql"):
        with psycopg.connect(settings.database_url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {url.rpartition('/')[2]}")
    return url
