"""The tables, as typed mappings. A change here needs a migration beside it in core/migrations."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy import Enum as EnumColumn
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.values import CardState


class Yuan(TypeDecorator[Decimal]):
    """Money as whole fen in the database and Decimal yuan in Python: never binary floating point (R50)."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int((value * 100).to_integral_exact())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


class UtcTime(TypeDecorator[datetime]):
    """A moment, kept in UTC. SQLite forgets time zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC)


def detail_text(detail: dict[str, Any]) -> str:
    """The one way of writing a small JSON object: it is sealed like this."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else "{}"


class DetailJson(TypeDecorator[dict[str, Any]]):
    """A small JSON object, as text that stays byte for byte what it was on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        return None if value is None else detail_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else json.loads(value)


# SQLite counts up by itself only in a column of type INTEGER.
RowId = BigInteger().with_variant(Integer(), "sqlite")
_State = EnumColumn(CardState, values_callable=lambda states: [s.value for s in states], native_enum=False, length=32)


class Base(DeclarativeBase):
    __table__: ClassVar[Table]
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {Decimal: Yuan, datetime: UtcTime, CardState: _State, dict[str, Any]: DetailJson, str: String}


class Unit(Base):
    """An employer."""

    __tablename__ = "units"
    unit_number: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str]


class Person(Base):
    """A cardholder."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    id_number: Mapped[str] = mapped_column(String(18), unique=True)
    personal_number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str]
    district: Mapped[str]
    unit_number: Mapped[str | None] = mapped_column(ForeignKey("units.unit_number"))
    employment: Mapped[str] = mapped_column(String(16))
    phone: Mapped[str]
    # Web and kiosk sessions that began before this moment are over (R25).
    sessions_ended_at: Mapped[datetime | None]


class Card(Base):
    """A social security card. `pin_hash` is empty while the PIN is the default."""

    __tablename__ = "cards"
    __table_args__ = (
        Index(
            "ix_cards_current",
            "person_id",
            unique=True,
            sqlite_where=text("state NOT IN ('replaced', 'cancelled')"),
            postgresql_where=text("state NOT IN ('replaced', 'cancelled')"),
        ),
    )
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    card_number: Mapped[str] = mapped_column(String(9), unique=True)
    suffix: Mapped[str] = mapped_column(String(8), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    issued_on: Mapped[date]
    state: Mapped[CardState]
    pin_hash: Mapped[str | None]
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("cards.id"))


class NewCard(Base):
    """A card that was made to replace another and still waits for its holder (R36). It is none of `cards`: until it
    is handed over, its number opens nothing. `edition` counts the numbers that were recorded for it."""

    __tablename__ = "new_cards"
    replaces: Mapped[int] = mapped_column(ForeignKey("cards.id"), primary_key=True, autoincrement=False)
    card_number: Mapped[str] = mapped_column(String(9), unique=True)
    edition: Mapped[int]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(64))


class PinAttempts(Base):
    """Wrong PINs in a row (R4), for a card or for a number that nobody has, so that both behave alike (R3)."""

    __tablename__ = "pin_attempts"
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    wrong_in_a_row: Mapped[int]


class SourceAttempts(Base):
    """Wrong attempts from one source in the hour that began at `window_started_at` (R5)."""

    __tablename__ = "source_attempts"
    source: Mapped[str] = mapped_column(String(128), primary_key=True)
    window_started_at: Mapped[datetime]
    wrong: Mapped[int]


class LossReport(Base):
    """One loss of one card, from the report to its end (R30–R36)."""

    __tablename__ = "loss_reports"
    __table_args__ = (
        Index(
            "ix_loss_reports_open",
            "card_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    reference: Mapped[str] = mapped_column(String(8), unique=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"), index=True)
    reported_at: Mapped[datetime]
    reported_by: Mapped[str] = mapped_column(String(16))
    written_at: Mapped[datetime | None]
    written_document: Mapped[str | None] = mapped_column(String(32))
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))


class Contribution(Base):
    """One month's contribution to one insurance through one unit. A month may have several rows (R14)."""

    __tablename__ = "contributions"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    insurance: Mapped[str] = mapped_column(String(16), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    unit_number: Mapped[str] = mapped_column(String(20), primary_key=True, default="")
    base: Mapped[Decimal]
    personal_amount: Mapped[Decimal]
    employer_amount: Mapped[Decimal]
    paid: Mapped[bool]


class MedicalAccount(Base):
    """The balance of a person's medical account."""

    __tablename__ = "medical_accounts"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    balance: Mapped[Decimal]


class Benefit(Base):
    """What was paid under one personal number in one month."""

    __tablename__ = "benefits"
    personal_number: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    amount: Mapped[Decimal]
    dependants: Mapped[int]


class UnitMedical(Base):
    """A unit's medical contributions of one month."""

    __tablename__ = "unit_medical"
    unit_number: Mapped[str] = mapped_column(ForeignKey("units.unit_number"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    people: Mapped[int]
    due: Mapped[Decimal]
    paid: Mapped[Decimal]


class Drug(Base):
    """A row of the drug catalogue (R18)."""

    __tablename__ = "drugs"
    __table_args__ = (Index(None, "name", "code"),)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str]
    # Made when the row comes in: see core.enquiries.catalogue.found_by.
    found_by: Mapped[str] = mapped_column(default="", server_default="")
    category: Mapped[str] = mapped_column(String(8))
    form: Mapped[str]
    unit: Mapped[str]
    price_limit: Mapped[Decimal | None]
    patient_share: Mapped[Decimal]


class Treatment(Base):
    """A treatment item (R18)."""

    __tablename__ = "treatments"
    __table_args__ = (Index(None, "name", "code"),)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str]
    # Made when the row comes in: see core.enquiries.catalogue.found_by.
    found_by: Mapped[str] = mapped_column(default="", server_default="")
    category: Mapped[str] = mapped_column(String(8))
    unit: Mapped[str]
    price_limit: Mapped[Decimal | None]
    patient_share: Mapped[Decimal]


class CounterOffice(Base):
    """A place with a counter: agency, branch or service_centre."""

    __tablename__ = "offices"
    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    district: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str]


class Health(Base):
    """What a person asked to have on the card for an emergency (R12)."""

    __tablename__ = "health"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    blood_type: Mapped[str]
    allergies: Mapped[str]
    conditions: Mapped[str]


class VisitorSession(Base):
    """A visit of a signed-in person, on the web or at a kiosk, so that every process can serve it and end it."""

    __tablename__ = "sessions"
    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    # What the audit calls this visit; it opens nothing.
    session_id: Mapped[str] = mapped_column(String(16), unique=True)
    channel: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"))
    began_at: Mapped[datetime]
    # When all others of this person were ended last from within this one (R25).
    spared_at: Mapped[datetime | None]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Staff(Base):
    """A clerk or an administrator of an office. The key of their one-time codes is made from `code_salt` and the
    secret that is not in the database."""

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    login: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(16))
    office: Mapped[str] = mapped_column(ForeignKey("offices.name"))
    password_hash: Mapped[str]
    password_is_initial: Mapped[bool]
    code_salt: Mapped[str] = mapped_column(String(32))
    # The newest one-time code that was taken, as its place in time: none is taken twice.
    last_code: Mapped[int] = mapped_column(BigInteger, default=0)
    hired_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class StaffSession(Base):
    """A clerk or an administrator who is signed in."""

    __tablename__ = "staff_sessions"
    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[str] = mapped_column(String(16), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class CounterCase(Base):
    """One person at a clerk's window: which document the clerk saw, and what for (R2)."""

    __tablename__ = "counter_cases"
    case_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    session_id: Mapped[str] = mapped_column(String(16), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    document: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    # The card was in the reader, or its number was read from it.
    card_shown_at: Mapped[datetime | None]
    # From here on the clerk sees the record whole.
    revealed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class PinPad(Base):
    """A second screen at a window, on which the person keys a PIN that the clerk can't read. It shows a code; the
    desk where the clerk enters the code is the one it works for."""

    __tablename__ = "pin_pads"
    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str | None] = mapped_column(String(8), unique=True)
    code_until: Mapped[datetime]
    session_id: Mapped[str | None] = mapped_column(String(16), unique=True)
    # What the person is asked for now, and how the last time ended.
    task: Mapped[str | None] = mapped_column(String(16))
    case_id: Mapped[str | None] = mapped_column(String(16))
    answer: Mapped[str | None] = mapped_column(String(64))
    answer_detail: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Kiosk(Base):
    """A touch screen in a hall that may open kiosk visits, by the key in its browser."""

    __tablename__ = "kiosks"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    name: Mapped[str]
    office: Mapped[str] = mapped_column(ForeignKey("offices.name"))
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)
    enrolled_at: Mapped[datetime]
    enrolled_by: Mapped[str] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None]


class FormAnswer(Base):
    """What a form that changes something was answered, so that sending it twice does nothing twice."""

    __tablename__ = "form_answers"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[str | None] = mapped_column(String(64))


class AuditEvent(Base):
    """One operation, allowed or refused (R8). Triggers keep rows from being changed or removed."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_person_id_at", "person_id", "at"),)
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(128))
    who: Mapped[str] = mapped_column(String(64))
    office: Mapped[str]
    operation: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    # The same as `code`; in rows from before there were codes, the words that were written then.
    outcome: Mapped[str] = mapped_column(String(64))
    # What became of it: a value of Outcome, or the code of a HotlineError.
    code: Mapped[str] = mapped_column(String(32), server_default="")
    detail: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class AuditSeal(Base):
    """A link of the chain: the digest of one event and of the link before it (R8)."""

    __tablename__ = "audit_seals"
    position: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(RowId, unique=True)
    sealed_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))
    # What the digest covers: see core.audit.
    format: Mapped[int] = mapped_column(server_default="1")


class Fact(Base):
    """What the database knows of itself: the fingerprint of the secret that its PINs were made with (R6)."""

    __tablename__ = "facts"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str]


class JobRun(Base):
    """When a job was begun last, by whichever process, and how that went: see core.jobs. `took_ms` is empty until it
    has ended; `fault` is the last one, however long ago."""

    __tablename__ = "jobs"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    began_at: Mapped[datetime]
    took_ms: Mapped[int | None] = mapped_column(BigInteger)
    fault: Mapped[str | None]
    fault_at: Mapped[datetime | None]
