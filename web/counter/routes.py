"""Every address of the counter."""

from __future__ import annotations

from core.values import Role
from web.counter import (
    audit,
    case,
    desk,
    loss,
    manage_kiosks,
    manage_offices,
    manage_staff,
    pad,
    password,
    pin,
    queue,
    registration_form,
    sign_in,
)
from web.route import Route, View
from web.shared import by_number, catalogue


def _clerk(method: str, path: str, view: View) -> Route:
    return Route(method, path, view, signed_in=True, role=Role.CLERK)


def _administrator(method: str, path: str, view: View) -> Route:
    return Route(method, path, view, signed_in=True, role=Role.ADMINISTRATOR)


_CASE = "/counter/case/{case}"

COUNTER = (
    Route("GET", "/counter/sign-in", sign_in.ask),
    Route("POST", "/counter/sign-in", sign_in.judge),
    Route("POST", "/counter/sign-out", sign_in.leave),
    Route("POST", "/counter/keep", sign_in.stay, signed_in=True, first_password=True),
    Route("GET", "/counter/password", password.ask, signed_in=True, first_password=True),
    Route("POST", "/counter/password", password.choose, signed_in=True, first_password=True),
    Route("GET", "/counter", desk.start, signed_in=True),
    _clerk("POST", "/counter/find", desk.find),
    _clerk("GET", "/counter/queue", queue.show),
    _clerk("GET", "/counter/numbers/work-injury", by_number.ask_work_injury),
    _clerk("POST", "/counter/numbers/work-injury", by_number.answer_work_injury),
    _clerk("GET", "/counter/numbers/work-death", by_number.ask_work_death),
    _clerk("POST", "/counter/numbers/work-death", by_number.answer_work_death),
    _clerk("GET", "/counter/numbers/unit", by_number.ask_unit),
    _clerk("POST", "/counter/numbers/unit", by_number.answer_unit),
    _clerk("GET", "/counter/catalogue/drugs", catalogue.drugs),
    _clerk("GET", "/counter/catalogue/treatments", catalogue.treatments),
    _clerk("GET", _CASE, case.overview),
    _clerk("GET", f"{_CASE}/insurance/{{insurance}}", case.insurance),
    _clerk("GET", f"{_CASE}/other", case.other),
    _clerk("GET", f"{_CASE}/history", case.history),
    _clerk("GET", f"{_CASE}/card", case.ask_for_card),
    _clerk("POST", f"{_CASE}/card", case.show_card),
    _clerk("POST", f"{_CASE}/reveal", case.reveal),
    _clerk("POST", f"{_CASE}/close", case.close),
    _clerk("GET", f"{_CASE}/loss", loss.show),
    _clerk("GET", f"{_CASE}/loss-form", registration_form.show),
    _clerk("GET", f"{_CASE}/loss-form.pdf", registration_form.pdf),
    _clerk("GET", f"{_CASE}/loss/{{task}}", loss.ask),
    _clerk("POST", f"{_CASE}/loss/{{task}}", loss.carry_out),
    _clerk("GET", f"{_CASE}/pin", pin.show),
    _clerk("POST", f"{_CASE}/pin", pin.ask),
    _clerk("POST", f"{_CASE}/pin/pair", pin.pair),
    _clerk("POST", f"{_CASE}/pin/take-back", pin.take_back),
    _clerk("POST", f"{_CASE}/pin/let-go", pin.let_go),
    _clerk("GET", f"{_CASE}/pin-state", pin.state),
    Route("GET", "/counter/pad", pad.show),
    Route("POST", "/counter/pad", pad.key_in),
    Route("GET", "/counter/pad/state", pad.state),
    _administrator("GET", "/counter/staff", manage_staff.show),
    _administrator("POST", "/counter/staff", manage_staff.hire),
    _administrator("POST", "/counter/staff/{staff}/renew", manage_staff.renew),
    _administrator("GET", "/counter/staff/{staff}/dismiss", manage_staff.ask_to_dismiss),
    _administrator("POST", "/counter/staff/{staff}/dismiss", manage_staff.dismiss),
    _administrator("GET", "/counter/offices", manage_offices.show),
    _administrator("POST", "/counter/offices", manage_offices.put),
    _administrator("GET", "/counter/kiosks", manage_kiosks.show),
    _administrator("POST", "/counter/kiosks", manage_kiosks.enrol),
    _administrator("GET", "/counter/kiosks/{kiosk}/revoke", manage_kiosks.ask_to_revoke),
    _administrator("POST", "/counter/kiosks/{kiosk}/revoke", manage_kiosks.revoke),
    _administrator("GET", "/counter/audit", audit.show),
    _administrator("POST", "/counter/audit", audit.about),
    _administrator("POST", "/counter/audit.csv", audit.export),
)
