"""Staff who are signed in: how that lasts and ends."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core.enquiries import offices
from core.records.schema import StaffSession
from core.staffed import staff, staff_visits
from core.values import Door
from tests.core.staffing import ADMINISTRATOR, signed_in


@pytest.fixture
def token(office, hired):
    """token(employee) is what their browser holds."""
    return lambda employee: staff_visits.begin(office, signed_in(office, employee))


def test_who_is_signed_in_is_known_by_the_token_and_by_the_desk(office, hired, token):
    clerk = hired(Door.AGENCY)
    visit = staff_visits.resume(office, token(clerk))
    assert visit.member.login == clerk.login and visit.member.door is Door.AGENCY
    assert staff_visits.at_desk(office, visit.session_id) == visit.member


def test_nobody_is_known_by_another_token_or_by_the_desks_name(office, hired, token):
    visit = staff_visits.resume(office, token(hired()))
    assert staff_visits.resume(office, "made up") is None
    assert staff_visits.resume(office, visit.session_id) is None
    assert staff_visits.at_desk(office, "made up") is None


def test_it_lasts_while_it_is_used_and_a_working_day_at_most(office, hired, token, clock):
    held = token(hired())
    ends_at = staff_visits.resume(office, held).ends_at
    for _ in range(42):
        clock.passes(minutes=14)
        assert staff_visits.resume(office, held)
    assert (ends_at - office.now()).total_seconds() == 12 * 60
    clock.passes(minutes=12)
    assert staff_visits.resume(office, held) is None


def test_what_nobody_uses_ends_after_a_quarter_of_an_hour(office, hired, token, clock):
    held = token(hired())
    desk = staff_visits.resume(office, held).session_id
    clock.passes(minutes=15)
    assert staff_visits.resume(office, held) is None and staff_visits.at_desk(office, desk) is None
    staff_visits.forget_ended(office)
    with office.transaction() as session:
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 0


def test_signing_out_ends_it(office, hired, token):
    held = token(hired())
    staff_visits.end(office, held)
    assert staff_visits.resume(office, held) is None


def test_nobody_serves_at_two_desks(office, hired, token, clock):
    clerk, other = hired(), hired()
    first, others = token(clerk), token(other)
    clock.passes(seconds=30)
    second = token(clerk)
    assert staff_visits.resume(office, first) is None
    assert staff_visits.resume(office, second) and staff_visits.resume(office, others)


@pytest.mark.parametrize("loses", [staff.dismiss, staff.renew_credentials])
def test_who_is_dismissed_or_gets_new_credentials_is_signed_out_at_once(office, hired, token, loses):
    clerk = hired()
    held = token(clerk)
    desk = staff_visits.resume(office, held).session_id
    loses(office, ADMINISTRATOR, clerk.staff_id)
    assert staff_visits.resume(office, held) is None and staff_visits.at_desk(office, desk) is None


def test_who_moves_to_another_office_serves_there_from_the_next_page(office, hired, token):
    """The office decides what they may do, and an office can change its kind."""
    clerk = hired(Door.BRANCH)
    held = token(clerk)
    offices.put(office, ADMINISTRATOR, clerk.office, Door.AGENCY, "渝中区", "渝中区示例路1号", "023-00000101")
    assert staff_visits.resume(office, held).member.door is Door.AGENCY
