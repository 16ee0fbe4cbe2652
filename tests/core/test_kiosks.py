"""The kiosks in the halls: each has a key of its own, shown once, listed without it, and revocable."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.actor import Actor
from core.context import CoreContext
from core.errors import HotlineError, KioskKeyRefused, NotFound, SourceRefused
from core.records.schema import CounterOffice, Kiosk
from core.staffed import kiosks
from core.staffed.kiosks import EnrolledKiosk
from core.values import Door, OtherOperation, Role
from tests.support.core.audit import audited
from tests.support.core.people import somebody_at

HALL, OTHER_HALL = "甲区服务大厅", "乙区服务大厅"
ADMINISTRATOR = Actor.staff(Door.SERVICE_CENTRE, HALL, "1", Role.ADMINISTRATOR)
AT_THE_SCREEN = somebody_at(Door.KIOSK, "kiosk", "visitor")


@pytest.fixture(autouse=True)
def halls(context: CoreContext) -> None:
    with context.transaction() as session:
        for name in (HALL, OTHER_HALL):
            session.add(CounterOffice(name=name, kind="branch", district="渝中区", address="测试路1号", phone=""))


def listed(context: CoreContext, name: str) -> EnrolledKiosk:
    return next(kiosk for kiosk in kiosks.everyone(context, ADMINISTRATOR) if kiosk.name == name)


def test_a_kiosk_is_known_by_its_key_and_stands_in_its_office(context, clock):
    kiosk = kiosks.recognise(context, kiosks.enrol(context, ADMINISTRATOR, "一号", HALL))
    assert kiosk == listed(context, "一号")
    assert (kiosk.office, kiosk.enrolled_at, kiosk.enrolled_by) == (HALL, clock(), "staff:1")
    assert (kiosk.actor().door, kiosk.actor().office) == (Door.KIOSK, HALL)


def test_r5_every_kiosk_has_a_key_of_its_own_and_is_a_source_of_its_own(context):
    one, two = (kiosks.enrol(context, ADMINISTRATOR, "一号", HALL) for _ in range(2))
    assert one != two
    assert kiosks.recognise(context, one).actor().source != kiosks.recognise(context, two).actor().source


def test_the_key_is_not_in_the_database(context):
    key = kiosks.enrol(context, ADMINISTRATOR, "一号", HALL)
    with context.transaction() as session:
        stored = session.scalars(select(Kiosk.key_digest)).one()
    assert key not in stored


def test_the_key_as_it_is_written_down_is_the_same_key(context):
    key = kiosks.enrol(context, ADMINISTRATOR, "一号", HALL)
    assert kiosks.recognise(context, kiosks.written_key(key)) == kiosks.recognise(context, key)


@pytest.mark.parametrize("key", ["", "0" * 32, "nonsense"])
def test_what_is_no_key_is_no_kiosk(context, key):
    kiosks.enrol(context, ADMINISTRATOR, "一号", HALL)
    assert kiosks.recognise(context, key) is None
    assert not kiosks.is_revoked(context, key)


def test_no_kiosk_stands_in_an_office_that_there_is_not(context):
    with pytest.raises(NotFound):
        kiosks.enrol(context, ADMINISTRATOR, "一号", "没有的大厅")
    assert kiosks.everyone(context, ADMINISTRATOR) == []


def test_a_revoked_kiosk_is_none_and_its_key_comes_back_for_nobody(context, clock):
    key, other = (kiosks.enrol(context, ADMINISTRATOR, name, HALL) for name in ("一号", "二号"))
    clock.passes(days=1)
    kiosks.revoke(context, ADMINISTRATOR, listed(context, "一号").kiosk_id)
    assert kiosks.recognise(context, key) is None
    assert kiosks.is_revoked(context, key) and not kiosks.is_revoked(context, other)
    assert listed(context, "一号").revoked_at == clock()
    assert kiosks.recognise(context, other) == listed(context, "二号")


def test_a_kiosk_is_revoked_once(context):
    kiosks.enrol(context, ADMINISTRATOR, "一号", HALL)
    kiosk_id = listed(context, "一号").kiosk_id
    kiosks.revoke(context, ADMINISTRATOR, kiosk_id)
    for gone in (kiosk_id, kiosk_id + 1):
        with pytest.raises(NotFound):
            kiosks.revoke(context, ADMINISTRATOR, gone)
    assert audited(context, OtherOperation.MANAGE_KIOSKS) == [
        f"enrolled kiosk=一号 office={HALL}",
        "revoked kiosk=一号",
        *["not_found what=kiosk"] * 2,
    ]


def test_those_in_use_are_listed_first_by_office_and_name(context):
    for name, hall in (("丁", HALL), ("丙", OTHER_HALL), ("乙", HALL), ("甲", HALL)):
        kiosks.enrol(context, ADMINISTRATOR, name, hall)
    kiosks.revoke(context, ADMINISTRATOR, listed(context, "甲").kiosk_id)
    names = [kiosk.name for kiosk in kiosks.everyone(context, ADMINISTRATOR)]
    assert names[-1] == "甲" and sorted(names) == sorted("甲乙丙丁")
    offices = [kiosk.office for kiosk in kiosks.everyone(context, ADMINISTRATOR)[:-1]]
    assert offices in ([HALL, HALL, OTHER_HALL], [OTHER_HALL, HALL, HALL])


def test_r8_whoever_enrols_revokes_or_enters_a_key_is_recorded(context):
    key = kiosks.enrol(context, ADMINISTRATOR, "一号", HALL)
    kiosks.enter_key(context, AT_THE_SCREEN, key)
    kiosks.revoke(context, ADMINISTRATOR, listed(context, "一号").kiosk_id)
    with pytest.raises(KioskKeyRefused) as refused:
        kiosks.enter_key(context, AT_THE_SCREEN, key)
    assert refused.value.revoked
    assert audited(context, OtherOperation.MANAGE_KIOSKS) == [
        f"enrolled kiosk=一号 office={HALL}",
        "revoked kiosk=一号",
    ]
    entered, tried_again = audited(context, OtherOperation.ENTER_KIOSK_KEY)
    assert entered == "done" and tried_again != "done"


def test_r5_keys_cant_be_tried_without_end(context, clock, with_settings):
    strict = with_settings(source_wrong_limit=3)
    key = kiosks.enrol(strict, ADMINISTRATOR, "一号", HALL)
    for wrong in ("0" * 32, "1" * 32, "2" * 32, "3" * 32):
        with pytest.raises(HotlineError):
            kiosks.enter_key(strict, AT_THE_SCREEN, wrong)
    with pytest.raises(SourceRefused):
        kiosks.enter_key(strict, AT_THE_SCREEN, key)
    clock.passes(seconds=strict.settings.source_window_seconds + 1)
    assert kiosks.enter_key(strict, AT_THE_SCREEN, key).name == "一号"
