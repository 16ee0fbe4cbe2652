"""An administrator's look at the audit: what fits, page by page or all of it, and the row of the look (R8)."""

from __future__ import annotations

import pytest

from core.actor import Actor
from core.audit import reading
from core.audit.reading import LONGEST_EXPORT, PAGE_LENGTH, AuditQuery
from core.errors import MalformedNumber, NotYourRole
from core.permissions import Door
from core.service import Service
from core.staffed.staff import Role
from core.values import OtherOperation
from tests.support.core.audit import audited
from tests.support.core.people import NOBODY
from tests.support.core.staffing import signed_in


@pytest.fixture
def administrator(context, hired):
    return signed_in(context, hired(Door.SERVICE_CENTRE, Role.ADMINISTRATOR)).actor


@pytest.fixture
def story(context, caller, holder, clock):
    """Somebody asks by phone at nine and on the web a minute later, and somebody else at ten."""
    held, other = holder(), holder()
    began = clock.moment
    caller.identify(held.id_number, held.pin)
    clock.passes(minutes=1)
    Service(context, Actor.web("192.0.2.1")).identify(held.id_number, held.pin)
    clock.passes(minutes=59)
    caller.identify(other.id_number, other.pin)
    return held, other, began


def seen(context, administrator, **wanted) -> list[tuple[str, int]]:
    """What was identified, the newest first: by which channel, and who."""
    wanted = {"operation": "identify"} | wanted
    page = reading.read(context, administrator, AuditQuery(**wanted))
    assert page.total == len(page.events)
    return [(event.channel, event.person_id) for event in page.events]


def test_r8_what_is_left_empty_fits_all_and_the_newest_comes_first(context, administrator, story):
    held, other, _ = story
    phone, web = ("phone", held.person_id), ("web", held.person_id)
    assert seen(context, administrator) == [("phone", other.person_id), web, phone]
    assert seen(context, administrator, channel="web") == [web]
    assert seen(context, administrator, who="call-1") == [("phone", other.person_id), phone]
    own = reading.read(context, administrator, AuditQuery(office=administrator.office)).events
    assert {event.office for event in own} == {administrator.office} and len(own) == 4, "a sign-in and three looks"
    assert seen(context, administrator, operation="report a loss") == []
    assert seen(context, administrator, id_number=held.id_number) == [web, phone]
    assert seen(context, administrator, id_number=NOBODY) == [], "whoever nobody is did nothing"
    everything = reading.read(context, administrator, AuditQuery(operation="")).events
    assert {"identify", OtherOperation.READ_AUDIT, "staff sign-in"} <= {event.operation for event in everything}


def test_r8_since_is_included_and_until_is_not(context, administrator, story, clock):
    held, other, began = story
    phone, web, last = ("phone", held.person_id), ("web", held.person_id), ("phone", other.person_id)
    assert seen(context, administrator, since=began) == [last, web, phone]
    assert seen(context, administrator, since=clock.moment) == [last]
    assert seen(context, administrator, until=clock.moment) == [web, phone]
    assert seen(context, administrator, since=began, until=began) == []


def test_r8_each_look_is_on_record_with_what_was_looked_for_and_about_whom(context, administrator, story):
    held, _, began = story
    reading.read(context, administrator, AuditQuery())
    reading.read(context, administrator, AuditQuery(since=began, until=began, channel="web", office="x", who="y"))
    reading.read(context, administrator, AuditQuery(id_number=held.id_number))
    reading.export(context, administrator, AuditQuery(operation="identify"))
    assert audited(context, OtherOperation.READ_AUDIT) == [
        "done",
        "done filters=['since', 'until', 'channel', 'office', 'who']",
        "done",
    ]
    assert audited(context, OtherOperation.EXPORT_AUDIT) == ["done filters=['operation']"]
    looks = reading.read(context, administrator, AuditQuery(operation=OtherOperation.READ_AUDIT)).events
    assert [event.person_id for event in looks] == [held.person_id, None, None]
    assert {event.who for event in looks} == {administrator.who}


def test_r8_a_page_is_fifty_rows_and_a_file_all_of_them(context, administrator, caller, holder):
    held = holder()
    for _ in range(PAGE_LENGTH + 2):
        caller.identify(held.id_number, held.pin)
    query = AuditQuery(operation="identify")
    pages = [reading.read(context, administrator, query, page) for page in (1, 2, 3)]
    assert [(len(page.events), page.total) for page in pages] == [(50, 52), (2, 52), (0, 52)]
    ids = [event.id for page in pages for event in page.events]
    assert ids == sorted(ids, reverse=True) and len(set(ids)) == 52
    assert [event.id for event in reading.export(context, administrator, query).events] == ids
    assert LONGEST_EXPORT == 50_000


def test_r8_a_clerk_reads_none_of_it_and_a_number_of_a_wrong_form_is_told(context, administrator, hired):
    clerk = signed_in(context, hired()).actor
    for look in (reading.read, reading.export):
        with pytest.raises(NotYourRole):
            look(context, clerk, AuditQuery())
        with pytest.raises(MalformedNumber):
            look(context, administrator, AuditQuery(id_number=NOBODY[:-1]))
    for operation in (OtherOperation.READ_AUDIT, OtherOperation.EXPORT_AUDIT):
        assert audited(context, operation) == ["not_your_role role=clerk"]


def test_every_operation_that_was_ever_recorded_can_be_chosen_once(context, administrator, story):
    assert reading.operations(context, administrator) == ["identify", "manage offices", "manage staff", "staff sign-in"]
