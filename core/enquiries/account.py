"""Enquiries: what is on record (R10–R19). None always means that there is no such record (R19)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from core.records.schema import Benefit, Contribution, MedicalAccount, Person, UnitMedical
from core.values import BenefitKind, Insurance

# The statements that most calls run, made once: to build one costs more than to execute it.
_PERSON: BindParameter[int] = bindparam("person")
_BALANCE = select(MedicalAccount.balance).where(MedicalAccount.person_id == _PERSON)
_UNEMPLOYMENT = (
    select(Contribution.month, Contribution.paid)
    .where(Contribution.person_id == _PERSON, Contribution.insurance == Insurance.UNEMPLOYMENT.value)
    .distinct()
)
_PAID = (
    select(Benefit.kind, Benefit.amount, Benefit.month, Benefit.dependants)
    .where(Benefit.kind == bindparam("kind"))
    .order_by(Benefit.month.desc())
    .limit(1)
)
_LAST_PAID = _PAID.where(Benefit.personal_number == bindparam("number"))
_OWN_LAST_PAID = _PAID.where(
    Benefit.personal_number == select(Person.personal_number).where(Person.id == _PERSON).scalar_subquery()
)


@dataclass(frozen=True)
class BenefitPaid:
    """What was last paid: yuan a month, the month (YYYY-MM) and how many dependants it was for."""

    kind: str
    amount: Decimal
    month: str
    dependants: int


@dataclass(frozen=True)
class UnitContributions:
    """A unit's medical contributions in its latest month (R17). Money in yuan, month as YYYY-MM."""

    month: str
    people: int
    due: Decimal
    paid: Decimal
    in_arrears: bool


def medical_balance(session: Session, person_id: int) -> Decimal | None:
    """The balance of the medical account in yuan (R10)."""
    return session.scalar(_BALANCE, {"person": person_id})


def unemployment_months(session: Session, person_id: int) -> int | None:
    """Months in a row of unemployment contributions (R10, R14); 0 when none of those on record was paid."""
    rows = session.execute(_UNEMPLOYMENT, {"person": person_id}).all()
    return months_in_a_row(month for month, paid in rows if paid) if rows else None


def months_in_a_row(paid_months: Iterable[str]) -> int:
    """Paid months without a gap up to the latest paid one; a month counts once (R14). Months are YYYY-MM."""
    months = {int(month[:4]) * 12 + int(month[5:7]) for month in paid_months}
    latest = max(months, default=0)
    length = 0
    while latest - length in months:
        length += 1
    return length


def retirement_benefit(session: Session, person_id: int) -> BenefitPaid | None:
    """The retirement benefit as last paid (R10)."""
    row = session.execute(_OWN_LAST_PAID, {"person": person_id, "kind": BenefitKind.RETIREMENT.value}).first()
    return BenefitPaid(*row) if row else None


def work_injury_benefit(session: Session, personal_number: str) -> BenefitPaid | None:
    """The work-injury benefit as last paid (R15). No name, no ID number."""
    return _last_paid(session, personal_number, BenefitKind.WORK_INJURY)


def work_death_benefit(session: Session, personal_number: str) -> BenefitPaid | None:
    """What a deceased worker's dependants were last paid (R16). No names."""
    return _last_paid(session, personal_number, BenefitKind.WORK_DEATH)


def unit_contributions(session: Session, unit_number: str) -> UnitContributions | None:
    """A unit's latest month, and whether any month is still unpaid in part (R17)."""
    of_unit = UnitMedical.unit_number == unit_number
    newest = (
        select(UnitMedical.month, UnitMedical.people, UnitMedical.due, UnitMedical.paid)
        .where(of_unit)
        .order_by(UnitMedical.month.desc())
        .limit(1)
    )
    latest = session.execute(newest).tuples().first()
    if latest is None:
        return None
    owing = session.scalar(select(UnitMedical.month).where(of_unit, UnitMedical.paid < UnitMedical.due).limit(1))
    return UnitContributions(*latest, in_arrears=owing is not None)


def person_with(session: Session, personal_number: str) -> int | None:
    """Whom an enquiry by personal number is about, for the audit (R8)."""
    return session.scalar(select(Person.id).where(Person.personal_number == personal_number))


def _last_paid(session: Session, personal_number: str, kind: BenefitKind) -> BenefitPaid | None:
    row = session.execute(_LAST_PAID, {"number": personal_number, "kind": kind.value}).first()
    return BenefitPaid(*row) if row else None
