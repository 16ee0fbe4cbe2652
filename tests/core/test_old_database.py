"""A database that an earlier release left behind comes up, answers as it did, and its chain is whole (R8, R47).

data/README.md says what is in it, and why it is never made anew.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click.testing import CliRunner
from sqlalchemy import Engine, func, select, text

from core import forms
from core.__main__ import main
from core.actor import Actor
from core.audit.chain import check, seal_audit
from core.cards import loss
from core.context import CoreContext
from core.demo.staff import staff_credentials
from core.enquiries.catalogue import CatalogueQuery
from core.errors import IdentificationFailed, NotFound, PinLocked, SourceRefused
from core.identity import visits
from core.records.database import open_database
from core.records.schema import AuditEvent, Base
from core.service import Service
from core.settings import Settings
from core.staffed import cases, kiosks, pin_pads, staff, staff_visits
from core.staffed.pin_pads import DeskPad, PinTask
from core.values import CardState, Document, Door, Reason
from tests.support.core.bureau import card_number, id_number
from tests.support.core.clock import Clock
from tests.support.core.databases import CHEAP, SECRET
from web import audit_labels

DATA = Path(__file__).parent / "data"
KNOWN = json.loads((DATA / "before_wings.json").read_text(encoding="utf-8"))
TOKENS, REFERENCES, AUDIT = KNOWN["tokens"], KNOWN["loss_references"], KNOWN["audit"]
UNSEALED = 5
ANNA, BERT, LOCKED, PIN, CHOSEN = id_number(1), id_number(2), id_number(3), "739164", "480259"
NOBODY, ANNAS_ID = id_number(70), 1
# Reported by, the document of the written report, how it ended; and where the card stands that the person has now.
LOSSES = {
    "phone_open": ("phone", None, None, CardState.LOSS_REPORTED),
    "web_open": ("web", None, None, CardState.LOSS_REPORTED),
    "import_open": ("import", None, None, CardState.LOSS_REPORTED),
    "written": ("phone", "passport", None, CardState.LOSS_WRITTEN),
    "counter_written": ("counter", "resident ID card", None, CardState.LOSS_WRITTEN),
    "import_written": ("import", "imported", None, CardState.LOSS_WRITTEN),
    "waiting": ("phone", "passport", None, CardState.REPLACEMENT_APPLIED),
    "import_applied": ("import", "imported", None, CardState.REPLACEMENT_APPLIED),
    "released": ("phone", None, "released", CardState.ACTIVE),
    "lapsed": ("phone", None, "lapsed", CardState.ACTIVE),
    "replaced": ("web", "passport", "replaced", CardState.ACTIVE),
    "ended": ("phone", None, "replaced", CardState.ACTIVE),
    "cancelled": ("phone", "passport", "cancelled", CardState.CANCELLED),
    "anna released": ("phone", "resident ID card", "released", CardState.ACTIVE),
    "anna lapsed": ("phone", None, "lapsed", CardState.ACTIVE),
    "anna replaced": ("counter", "resident ID card", "replaced", CardState.ACTIVE),
}
ROWS = {"people": 26, "cards": 28, "loss_reports": 16, "staff": 13, "kiosks": 16, "counter_cases": 31, "pin_pads": 5}
_names = count()


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """The old database as it was left, of either kind, not opened yet."""
    if request.param == "sqlite":
        (tmp_path / "hotline.db").write_bytes(gzip.decompress((DATA / "before_wings.db.gz").read_bytes()))
        return Settings(state_dir=tmp_path, **CHEAP)
    server, name = request.getfixturevalue("postgresql_server"), f"old_{next(_names)}"
    with psycopg.connect(server + "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    with psycopg.connect(server + name, autocommit=True) as connection:
        connection.execute(gzip.decompress((DATA / "before_wings.sql.gz").read_bytes()))
    return Settings(state_dir=tmp_path, database_url=server + name, **CHEAP)


@pytest.fixture
def clock() -> Clock:
    """A few seconds after the old release stopped."""
    clock = Clock()
    clock.moment = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
    return clock


@pytest.fixture
def phone(context: CoreContext) -> Service:
    return Service(context, Actor.phone("02300000001", "call-1"))


def as_stored(engine: Engine) -> Iterator[dict]:
    """Every row of the audit with its link, column by column, past the mappings of today."""
    moment = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')" if engine.name == "postgresql" else "{}"
    statement = (
        f"SELECT e.id, {moment.format('at')}, channel, source, who, office, operation, person_id, outcome, "
        f"position, {moment.format('sealed_at')}, digest "
        "FROM audit_events e LEFT JOIN audit_seals s ON s.event_id = e.id ORDER BY e.id"
    )
    with engine.connect() as connection:
        for row in connection.execute(text(statement)):
            yield {"row": list(row[:9]), "link": list(row[9:]) if row.position else None}


def test_it_is_of_the_release_before(settings: Settings):
    with open_database(settings).connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0006"
    assert [each["link"] is None for each in AUDIT].count(True) == UNSEALED


def test_r8_it_comes_up_with_the_tables_of_today_and_every_old_row_byte_for_byte(context: CoreContext):
    with context.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    assert list(as_stored(context.engine)) == [{"row": each["row"], "link": each["link"]} for each in AUDIT]
    with context.transaction() as session:
        rows = {name: session.scalar(select(func.count()).select_from(Base.metadata.tables[name])) for name in ROWS}
    assert rows == ROWS


def test_r8_its_chain_is_whole_and_goes_on(context: CoreContext, phone: Service):
    assert seal_audit(context) == UNSEALED
    phone.unit_contributions("6001")
    assert seal_audit(context) == 1
    with context.transaction() as session:
        found = check(session, context.keys.audit)
    assert (found.problems, found.links) == ((), len(AUDIT) + 1)


def test_r8_the_shell_says_that_it_is_whole_and_knows_the_head_that_was_noted(settings: Settings):
    environment = {
        "HOTLINE_STATE_DIR": str(settings.state_dir),
        "HOTLINE_DATABASE_URL": settings.database_url,
        "HOTLINE_SECRET": SECRET,
    }
    position, _, head = AUDIT[-UNSEALED - 1]["link"]
    said = CliRunner().invoke(main, ["audit", "check", "--expect", head], env=environment)
    assert said.exit_code == 0, said.output
    assert f"expected head: link {position} of {len(AUDIT)}" in said.output
    assert "The chain is whole." in said.output


def test_r8_a_changed_old_row_is_still_seen(context: CoreContext):
    with context.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_events_no_update"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for event, column in enumerate(("channel", "source", "who", "office", "operation", "outcome"), start=200):
            connection.execute(text(f"UPDATE audit_events SET {column} = 'shell' WHERE id = {event}"))
        # What the migration read out of the words is covered by no old digest, and is read again.
        connection.execute(text("UPDATE audit_events SET code = 'done' WHERE id = 206"))
        connection.execute(text('UPDATE audit_events SET detail = \'{"state": "active"}\' WHERE id = 207'))
    with context.transaction() as session:
        problems = check(session, context.keys.audit).problems
    assert problems == tuple(f"event {event} or its link was changed (link {event})" for event in range(200, 208))


def test_r47_every_old_row_is_told_in_the_words_of_before(context: CoreContext):
    with context.transaction() as session:
        lines = [audit_labels.line(event) for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    told = [[line.where, line.operation, line.outcome, line.refused] for line in lines]
    for said, expected in zip(told, AUDIT, strict=True):
        assert said == expected["line"], expected["row"]


def test_r47_somebody_reads_the_history_that_they_read_before(phone: Service):
    person = phone.identify(ANNA, "123456")
    assert person.pin_is_default, "the card that was handed over to her"
    lines = [audit_labels.line(event) for event in phone.history(person)]
    told = [[line.where, line.operation, line.outcome, line.refused] for line in lines[1:]]  # after signing in just now
    assert told == [each["line"] for each in reversed(AUDIT) if each["row"][7] == ANNAS_ID]
    assert len(told) > 100


def test_r3_r4_r5_pins_locks_and_sources_are_what_they_were(context: CoreContext, phone: Service):
    assert phone.identify(BERT, PIN).card_state is CardState.ACTIVE
    with pytest.raises(IdentificationFailed):
        phone.identify(BERT, CHOSEN)
    for number in (LOCKED, NOBODY):
        with pytest.raises(PinLocked):
            phone.identify(number, PIN)
    with pytest.raises(SourceRefused) as refused:
        Service(context, Actor.phone("02300000066", "call-2")).identify(BERT, PIN)
    assert refused.value.until == datetime(2026, 3, 9, 10, 13, 4, 40084, tzinfo=UTC)


def test_r31_a_loss_is_found_by_its_reference_in_every_state(context: CoreContext):
    visit = staff_visits.resume(context, TOKENS["branch"])
    found = {}
    for name, reference in REFERENCES.items():
        with context.transaction() as session:
            report = loss.find_report(session, reference)
        assert (report.written_at is None, report.closed_at is None) == (
            report.written_document is None,
            report.outcome is None,
        )
        case = cases.open_case(context, visit, reference, Document.PASSPORT, Reason.LOSS)
        found[name] = (report.reported_by, report.written_document, report.outcome, case.person.card_state)
        assert (case.new_card is not None) is (name == "waiting"), name
    assert found == LOSSES


def test_r25_visits_go_on_and_what_was_over_stays_over(context: CoreContext):
    who = {
        name: visit and visit.person.person_id
        for name, door in (
            ("web", Door.WEB),
            ("web spared", Door.WEB),
            ("web ended", Door.WEB),
            ("kiosk", Door.KIOSK),
            ("kiosk spared", Door.KIOSK),
            ("kiosk ended", Door.KIOSK),
        )
        for visit in [visits.resume(context, door, TOKENS[name])]
    }
    assert who == {
        "web": 2,
        "web spared": 17,
        "web ended": None,
        "kiosk": 2,
        "kiosk spared": 18,
        "kiosk ended": None,
    }


def test_staff_go_on_with_their_cases_and_pin_pads(context: CoreContext):
    desks = {name: staff_visits.resume(context, TOKENS[name]) for name in ("branch", "agency", "centre", "odd")}
    assert [desk.member.login for desk in desks.values()] == ["wang.fang", "zhao-ming.2", "sun.centre", "cards.csv"]
    assert staff_visits.resume(context, TOKENS["administrator"]).member.login == "li.na"
    assert staff_visits.resume(context, TOKENS["dismissed"]) is None
    assert staff_visits.resume(context, TOKENS["gone idle"]) is None
    login = next(each for each in staff_credentials(context).staff if each.login == "demo-branch")
    assert staff.sign_in(context, "192.0.2.1", login.login, login.password, login.code).office == login.office

    case = cases.the_case(context, desks["branch"], TOKENS["case window"])
    assert (case.document, case.reason) == (Document.RESIDENT_ID_CARD, Reason.PIN)
    assert case.card_shown and case.revealed
    with pytest.raises(NotFound):
        cases.the_case(context, desks["branch"], TOKENS["case bert"])  # closed
    for desk, case, pad in (
        ("branch", "window", DeskPad(True, PinTask.RESET, None, {})),
        ("agency", "agency", DeskPad(True, None, "done", {})),
        ("centre", "centre", DeskPad(True, PinTask.RESET, "weak_pin", {"reason": "run"})),
        ("odd", "phone_open", DeskPad(True, None, None, {})),
    ):
        assert pin_pads.of_desk(context, desks[desk], TOKENS[f"case {case}"]) == pad
    assert pin_pads.look(context, TOKENS["pad alone"]).code
    asked = pin_pads.look(context, TOKENS["pad of branch"]).asked
    pin_pads.key_in(context, TOKENS["pad of branch"], asked, "", CHOSEN, CHOSEN)
    assert pin_pads.of_desk(context, desks["branch"], TOKENS["case window"]) == DeskPad(True, None, "done", {})
    assert Service(context, Actor.web("192.0.2.9")).identify(id_number(20), CHOSEN)


def test_kiosks_forms_and_records_answer_as_they_did(context: CoreContext, phone: Service):
    assert kiosks.recognise(context, TOKENS["kiosk key"]).name == "一楼大厅"
    assert kiosks.recognise(context, TOKENS["revoked key"]) is None
    assert kiosks.is_revoked(context, TOKENS["revoked key"])
    assert [forms.answer(context, f"form-{name}") for name in ("reported", "done", "at-work")] == [
        "loss_written",
        "done",
        None,
    ]
    assert not forms.claim(context, "form-reported")

    anna = Service(context, Actor.kiosk(2, "渝中区医疗保险分中心")).identify_card(card_number(1, "B"), "123456")
    assert (phone.medical_balance(anna), phone.unemployment_months(anna)) == (Decimal("1234.56"), 2)
    assert phone.work_death_benefit("80000001").dependants == 2
    assert phone.unit_contributions("6001").in_arrears
    site = Service(context, Actor.web("192.0.2.9"))
    assert [item.code for item in site.search_drugs(CatalogueQuery("amxl")).items] == ["XJ01CA04"]
    assert site.health(anna).allergies == "青霉素"
