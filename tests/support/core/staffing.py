"""Offices of every kind, and the people who work there, as the tests of the counter know them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count

import pyotp

from core.actor import Actor
from core.context import CoreContext
from core.enquiries import offices
from core.staffed import staff, staff_visits
from core.staffed.staff import StaffMember
from core.staffed.staff_visits import StaffVisit
from core.values import Door, Role

ADMINISTRATOR = Actor.shell("test")
OFFICES = {
    Door.AGENCY: "渝中区社会保险经办机构",
    Door.BRANCH: "渝中区医疗保险分中心",
    Door.SERVICE_CENTRE: "重庆市社会保障卡服务中心",
}
DISTRICT = "渝中区"
_logins = count(1)


@dataclass(frozen=True)
class Employee:
    """Somebody who works at an office, with what they know and have."""

    staff_id: int
    login: str
    office: str
    password: str = field(repr=False)
    otpauth: str = field(repr=False)

    def code(self, context: CoreContext) -> str:
        """What their authenticator shows now."""
        return pyotp.parse_uri(self.otpauth).at(context.now())

    def with_password(self, password: str) -> Employee:
        return replace(self, password=password)


def put_employee(
    context: CoreContext, door: Door = Door.BRANCH, role: Role = Role.CLERK, *, initial: bool = False, name: str = ""
) -> Employee:
    """Somebody who works at an office of this kind; `initial`: with a first password, which must be changed; `name` is
    another office's than the usual one."""
    login, place = f"clerk-{next(_logins)}", name or OFFICES[door]
    offices.put(context, ADMINISTRATOR, place, door, DISTRICT, "渝中区示例路1号", "023-00000101")
    password = None if initial else "a password for tests"
    shown = staff.hire(context, ADMINISTRATOR, login, "测试员", role, place, password=password)
    staff_id = next(member.staff_id for member, *_ in staff.everybody(context, ADMINISTRATOR) if member.login == login)
    return Employee(staff_id, login, place, shown.password, shown.otpauth)


def signed_in(context: CoreContext, employee: Employee) -> StaffMember:
    """They show login, password and code."""
    return staff.sign_in(context, "192.0.2.1", employee.login, employee.password, employee.code(context))


def visit_of(context: CoreContext, member: StaffMember) -> StaffVisit:
    """They sit down at a desk."""
    visit = staff_visits.resume(context, staff_visits.begin(context, member))
    assert visit
    return visit
