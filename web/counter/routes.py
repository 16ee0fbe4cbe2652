"""Every address of the counter."""

from __future__ import annotations

from core.values import Operation, OtherOperation
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


def _for(operation: Operation | OtherOperation, method: str, path: str, view: View) -> Route:
    return Route(method, path, view, signed_in=True, operation=operation)


_CASE = "/counter/case/{case}"

COUNTER = (
    Route("GET", "/counter/sign-in", sign_in.show_form),
    Route("POST", "/counter/sign-in", sign_in.submit),
    Route("POST", "/counter/sign-out", sign_in.leave),
    Route("POST", "/counter/keep", sign_in.keep_alive, signed_in=True, first_password=True),
    Route("GET", "/counter/password", password.show_form, signed_in=True, first_password=True),
    Route("POST", "/counter/password", password.choose, signed_in=True, first_password=True),
    Route("GET", "/counter", desk.start, signed_in=True),
    _for(OtherOperation.FIND_PERSON, "POST", "/counter/find", desk.find),
    _for(Operation.WRITE_UP_LOSS, "GET", "/counter/queue", queue.show),
    _for(Operation.ENQUIRE_BY_NUMBER, "GET", "/counter/numbers/work-injury", by_number.ask_work_injury),
    _for(Operation.ENQUIRE_BY_NUMBER, "POST", "/counter/numbers/work-injury", by_number.answer_work_injury),
    _for(Operation.ENQUIRE_BY_NUMBER, "GET", "/counter/numbers/work-death", by_number.ask_work_death),
    _for(Operation.ENQUIRE_BY_NUMBER, "POST", "/counter/numbers/work-death", by_number.answer_work_death),
    _for(Operation.ENQUIRE_BY_NUMBER, "GET", "/counter/numbers/unit", by_number.ask_unit),
    _for(Operation.ENQUIRE_BY_NUMBER, "POST", "/counter/numbers/unit", by_number.answer_unit),
    _for(Operation.CATALOGUE, "GET", "/counter/catalogue/drugs", catalogue.drugs),
    _for(Operation.CATALOGUE, "GET", "/counter/catalogue/treatments", catalogue.treatments),
    _for(OtherOperation.FIND_PERSON, "GET", _CASE, case.overview),
    _for(OtherOperation.FIND_PERSON, "GET", f"{_CASE}/insurance/{{insurance}}", case.insurance),
    _for(OtherOperation.FIND_PERSON, "GET", f"{_CASE}/other", case.other),
    _for(OtherOperation.FIND_PERSON, "GET", f"{_CASE}/history", case.history),
    _for(OtherOperation.FIND_PERSON, "GET", f"{_CASE}/card", case.ask_for_card),
    _for(OtherOperation.FIND_PERSON, "POST", f"{_CASE}/card", case.show_card),
    _for(OtherOperation.FIND_PERSON, "POST", f"{_CASE}/reveal", case.reveal),
    _for(OtherOperation.FIND_PERSON, "POST", f"{_CASE}/close", case.close),
    _for(OtherOperation.FIND_PERSON, "GET", f"{_CASE}/loss", loss.show),
    _for(OtherOperation.FIND_PERSON, "GET", f"{_CASE}/loss-form", registration_form.show),
    _for(OtherOperation.FIND_PERSON, "GET", f"{_CASE}/loss-form.pdf", registration_form.pdf),
    _for(OtherOperation.FIND_PERSON, "GET", f"{_CASE}/loss/{{task}}", loss.show_form),
    _for(OtherOperation.FIND_PERSON, "POST", f"{_CASE}/loss/{{task}}", loss.carry_out),
    _for(OtherOperation.FIND_PERSON, "GET", f"{_CASE}/pin", pin.show),
    _for(OtherOperation.FIND_PERSON, "POST", f"{_CASE}/pin", pin.ask),
    _for(OtherOperation.FIND_PERSON, "POST", f"{_CASE}/pin/pair", pin.pair),
    _for(OtherOperation.FIND_PERSON, "POST", f"{_CASE}/pin/take-back", pin.take_back),
    _for(OtherOperation.FIND_PERSON, "POST", f"{_CASE}/pin/let-go", pin.let_go),
    _for(OtherOperation.FIND_PERSON, "GET", f"{_CASE}/pin-state", pin.state),
    Route("GET", "/counter/pad", pad.show),
    Route("POST", "/counter/pad", pad.key_in),
    Route("GET", "/counter/pad/state", pad.state),
    _for(OtherOperation.MANAGE_STAFF, "GET", "/counter/staff", manage_staff.show),
    _for(OtherOperation.MANAGE_STAFF, "POST", "/counter/staff", manage_staff.hire),
    _for(OtherOperation.MANAGE_STAFF, "POST", "/counter/staff/{staff}/renew", manage_staff.renew),
    _for(OtherOperation.MANAGE_STAFF, "GET", "/counter/staff/{staff}/dismiss", manage_staff.ask_to_dismiss),
    _for(OtherOperation.MANAGE_STAFF, "POST", "/counter/staff/{staff}/dismiss", manage_staff.dismiss),
    _for(OtherOperation.MANAGE_OFFICES, "GET", "/counter/offices", manage_offices.show),
    _for(OtherOperation.MANAGE_OFFICES, "POST", "/counter/offices", manage_offices.put),
    _for(OtherOperation.MANAGE_KIOSKS, "GET", "/counter/kiosks", manage_kiosks.show),
    _for(OtherOperation.MANAGE_KIOSKS, "POST", "/counter/kiosks", manage_kiosks.enrol),
    _for(OtherOperation.MANAGE_KIOSKS, "GET", "/counter/kiosks/{kiosk}/revoke", manage_kiosks.ask_to_revoke),
    _for(OtherOperation.MANAGE_KIOSKS, "POST", "/counter/kiosks/{kiosk}/revoke", manage_kiosks.revoke),
    _for(OtherOperation.READ_AUDIT, "GET", "/counter/audit", audit.show),
    _for(OtherOperation.READ_AUDIT, "POST", "/counter/audit", audit.about),
    _for(OtherOperation.EXPORT_AUDIT, "POST", "/counter/audit.csv", audit.export),
)
