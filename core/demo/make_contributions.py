"""Writes data/contributions.csv anew from the working lives below.

python -m core.demo.make_contributions
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

DATA = Path(__file__).parent / "data"
COLUMNS = ("id_number", "insurance", "month", "base", "personal_amount", "employer_amount", "paid", "unit_number")

# What the person and the employer pay, of the base.
RATES = {
    "pension": ("0.08", "0.16"),
    "medical": ("0.02", "0.085"),
    "unemployment": ("0.005", "0.005"),
    "work_injury": ("0", "0.004"),
    "maternity": ("0", "0.005"),
}
FLEXIBLE_RATES = {"pension": ("0.20", "0"), "medical": ("0.095", "0")}
STUDENT_RATES = {"medical": ("0.06", "0")}

# Personal number, unit (empty: pays alone), base, first month, last month, months that were not paid.
LIVES = (
    ("10000001", "50010001", "6500.00", "2024-01", "2026-10", ()),
    ("10000002", "50010001", "4200.00", "2010-04", "2012-03", ()),
    ("10000003", "50010001", "5800.00", "2025-03", "2026-10", ()),
    ("10000004", "50010001", "7125.50", "2024-11", "2026-10", ()),
    ("10000005", "50010002", "5230.00", "2025-01", "2026-10", ("2026-09", "2026-10")),
    ("10000006", "50010003", "8010.00", "2025-06", "2026-10", ()),
    ("10000007", "50010003", "4988.80", "2026-01", "2026-10", ()),
    ("10000008", "50010001", "6000.00", "2025-11", "2026-10", ()),
    ("10000009", "50010001", "6100.00", "2025-11", "2026-10", ()),
    ("10000010", "50010002", "6200.00", "2025-11", "2026-08", ()),
    ("10000011", "50010003", "6300.00", "2025-11", "2026-10", ()),
    ("10000012", "50010001", "6400.00", "2025-11", "2026-10", ()),
    ("10000013", "50010003", "5600.00", "2023-01", "2023-11", ()),
    # March 2025 is missing: three months in a row, not seventeen.
    ("10000014", "50010002", "4600.00", "2024-01", "2025-06", ("2025-03",)),
    ("10000015", "50010003", "5900.00", "2025-05", "2026-10", ()),
    ("10000017", "", "4500.00", "2025-01", "2026-10", ("2025-12",)),
    ("10000018", "", "1000.00", "2025-09", "2026-09", ()),
    # Changed units in May 2026, and both paid: a month counts once.
    ("10000019", "50010002", "5000.00", "2025-10", "2026-05", ()),
    ("10000019", "50010001", "6600.00", "2026-05", "2026-10", ()),
    ("10000020", "50010001", "5400.00", "2025-02", "2026-10", ()),
)


def rows() -> Iterator[tuple[str, ...]]:
    """One row for each life, insurance and month."""
    with (DATA / "people.csv").open(encoding="utf-8", newline="") as file:
        people = {person["personal_number"]: person for person in csv.DictReader(file)}
    for personal_number, unit, base, first, last, unpaid in LIVES:
        person = people[personal_number]
        rates = {"flexible": FLEXIBLE_RATES, "student": STUDENT_RATES}.get(person["employment"], RATES)
        for insurance, (personal, employer) in rates.items():
            for month in months(first, last):
                amounts = (_part(base, personal), _part(base, employer))
                paid = "0" if month in unpaid else "1"
                yield (person["id_number"], insurance, month, base, *amounts, paid, unit)


def months(first: str, last: str) -> Iterator[str]:
    """Every month from the first to the last, as YYYY-MM."""
    begin, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    for number in range(begin, end + 1):
        yield f"{number // 12}-{number % 12 + 1:02d}"


def _part(base: str, rate: str) -> str:
    return str((Decimal(base) * Decimal(rate)).quantize(Decimal("0.01")))


def write(path: Path) -> None:
    """The file, whole."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows())


if __name__ == "__main__":
    write(DATA / "contributions.csv")
