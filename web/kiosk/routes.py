"""Every address of a kiosk."""

from __future__ import annotations

from web.kiosk import enquiries, enrolment, home, sign_in
from web.route import Route
from web.shared import catalogue, insurance, pin_change

KIOSK = (
    Route("GET", "/kiosk/enrol", enrolment.show_form),
    Route("POST", "/kiosk/enrol", enrolment.enter),
    Route("GET", "/kiosk", home.show, enrolled=True),
    Route("GET", "/kiosk/left", home.signed_out, enrolled=True),
    Route("POST", "/kiosk/leave", home.leave, enrolled=True),
    Route("GET", "/kiosk/card", sign_in.show_form, enrolled=True),
    Route("POST", "/kiosk/card", sign_in.submit, enrolled=True),
    Route("GET", "/kiosk/catalogue/drugs", catalogue.drugs, enrolled=True),
    Route("GET", "/kiosk/catalogue/treatments", catalogue.treatments, enrolled=True),
    Route("POST", "/kiosk/keep", home.keep, enrolled=True, signed_in=True),
    Route("GET", "/kiosk/advice", sign_in.advise, enrolled=True, signed_in=True),
    Route("GET", "/kiosk/menu", enquiries.menu, enrolled=True, signed_in=True),
    Route("GET", "/kiosk/enquiries/card", enquiries.card, enrolled=True, signed_in=True),
    Route("GET", "/kiosk/enquiries/public", enquiries.public, enrolled=True, signed_in=True),
    Route("GET", "/kiosk/enquiries/employment", enquiries.employment, enrolled=True, signed_in=True),
    Route("GET", "/kiosk/enquiries/allowances", enquiries.allowances, enrolled=True, signed_in=True),
    Route("GET", "/kiosk/enquiries/health", enquiries.health, enrolled=True, signed_in=True),
    Route("GET", "/kiosk/enquiries/{insurance}", insurance.show, enrolled=True, signed_in=True),
    Route("GET", "/kiosk/pin", pin_change.show_form, enrolled=True, signed_in=True),
    Route("POST", "/kiosk/pin", pin_change.change, enrolled=True, signed_in=True),
    Route("GET", "/kiosk/pin/done", pin_change.done, enrolled=True, signed_in=True),
)
