"""Every address of the website."""

from __future__ import annotations

from web.route import Route
from web.shared import by_number, catalogue, insurance, pin_change
from web.site import (
    account,
    guide,
    health,
    history,
    home,
    loss,
    offices,
    print_size,
    record,
    sign_in,
)

SITE = (
    Route("GET", "/", home.show, fixed=True),
    Route("GET", "/guide", guide.show, fixed=True),
    Route("GET", "/guide/phone", guide.phone, fixed=True),
    Route("GET", "/guide/query", guide.query, fixed=True),
    Route("GET", "/guide/pin", guide.pin, fixed=True),
    Route("GET", "/guide/loss", guide.loss, fixed=True),
    Route("GET", "/guide/questions", guide.questions, fixed=True),
    Route("GET", "/offices", offices.search),
    Route("GET", "/catalogue/drugs", catalogue.drugs),
    Route("GET", "/catalogue/treatments", catalogue.treatments),
    Route("GET", "/numbers/work-injury", by_number.ask_work_injury),
    Route("POST", "/numbers/work-injury", by_number.answer_work_injury),
    Route("GET", "/numbers/work-death", by_number.ask_work_death),
    Route("POST", "/numbers/work-death", by_number.answer_work_death),
    Route("GET", "/numbers/unit", by_number.ask_unit),
    Route("POST", "/numbers/unit", by_number.answer_unit),
    Route("GET", "/sign-in", sign_in.show_form),
    Route("POST", "/sign-in", sign_in.submit),
    Route("POST", "/sign-out", sign_in.leave),
    Route("GET", "/signed-out", sign_in.signed_out),
    Route("POST", "/session/keep", sign_in.keep_alive, signed_in=True),
    Route("POST", "/print-size", print_size.choose),
    Route("GET", "/account", account.overview, signed_in=True),
    Route("GET", "/account/advice", sign_in.advise, signed_in=True),
    Route("GET", "/account/history", history.show, signed_in=True),
    Route("GET", "/account/record", record.show, signed_in=True),
    Route("GET", "/account/record.csv", record.csv, signed_in=True),
    Route("GET", "/account/record.pdf", record.pdf, signed_in=True),
    Route("GET", "/account/pin", pin_change.show_form, signed_in=True),
    Route("POST", "/account/pin", pin_change.change, signed_in=True),
    Route("GET", "/account/pin/done", pin_change.done, signed_in=True),
    Route("GET", "/account/loss", loss.show, signed_in=True),
    Route("POST", "/account/loss", loss.report, signed_in=True),
    Route("GET", "/account/loss/confirm", loss.confirm, signed_in=True),
    Route("GET", "/account/loss/done", loss.done, signed_in=True),
    Route("GET", "/account/{insurance}", insurance.show, signed_in=True),
    Route("GET", "/healthz", health.show),
)
