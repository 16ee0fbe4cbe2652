"""What somebody has on record in each insurance (R11), with the figures that follow from it (R14).

None always means that there is no such record (R19). Money in yuan, months as YYYY-MM.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import groupby

from sqlalchemy import BindParameter, Row, bindparam, select
from sqlalchemy.orm import Session

from core.enquiries.account import BenefitPaid, months_in_a_row
from core.records.schema import Benefit, Contribution, MedicalAccount, Unit
from core.values import BenefitKind, Insurance

BENEFITS_SHOWN = 12


BENEFIT_KINDS = {
    Insurance.PENSION: BenefitKind.RETIREMENT,
    Insurance.UNEMPLOYMENT: BenefitKind.UNEMPLOYMENT,
    Insurance.WORK_INJURY: BenefitKind.WORK_INJURY,
    Insurance.MATERNITY: BenefitKind.MATERNITY,
}


class MonthStatus(Enum):
    """Whether a month counts (R14), and why not."""

    PAID = "paid"
    UNPAID = "unpaid"  # on record, and nothing of it paid
    GAP = "gap"  # between the first month on record and the last, and not on record


@dataclass(frozen=True)
class Month:
    """One month of one insurance, however many rows it has. Amounts are those of paid rows."""

    month: str
    status: MonthStatus
    base: Decimal | None
    personal: Decimal
    employer: Decimal
    units: tuple[str, ...]

    @property
    def counts(self) -> bool:
        return self.status is MonthStatus.PAID


@dataclass(frozen=True)
class Year:
    """What was paid in one year; a month counts once, and only if paid."""

    year: int
    months_paid: int
    personal: Decimal
    employer: Decimal

    @property
    def total(self) -> Decimal:
        return self.personal + self.employer


@dataclass(frozen=True)
class InsuranceRecord:
    """Somebody's contributions to one insurance: every month from the first on record to the last."""

    insurance: Insurance
    months: tuple[Month, ...]
    paying: bool  # the latest paid month is this one or the last

    @property
    def since(self) -> str:
        return self.months[0].month

    @property
    def latest_paid(self) -> str | None:
        return max((month.month for month in self.months if month.counts), default=None)

    @property
    def months_paid(self) -> int:
        return sum(month.counts for month in self.months)

    @property
    def months_in_a_row(self) -> int:
        return months_in_a_row(month.month for month in self.months if month.counts)

    @property
    def years(self) -> tuple[Year, ...]:
        """The totals of each year, the newest first (R14)."""
        years = groupby(self.months, key=lambda month: int(month.month[:4]))
        return tuple(_year(year, tuple(months)) for year, months in years)[::-1]

    def months_of(self, year: int) -> tuple[Month, ...]:
        """The months of one year, in order."""
        return tuple(month for month in self.months if month.month.startswith(f"{year:04d}-"))


@dataclass(frozen=True)
class InsurancePage:
    """One insurance as its holder sees it: the record, the medical account's balance, the benefits last paid."""

    record: InsuranceRecord | None
    balance: Decimal | None
    benefits: tuple[BenefitPaid, ...]


_PERSON: BindParameter[int] = bindparam("person")
_NUMBER: BindParameter[str] = bindparam("number")
# On the table: the ORM has nothing to add, and there may be thousands of rows.
_PAID_IN = Contribution.__table__.c
_ROWS = (
    select(
        _PAID_IN.insurance,
        _PAID_IN.month,
        _PAID_IN.paid,
        _PAID_IN.base,
        _PAID_IN.personal_amount,
        _PAID_IN.employer_amount,
        Unit.__table__.c.name,
    )
    .outerjoin_from(Contribution.__table__, Unit.__table__, Unit.__table__.c.unit_number == _PAID_IN.unit_number)
    .where(_PAID_IN.person_id == _PERSON)
    .order_by(_PAID_IN.insurance, _PAID_IN.month, _PAID_IN.unit_number)
)
# Insurance, month, paid, base, personal and employer's amount, the unit's name.
_PaidIn = Row[tuple[str, str, bool, Decimal, Decimal, Decimal, str | None]]
_ROWS_OF_ONE = _ROWS.where(_PAID_IN.insurance == bindparam("insurance"))
_BALANCE = select(MedicalAccount.balance).where(MedicalAccount.person_id == _PERSON)
_BENEFITS = (
    select(Benefit.kind, Benefit.amount, Benefit.month, Benefit.dependants)
    .where(Benefit.personal_number == _NUMBER, Benefit.kind == bindparam("kind"))
    .order_by(Benefit.month.desc())
    .limit(BENEFITS_SHOWN)
)


def insurance_page(
    session: Session, person_id: int, personal_number: str, insurance: Insurance, this_month: str
) -> InsurancePage:
    """R11: two statements, whatever the number of rows."""
    rows = session.execute(_ROWS_OF_ONE, {"person": person_id, "insurance": insurance.value}).all()
    record = make_record(insurance, rows, this_month) if rows else None
    if insurance is Insurance.MEDICAL:
        return InsurancePage(record, session.scalar(_BALANCE, {"person": person_id}), ())
    asked = {"number": personal_number, "kind": BENEFIT_KINDS[insurance].value}
    return InsurancePage(record, None, tuple(BenefitPaid(*row) for row in session.execute(_BENEFITS, asked)))


def benefits_paid(
    session: Session, personal_number: str, kinds: Sequence[BenefitKind]
) -> dict[BenefitKind, tuple[BenefitPaid, ...]]:
    """R12: what was last paid of each of these kinds of benefit; a kind without a record is left out (R19)."""
    paid = {}
    for kind in kinds:
        rows = session.execute(_BENEFITS, {"number": personal_number, "kind": kind.value}).all()
        if rows:
            paid[kind] = tuple(BenefitPaid(*row) for row in rows)
    return paid


def insurance_records(session: Session, person_id: int, this_month: str) -> tuple[InsuranceRecord, ...]:
    """Every insurance that somebody has on record, in one statement."""
    rows = session.execute(_ROWS, {"person": person_id}).all()
    by_insurance = {name: list(of_one) for name, of_one in groupby(rows, key=lambda row: row.insurance)}
    return tuple(
        make_record(insurance, by_insurance[insurance.value], this_month)
        for insurance in Insurance
        if insurance.value in by_insurance
    )


def make_record(insurance: Insurance, rows: Sequence[_PaidIn], this_month: str) -> InsuranceRecord:
    """R14, from rows in the order of their months: what counts, and which months are missing between."""
    on_record = {month: _month(month, list(of_month)) for month, of_month in groupby(rows, key=lambda row: row.month)}
    names = list(on_record)
    months = tuple(
        on_record.get(name) or Month(name, MonthStatus.GAP, None, Decimal(0), Decimal(0), ())
        for name in months_between(names[0], names[-1])
    )
    latest = max((month.month for month in months if month.counts), default="")
    return InsuranceRecord(insurance, months, paying=latest >= month_before(this_month))


def months_between(first: str, last: str) -> Iterable[str]:
    """Every month from the first to the last, both included."""
    for place in range(_place(first), _place(last) + 1):
        yield _name(place)


def month_before(month: str) -> str:
    """The month before this one."""
    return _name(_place(month) - 1)


def _place(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _name(place: int) -> str:
    return f"{place // 12:04d}-{place % 12 + 1:02d}"


def _month(month: str, rows: list[_PaidIn]) -> Month:
    paid = [row for row in rows if row.paid]
    return Month(
        month,
        MonthStatus.PAID if paid else MonthStatus.UNPAID,
        max(row.base for row in paid or rows),
        sum((row.personal_amount for row in paid), Decimal(0)),
        sum((row.employer_amount for row in paid), Decimal(0)),
        tuple(dict.fromkeys(row.name for row in paid or rows if row.name)),
    )


def _year(year: int, months: tuple[Month, ...]) -> Year:
    return Year(
        year,
        sum(month.counts for month in months),
        sum((month.personal for month in months), Decimal(0)),
        sum((month.employer for month in months), Decimal(0)),
    )
