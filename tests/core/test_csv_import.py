"""Real data in (R50): good files, bad rows, and files of which nothing goes in."""

from __future__ import annotations

import tracemalloc
from contextlib import contextmanager
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from core.data_in import csv_import, scratch
from core.data_in.csv_import import Fate
from core.records.schema import (
    AuditEvent,
    Benefit,
    Contribution,
    CounterOffice,
    Drug,
    Health,
    MedicalAccount,
    Person,
    Treatment,
    Unit,
    UnitMedical,
)
from tests.support.core.audit import told
from tests.support.core.bureau import ANNA, BERT, CLERK, HEADERS, id_number

PAID = f"{ANNA},pension,2026-01,6500.00,520.00,1040.00,1,6001"


def rows_of(context, table) -> int:
    with context.transaction() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_r50_every_file_goes_in(known, context):
    known.writes("contributions.csv", PAID, f"{ANNA},medical,2026-01,6500,130,552.5,0,")
    known.writes("medical_accounts.csv", f"{ANNA},1234.56")
    known.writes("benefits.csv", "31,retirement,2026-01,3000.00,", "99,work_death,2026-01,2415.05,2")
    known.writes("unit_medical.csv", "6001,2026-01,3,100.00,99.99")
    known.writes("drugs.csv", "Y1,阿莫西林胶囊,甲,胶囊剂,盒,12.50,0.00", "Y2,某药,丙,片剂,盒,,1.00")
    known.writes("treatments.csv", "T1,CT平扫,乙,次,180.00,0.10")
    known.writes("offices.csv", "渝中区医疗保险分中心,branch,渝中区,示例路1号,023-00000001")
    known.writes("health.csv", f'{ANNA},O,"青霉素,碘",')
    assert known.imports() == []
    with context.transaction() as session:
        anna = session.scalar(select(Person).where(Person.id_number == ANNA))
        assert (anna.name, anna.unit_number) == ("安娜", "6001")
        assert session.get_one(MedicalAccount, anna.id).balance == Decimal("1234.56")
        assert session.get_one(Contribution, (anna.id, "pension", "2026-01", "6001")).paid
        medical = session.get_one(Contribution, (anna.id, "medical", "2026-01", ""))
        assert (medical.employer_amount, medical.paid) == (Decimal("552.50"), False)
        assert session.get_one(Benefit, ("99", "work_death", "2026-01")).dependants == 2
        assert session.get_one(UnitMedical, ("6001", "2026-01")).paid == Decimal("99.99")
        assert session.get_one(Drug, "Y2").price_limit is None
        assert session.get_one(Treatment, "T1").patient_share == Decimal("0.10")
        assert session.get_one(CounterOffice, "渝中区医疗保险分中心").kind == "branch"
        assert session.get_one(Health, anna.id).allergies == "青霉素,碘"


def test_r50_importing_again_brings_up_to_date_and_adds_nothing_twice(known, context):
    known.writes("contributions.csv", PAID).imports()
    known.writes("contributions.csv", PAID.replace("520.00", "521.00")).imports()
    with context.transaction() as session:
        (row,) = session.scalars(select(Contribution)).all()
        assert row.personal_amount == Decimal("521.00")
    known.writes("people.csv", f"{ANNA},41,安娜,江北区,,retired,").imports()
    with context.transaction() as session:
        anna = session.scalar(select(Person).where(Person.id_number == ANNA))
        assert (anna.personal_number, anna.district, anna.unit_number) == ("41", "江北区", None)
    assert rows_of(context, Person) == 2


def test_r14_a_month_may_have_several_rows_through_several_units(known, context):
    known.writes("units.csv", "6002,另一家")
    known.writes("contributions.csv", PAID, PAID.replace("6001", "6002"), PAID.replace("6001", ""))
    assert known.imports() == []
    assert rows_of(context, Contribution) == 3


def test_r8_each_file_leaves_its_audit_row(known, context):
    known.writes("units.csv", "6003,某单位", "x,某单位").imports()
    with context.transaction() as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
        assert (last.operation, told(last)) == ("import", "file_imported bad=1 file=units.csv rows=1")
        assert (last.channel, last.who) == ("counter", "shell:test")


def test_r8_a_refused_file_leaves_its_audit_row_too(known, context):
    known.writes_bytes("units.csv", b"").imports()
    known.writes("units.csv", "x,某单位").imports(strict=True)
    with context.transaction() as session:
        outcomes = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(2)).all()
        assert list(map(told, outcomes)) == ["file_refused bad=1 file=units.csv", "file_refused bad=0 file=units.csv"]


def test_files_that_are_not_there_are_named_and_skipped(bureau):
    bureau.writes("units.csv", "6001,某单位").imports()
    assert bureau.results["units.csv"].fate is Fate.IMPORTED
    assert bureau.results["people.csv"].fate is Fate.NOT_THERE
    assert len(bureau.results) == len(HEADERS) == 11


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + HEADERS["units.csv"].encode() + b"\n6001,\xe6\xb8\x9d\n",
        HEADERS["units.csv"].encode() + b"\r\n6001,\xe6\xb8\x9d\r\n",
        b"name, unit_number \n\xe6\xb8\x9d,6001",
        HEADERS["units.csv"].encode() + b"\n\n 6001 ,\xe6\xb8\x9d\n,\n\n",
    ],
    ids=["byte-order mark", "Windows line ends", "other column order, no last line end", "blank lines and spaces"],
)
def test_what_spreadsheets_do_to_a_file_is_understood(bureau, context, content):
    assert bureau.writes_bytes("units.csv", content).imports() == []
    with context.transaction() as session:
        assert session.get_one(Unit, "6001").name == "渝"


HEADER = HEADERS["units.csv"].encode() + b"\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEADER + "6001,重庆\n".encode("gbk"), "it is not UTF-8 (GBK perhaps): save it as UTF-8 and import again."),
        ((HEADER.decode() + "6001,重庆\n").encode("utf-16"), "it is not UTF-8"),
        (HEADER + b"6001,ok\n" * 3000 + "6001,重庆\n".encode("gbk"), "it is not UTF-8"),
        (b"", "it is empty, without even a header."),
        (b"unit_number\n6001\n", "missing columns: name."),
        (b"unit_number,name,colour\n6001,a,b\n", "unknown columns: colour."),
        (b"unit_number,name,name\n6001,a,b\n", "a column stands there twice."),
        (b"500103198502109970,secret\n", "its first line is not the header unit_number,name."),
        (b"unit_number,name,500103198502109970\n", "unknown columns: (no name)."),
        (HEADER + b'6001,"never closed\n6002,b\n', "the quotes or line ends don't fit together"),
        (HEADER + b"6001,a\r6002,b\r", "the quotes or line ends don't fit together"),
        (HEADER + b"6001," + b"a" * 70_000 + b"\n", "it has a line of more than 65536 bytes."),
    ],
)
def test_of_a_file_that_can_not_be_read_nothing_is_imported(bureau, context, content, reason):
    said = bureau.writes_bytes("units.csv", content).imports()
    assert said[-1].startswith("units.csv: nothing of this file was imported: ") and reason in said[-1]
    assert "500103198502109970" not in str(said)
    assert bureau.results["units.csv"].fate is Fate.REFUSED
    assert rows_of(context, Unit) == 0


def test_a_header_alone_is_a_file_without_rows(bureau):
    assert bureau.writes("units.csv").imports() == []
    assert bureau.results["units.csv"].rows == 0


NOBODY = id_number(77)
BAD_ROWS = [
    ("units.csv", "60x1,某", "unit_number has characters that don't belong there"),
    ("units.csv", ",某", "unit_number is empty"),
    ("units.csv", "6009,", "name is empty"),
    ("units.csv", "6009", "1 cells where the header has 2"),
    ("units.csv", "6009,a,b", "3 cells where the header has 2"),
    ("units.csv", '6009,"a\nb"', "name holds control characters"),
    ("units.csv", "6009," + "长" * 201, "name is longer than 200 characters"),
    ("people.csv", f"{id_number(9)[:-1]}Z,9,某,渝中区,,employed,", "id_number has characters that don't belong there"),
    ("people.csv", "500103198502109971,9,某,渝中区,,employed,", "id_number has a wrong check character"),
    ("people.csv", "500103198513109970,9,某,渝中区,,employed,", "id_number has an impossible birth date"),
    ("people.csv", "500103850210997,9,某,渝中区,,employed,", "id_number is an old one of fifteen digits"),
    ("people.csv", f"{id_number(9)},9,某,渝中区,6999,employed,", "no unit in units.csv or the database"),
    ("people.csv", f"{id_number(9)},9,某,渝中区,,astronaut,", "employment must be one of employed, unemployed"),
    ("people.csv", f"{id_number(9)},31,某,渝中区,,employed,", "this personal_number belongs to another person"),
    ("contributions.csv", PAID.replace("2026-01", "2026-13"), "month is not a month as YYYY-MM"),
    ("contributions.csv", PAID.replace("2026-01", "2026-00"), "month is not a month as YYYY-MM"),
    ("contributions.csv", PAID.replace("2026-01", "202601"), "month is not a month as YYYY-MM"),
    ("contributions.csv", PAID.replace("2026-01", "２０２６-01"), "month is not a month as YYYY-MM"),
    ("contributions.csv", PAID.replace("520.00", "-520.00"), "personal_amount is negative"),
    ("contributions.csv", PAID.replace("520.00", "520.005"), "personal_amount has more than two decimals"),
    ("contributions.csv", PAID.replace("520.00", '"1,520.00"'), "personal_amount is not an amount such as 1234.56"),
    ("contributions.csv", PAID.replace("520.00", "5e2"), "personal_amount is not an amount"),
    ("contributions.csv", PAID.replace("520.00", "NaN"), "personal_amount is not an amount"),
    ("contributions.csv", PAID.replace("520.00", ""), "personal_amount is not an amount"),
    ("contributions.csv", PAID.replace(",1,", ",yes,"), "paid must be 1 or 0"),
    ("contributions.csv", PAID.replace("pension", "car"), "insurance must be one of pension, medical"),
    ("contributions.csv", PAID.replace("6001", "6999"), "no unit in units.csv or the database has this unit_number"),
    ("contributions.csv", PAID.replace(ANNA, NOBODY), "nobody in people.csv or the database has this id_number"),
    ("medical_accounts.csv", f"{ANNA},-0.01", "balance is negative"),
    ("medical_accounts.csv", f"{NOBODY},1.00", "nobody in people.csv"),
    ("benefits.csv", "31,holiday,2026-01,1.00,0", "kind must be one of retirement"),
    ("benefits.csv", "31,work_death,2026-01,1.00,-2", "dependants is not a whole number"),
    ("unit_medical.csv", "6999,2026-01,1,1.00,1.00", "no unit in units.csv"),
    ("unit_medical.csv", "6001,2026-01,1.5,1.00,1.00", "people is not a whole number"),
    ("drugs.csv", "Y1,药,丁,片剂,盒,,0.00", "category must be one of 甲, 乙, 丙"),
    ("drugs.csv", "Y1,药,甲,片剂,盒,,1.01", "patient_share must lie between 0.00 and 1.00"),
    ("treatments.csv", "T1,项目,甲,次,abc,0.00", "price_limit is not an amount"),
    ("offices.csv", "某处,palace,渝中区,某路,", "kind must be one of agency, branch, service_centre"),
    ("health.csv", f"{NOBODY},A,,", "nobody in people.csv"),
]


@pytest.mark.parametrize(("name", "row", "reason"), BAD_ROWS)
def test_a_bad_row_is_named_with_its_line_and_reason_and_the_file_goes_on(known, context, name, row, reason):
    good = {
        "units.csv": "6008,好",
        "people.csv": f"{id_number(8)},38,好,渝中区,,student,",
        "contributions.csv": PAID,
        "medical_accounts.csv": f"{BERT},5.00",
        "benefits.csv": "32,unemployment,2026-01,5.00,",
        "unit_medical.csv": "6001,2026-02,1,1.00,1.00",
        "drugs.csv": "Y9,药,甲,片剂,盒,,0.00",
        "treatments.csv": "T9,项目,甲,次,,0.00",
        "offices.csv": "某处,branch,渝中区,某路,",
        "health.csv": f"{BERT},A,,",
    }[name]
    (said,) = known.writes(name, row, good).imports()
    line = 3 if "\n" in row else 2
    assert said.startswith(f"{name}, line {line}: ") and reason in said
    assert (known.results[name].rows, known.results[name].bad) == (1, 1)
    assert not any(cell in said for cell in row.split(",") if len(cell) > 8), "a reason repeats nothing of the row"


@pytest.mark.parametrize(("name", "row", "reason"), BAD_ROWS[::6])
def test_strict_imports_nothing_of_a_file_with_a_bad_row(known, context, name, row, reason):
    known.writes("drugs.csv", "Y7,药,甲,片剂,盒,,0.00")
    before = rows_of(context, Unit), rows_of(context, Person), rows_of(context, Contribution)
    said = known.writes(name, row).imports(strict=True)
    assert reason in said[0] and said[1].endswith("nothing of this file was imported: 1 bad rows, and --strict.")
    assert (rows_of(context, Unit), rows_of(context, Person), rows_of(context, Contribution)) == before
    assert known.results[name].fate is Fate.REFUSED
    assert known.results["drugs.csv"].fate is (Fate.REFUSED if name == "drugs.csv" else Fate.IMPORTED)


def test_a_key_twice_in_a_file_is_a_bad_row_the_first_one_counts(known, context):
    said = known.writes("contributions.csv", PAID, PAID.replace("520.00", "9.00")).imports()
    assert said == ["contributions.csv, line 3: the same id_number, insurance, month, unit_number as line 2"]
    with context.transaction() as session:
        assert session.scalars(select(Contribution)).one().personal_amount == Decimal("520.00")


def test_a_person_twice_is_a_bad_row(bureau, context):
    again = id_number(5).lower()
    said = bureau.writes(
        "people.csv",
        f"{id_number(5)},51,甲某,渝中区,,employed,",
        f"{again},52,甲某,渝中区,,employed,",
        f"{id_number(6)},51,乙某,渝中区,,employed,",
    ).imports()
    assert said == [
        "people.csv, line 3: the same id_number as line 2",
        "people.csv, line 4: the same personal_number as line 2",
    ]
    assert rows_of(context, Person) == 1


def test_nothing_is_half_imported_when_the_writing_breaks_off(known, context, monkeypatch):
    monkeypatch.setattr(csv_import, "_BATCH", 2)
    known.writes("units.csv", *(f"7{serial},某" for serial in range(9)))
    written = []

    def breaks(session, *arguments):
        written.append(1)
        if len(written) == 3:
            raise OSError("the disk is gone")
        return original(session, *arguments)

    original = csv_import.rows.write
    monkeypatch.setattr(csv_import.rows, "write", breaks)
    with pytest.raises(OSError, match="the disk is gone"):
        known.imports()
    assert rows_of(context, Unit) == 1


def test_a_long_file_takes_no_more_memory_than_a_short_one(bureau, context, monkeypatch):
    """So a million rows go in as forty thousand do: rows wait in a file, keys in another."""
    monkeypatch.setattr(scratch, "_IN_MEMORY_BYTES", 100_000)
    bureau.writes("units.csv", *(f"{serial},单位{serial}" for serial in range(40_000)))
    tracemalloc.start()
    try:
        assert bureau.imports() == []
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert rows_of(context, Unit) == 40_000
    assert peak < 14_000_000


def test_progress_of_a_file_begins_with_its_length_twice_and_comes_to_its_end(known, context):
    """Once for reading, once for writing."""
    seen: dict[str, list[int]] = {}

    @contextmanager
    def progress(name: str, length: int):
        seen[name] = [length]
        yield seen[name].append

    known.writes("units.csv", "6008,好", "6009,好").writes("contributions.csv", PAID)
    csv_import.import_folder(context, CLERK, known.folder, print, progress=progress)
    assert set(seen) == {"units.csv", "contributions.csv"}
    for name, (length, *steps) in seen.items():
        size = (known.folder / name).stat().st_size
        assert (length, sum(steps), len(steps)) == (2 * size, 2 * size, 2)


def test_a_misspelt_file_is_named(bureau):
    bureau.writes_bytes("peoples.csv", b"").writes_bytes("notes.txt", b"")
    assert csv_import.unknown_files(bureau.folder) == ["peoples.csv"]
