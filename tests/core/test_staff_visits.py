"""Staff who are signed in: how that lasts and ends."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core.enquiries import offices
from core.records.schema import StaffSession
from core.staffed import staff, staff_visits
from core.values import Door
from tests.support.core.staffing import ADMINISTRATOR, signed_in


@pytest.fixture
def token(context, hired):
    """token(employee) is what their browser holds."""
    return lambda employee: staff_visits.begin(context, signed_in(context, employee))


def test_who_is_signed_in_is_known_by_the_token_and_by_the_desk(context, hired, token):
    clerk = hired(Door.AGENCY)
    visit = staff_visits.resume(context, token(clerk))
    assert visit.member.login == clerk.login and visit.member.door is Door.AGENCY
    assert staff_visits.at_desk(context, visit.session_id) == visit.member


def test_nobody_is_known_by_another_token_or_by_the_desks_name(context, hired, token):
    visit = staff_visits.resume(context, token(hired()))
    assert staff_visits.resume(context, "made up") is None
    assert staff_visits.resume(context, visit.session_id) is None
    assert staff_visits.at_desk(context, "made up") is None


def test_it_lasts_while_it_is_used_and_a_working_day_at_most(context, hired, token, clock):
    held = token(hired())
    ends_at = staff_visits.resume(context, held).ends_at
    for _ in range(42):
        clock.passes(minutes=14)
        assert staff_visits.resume(context, held)
    assert (ends_at - context.now()).total_seconds() == 12 * 60
    clock.passes(minutes=12)
    assert staff_visits.resume(context, held) is None


def test_what_nobody_uses_ends_after_a_quarter_of_an_hour(context, hired, token, clock):
    held = token(hired())
    desk = staff_visits.resume(context, held).session_id
    clock.passes(minutes=15)
    assert staff_visits.resume(context, held) is None and staff_visits.at_desk(context, desk) is None
    staff_visits.forget_ended(context)
    with context.transaction() as session:
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 0


def test_signing_out_ends_it(context, hired, token):
    held = token(hired())
    staff_visits.end(context, held)
    assert staff_visits.resume(context, held) is None


def test_nobody_serves_at_two_desks(context, hired, token, clock):
    clerk, other = hired(), hired()
    first, others = token(clerk), token(other)
    clock.passes(seconds=30)
    second = token(clerk)
    assert staff_visits.resume(context, first) is None
    assert staff_visits.resume(context, second) and staff_visits.resume(context, others)


@pytest.mark.parametrize("loses", [staff.dismiss, staff.renew_credentials])
def test_who_is_dismissed_or_gets_new_credentials_is_signed_out_at_once(context, hired, token, loses):
    clerk = hired()
    held = token(clerk)
    desk = staff_visits.resume(context, held).session_id
    loses(context, ADMINISTRATOR, clerk.staff_id)
    assert staff_visits.resume(context, held) is None and staff_visits.at_desk(context, desk) is None


def test_who_moves_to_another_office_serves_there_from_the_next_page(context, hired, token):
    """The office decides what they may do, and an office can change its kind."""
    clerk = hired(Door.BRANCH)
    held = token(clerk)
    offices.put(context, ADMINISTRATOR, clerk.office, Door.AGENCY, "渝中区", "渝中区示例路1号", "023-00000101")
    assert staff_visits.resume(context, held).member.door is Door.AGENCY
