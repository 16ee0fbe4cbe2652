"""python -m core: data in, the audit and office work from the shell."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import event, text

from core import demo as demo_people
from core import jobs
from core.__main__ import main
from core.actor import Actor
from core.audit import chain
from core.audit.chain import check, seal_audit
from core.context import CoreContext
from core.errors import IdentificationFailed, PinLocked
from core.records import database
from core.service import Service
from core.settings import Settings
from core.values import Door, Operation
from tests.support.core.bureau import ANNA, ANNAS_CARD, HEADERS

FIRST = "500103198502109970"
LOCKED, LOCKED_PIN = "500101197902109999", "650392"
WHOLE_ID_NUMBER = re.compile(r"\b\d{17}[0-9X]\b")


@pytest.fixture
def shell(settings: Settings):
    """shell("audit", "check") runs a command on the test's database."""

    def run(*arguments: str, keys: str | None = None, **changes: str) -> Result:
        environment = {
            "HOTLINE_STATE_DIR": str(settings.state_dir),
            "HOTLINE_DATABASE_URL": settings.database_url,
            "HOTLINE_SECRET": settings.secret,
            "HOTLINE_HASH_MEMORY_KIB": "8",
            "HOTLINE_HASH_TIME_COST": "1",
            **changes,
        }
        result = CliRunner().invoke(main, list(arguments), env=environment, input=keys)
        assert not WHOLE_ID_NUMBER.search(result.output), "R6"
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


@pytest.fixture
def town(shell, context: CoreContext) -> CoreContext:
    assert shell("demo").exit_code == 0
    return context


@pytest.fixture
def phone(town: CoreContext) -> Service:
    return Service(town, Actor.phone("02300000001", "call-1"))


@pytest.fixture
def clock():
    """The shell has no other clock than the wall's."""
    return lambda: datetime.now(UTC)


@pytest.fixture
def long_ago(town: CoreContext) -> Service:
    """A phone in March."""
    return Service(replace(town, now=lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC)), Actor.phone(None, "call-0"))


COMMANDS = [
    (),
    ("import",),
    ("demo",),
    ("migrate",),
    ("doors",),
    ("audit",),
    ("audit", "check"),
    ("audit", "seal"),
    ("jobs",),
    ("pin",),
    ("pin", "unlock"),
    ("loss",),
    ("loss", "list"),
    ("loss", "lapse"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command):
    result = CliRunner().invoke(main, [*command, "--help"])
    assert result.exit_code == 0 and "Usage:" in result.output and len(result.output.splitlines()) > 4


def test_it_runs_as_a_module(settings, context):
    ran = subprocess.run(
        [sys.executable, "-m", "core", "doors"], capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert ran.returncode == 0 and ran.stderr == ""
    assert "| report a loss | ● | ● | – (the card is in the reader) | – | ● written | ● written |" in ran.stdout


def test_doors_names_every_operation_and_door(shell):
    output = shell("doors").output
    assert all(operation.value in output for operation in Operation)
    assert all(door.value in output for door in Door)


def test_import_says_what_went_in_what_was_bad_and_what_was_not_there(shell, bureau):
    bureau.writes("units.csv", "6001,某单位").writes("people.csv", f"{ANNA},31,安娜,渝中区,6001,king,")
    bureau.writes_bytes("drug.csv", b"")
    result = shell("import", str(bureau.folder))
    assert result.exit_code == 1
    assert "units.csv: 1 rows imported" in result.stdout
    assert "people.csv: 0 rows imported, 1 bad" in result.stdout
    assert "cards.csv: not there" in result.stdout
    assert "people.csv, line 2: employment must be one of" in result.stderr
    assert "drug.csv: no table has this name, left alone" in result.stderr
    bureau.writes("people.csv", f"{ANNA},31,安娜,渝中区,6001,employed,")
    assert shell("import", str(bureau.folder)).exit_code == 0


def test_import_strict_leaves_a_file_with_a_bad_row_out(shell, bureau):
    bureau.writes("units.csv", "6001,某单位", "x,某单位")
    result = shell("import", "--strict", str(bureau.folder))
    assert result.exit_code == 1
    assert "units.csv: nothing imported" in result.stdout
    assert "units.csv, line 3: unit_number has characters" in result.stderr


def test_import_of_gbk_is_told_in_a_sentence(shell, bureau):
    bureau.writes_bytes("units.csv", HEADERS["units.csv"].encode() + "\n6001,重庆\n".encode("gbk"))
    result = shell("import", str(bureau.folder))
    assert result.exit_code == 1
    assert "units.csv: nothing of this file was imported: it is not UTF-8" in result.stderr


def test_import_needs_a_folder_with_files_in_it(shell, tmp_path):
    assert shell("import", str(tmp_path / "nowhere")).exit_code == 2
    (tmp_path / "bare").mkdir()
    result = shell("import", str(tmp_path / "bare"))
    assert result.exit_code == 1 and "None of the files is there" in result.stderr


def test_demo_refuses_where_people_are_and_again_and_if_wanted_say_otherwise(shell, town):
    refused = shell("demo")
    assert refused.exit_code == 1 and "--again" in refused.stderr
    assert shell("demo", "--if-wanted").exit_code == 0
    assert shell("demo", "--again").exit_code == 0


def test_demo_if_wanted_leaves_an_empty_database_empty_where_the_setting_says_no(shell, context):
    result = shell("demo", "--if-wanted", HOTLINE_DEMO="no")
    assert result.exit_code == 0 and demo_people.is_empty(context)


def test_demo_if_wanted_fills_an_empty_database(shell, context):
    result = shell("demo", "--if-wanted")
    assert result.exit_code == 0 and "people.csv: 21 rows imported" in result.output
    assert not demo_people.is_empty(context)


def test_migrate_makes_a_database(shell, tmp_path):
    url = f"sqlite:///{tmp_path / 'made' / 'new.db'}"
    assert shell("migrate", HOTLINE_DATABASE_URL=url).exit_code == 0
    assert (tmp_path / "made" / "new.db").stat().st_size > 0


def head_of(result: Result) -> str:
    return re.search("head: ([0-9a-f]{64})", result.output)[1]


def test_r8_audit_check_seals_first_and_finds_a_noted_head_again(shell, town, phone):
    first = shell("audit", "check")
    assert first.exit_code == 0 and "The chain is whole." in first.output
    phone.identify(FIRST, "739164")
    later = shell("audit", "check", "--expect", head_of(first))
    assert later.exit_code == 0 and head_of(later) != head_of(first)
    assert shell("audit", "seal").output == "0 rows sealed.\n"


def test_r8_what_the_shell_does_is_sealed_at_once(shell, town, phone):
    """With neither hotline nor site running, a row would wait for its seal until it looks slipped in."""
    assert seal_audit(town) == 0


def test_r8_audit_seal_finds_a_row_that_was_overtaken(shell, town, phone, monkeypatch):
    phone.identify(FIRST, "739164")
    with monkeypatch.context() as years_later:
        years_later.setattr(chain, "_OVERTAKEN_BY", -1_000_000)
        assert seal_audit(town) == 0
        assert shell("audit", "seal").output == "1 rows sealed.\n"


def test_checking_the_audit_keeps_no_caller_waiting(town, phone):
    shells_own = database.open_database(town.settings)
    with database.snapshot(shells_own) as session:
        check(session, town.keys.audit)
        phone.identify(FIRST, "739164")
    shells_own.dispose()


def tamper(context: CoreContext, *statements: str) -> None:
    """As somebody with the database in their hands might, triggers and all."""
    sqlite = context.engine.dialect.name == "sqlite"
    with context.engine.begin() as connection:
        for table in ("audit_events", "audit_seals"):
            for verb in ("update", "delete"):
                if sqlite:
                    connection.execute(text(f"DROP TRIGGER {table}_no_{verb}"))
            if not sqlite:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            connection.execute(text(statement))


def test_r8_audit_check_names_a_row_that_was_changed(shell, town):
    shell("audit", "seal")
    tamper(town, "UPDATE audit_events SET outcome = 'nothing' WHERE id = 3")
    result = shell("audit", "check")
    assert result.exit_code == 1 and "event 3 or its link was changed" in result.stderr


def test_r8_audit_check_finds_an_end_that_was_cut_off_by_the_noted_head(shell, town):
    noted = head_of(shell("audit", "check"))
    tamper(
        town,
        "DELETE FROM audit_seals WHERE position > 5",
        "DELETE FROM audit_events WHERE id > 5",
    )
    assert shell("audit", "check").exit_code == 0, "without the noted head nobody can know"
    result = shell("audit", "check", "--expect", noted)
    assert result.exit_code == 1 and "The expected head is not in the chain" in result.stderr


def test_pin_unlock_clears_the_count_and_nothing_else(shell, phone, town):
    with pytest.raises(PinLocked):
        phone.identify(LOCKED, LOCKED_PIN)
    result = shell("pin", "unlock", keys=f"{LOCKED}\n")
    assert result.exit_code == 0
    assert "500***********9999: 6 wrong PINs in a row were cleared." in result.output
    person = phone.identify(LOCKED, LOCKED_PIN)
    with town.transaction() as session:
        row = session.execute(
            text("SELECT channel, who, office, outcome FROM audit_events WHERE operation = 'unlock the PIN'")
        ).one()
    assert row.channel == "counter" and row.who.startswith("shell:") and row.outcome == "done"
    assert not person.pin_is_default


def test_pin_unlock_of_nobody_and_of_a_wrong_number(shell, town):
    assert "not a valid ID number" in shell("pin", "unlock", keys="12345\n").stderr
    result = shell("pin", "unlock", keys=f"{ANNA}\n")
    assert result.exit_code == 1 and "holds a card in use" in result.stderr


def test_pin_unlock_lets_a_wrong_pin_stay_wrong(shell, phone):
    shell("pin", "unlock", keys=f"{LOCKED}\n")
    with pytest.raises(IdentificationFailed):
        phone.identify(LOCKED, "111222")


def test_r31_loss_list_shows_what_waits_oldest_first_and_masked(shell, long_ago):
    report = long_ago.report_loss(long_ago.identify(FIRST, "739164"))
    output = shell("loss", "list").output
    assert f"{report.reference}  2026-03-02 17:00  phone    card *****9365  ID 500***********9970" in output
    assert output.splitlines()[0].startswith(report.reference), "the one that came in with the demo is newer"
    assert "2 waiting." in output and "A20479365" not in output


def test_r31_loss_lapse_needs_a_term(shell, long_ago):
    long_ago.report_loss(long_ago.identify(FIRST, "739164"))
    assert "no term" in shell("loss", "lapse").output
    assert shell("loss", "lapse", HOTLINE_LOSS_REPORT_TERM_DAYS="1").output == "1 reports lapsed.\n"
    assert shell("loss", "lapse", HOTLINE_LOSS_REPORT_TERM_DAYS="1").output == "0 reports lapsed.\n"


def test_jobs_tells_when_each_ran_last_how_long_that_took_and_its_last_fault(shell, context):
    before = shell("jobs")
    assert before.exit_code == 0
    assert "seal-audit             every   5 s  never\n" in before.output
    assert before.output.count("never") == len(jobs.JOBS) == len(before.output.splitlines())
    in_march = replace(context, now=lambda: datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC))
    with context.engine.begin() as connection:
        connection.execute(text("ALTER TABLE form_answers RENAME TO elsewhere"))
    jobs.run_due(in_march)
    after = shell("jobs")
    assert after.exit_code == 0
    assert re.search(
        r"^forget-visits          every 600 s  2026-03-02 17:00:05  took \d+ ms$", after.output, re.MULTILINE
    )
    (fault,) = re.findall(r"^ +last fault 2026-03-02 17:00:05: (.*)$", after.output, re.MULTILINE)
    assert re.fullmatch(r"sqlalchemy\.exc\.\w+ at core/jobs\.py:\d+ .*core/forms\.py:\d+", fault)
    assert "never" not in after.output


def test_jobs_tells_of_a_run_that_has_not_ended(shell, context):
    asked = []
    job = jobs.Job("seal-audit", lambda _: asked.append(shell("jobs").output), timedelta(seconds=5))
    jobs.run_due(context, [job])
    assert re.search(r"^seal-audit .* not ended$", asked[0], re.MULTILINE)


def test_a_bad_setting_is_one_sentence(shell):
    result = shell("migrate", HOTLINE_AGI_PORT="many")
    assert result.exit_code == 1 and result.stderr.startswith("Error: HOTLINE_AGI_PORT can't be 'many'")


def test_another_secret_is_one_sentence(shell, town):
    result = shell("audit", "check", HOTLINE_SECRET="another secret, also thirty-two letters long")
    assert result.exit_code == 1 and "is not the one that this database's PINs were made with" in result.stderr


def test_a_server_that_is_gone_is_one_sentence(shell):
    result = shell("audit", "check", HOTLINE_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: The database is not reachable: is it running, and is HOTLINE_DATABASE_URL right?\n"
    )


@pytest.fixture
def file_shell(tmp_path, empty_sqlite):
    """As `shell`, on a SQLite file of its own: (run, path of the file)."""
    path = tmp_path / "own" / "hotline.db"
    path.parent.mkdir()
    path.write_bytes(empty_sqlite.read_bytes())

    def run(*arguments: str) -> Result:
        environment = {
            "HOTLINE_STATE_DIR": str(path.parent),
            "HOTLINE_DATABASE_URL": f"sqlite:///{path}",
            "HOTLINE_SECRET": "a secret for tests only, thirty-two long",
            "HOTLINE_HASH_MEMORY_KIB": "8",
            "HOTLINE_HASH_TIME_COST": "1",
        }
        return CliRunner().invoke(main, list(arguments), env=environment)

    return run, path


def test_a_locked_database_is_one_sentence(file_shell, monkeypatch):
    monkeypatch.setattr(database, "STARTS_WAIT_SECONDS", 0.1)
    run, path = file_shell
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    result = run("demo")
    other.close()
    assert result.exit_code == 1 and result.stderr.startswith("Error: The database is locked: ")


def test_a_full_disk_is_one_sentence_and_loses_nothing(file_shell, monkeypatch):
    run, path = file_shell
    pages = sqlite3.connect(path).execute("PRAGMA page_count").fetchone()[0]
    original = database.open_database

    def on_a_small_disk(settings, **options):
        engine = original(settings, **options)
        event.listen(engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count={pages + 8}"))
        return engine

    monkeypatch.setattr(database, "open_database", on_a_small_disk)
    result = run("demo")
    assert result.exit_code == 1 and result.stderr.startswith("Error: The disk of the database is full")
    monkeypatch.undo()
    assert run("demo", "--if-wanted").exit_code == 0
    check = run("audit", "check")
    assert check.exit_code == 0 and "The chain is whole." in check.output


def test_a_file_that_is_no_database_is_one_sentence(file_shell):
    run, path = file_shell
    path.write_bytes(b"a letter to the office\n" * 400)
    result = run("audit", "check")
    assert result.exit_code == 1
    assert result.stderr == "Error: The file that HOTLINE_DATABASE_URL names is not a database.\n"


def test_a_read_only_database_is_one_sentence(file_shell, monkeypatch):
    run, _path = file_shell
    original = database.open_database

    def may_not_write(settings, **options):
        engine = original(settings, **options)
        # Whoever runs the tests may be root, for whom no file is read-only.
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA query_only=ON"))
        return engine

    monkeypatch.setattr(database, "open_database", may_not_write)
    result = run("demo")
    assert result.exit_code == 1 and result.stderr.startswith("Error: The database is read-only")


def test_whatever_else_the_database_says_is_one_sentence(file_shell):
    run, path = file_shell
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE loss_reports")
    result = run("loss", "list")
    assert (result.exit_code, result.stderr) == (1, "Error: The database refused: no such table: loss_reports.\n")


def test_a_state_folder_that_can_not_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    result = CliRunner().invoke(main, ["migrate"], env={"HOTLINE_STATE_DIR": str(tmp_path / "file" / "state")})
    assert result.exit_code == 1 and result.stderr.startswith("Error: Not a directory")


def test_the_card_number_is_in_no_output(shell, bureau):
    row = f"{ANNAS_CARD},{ANNA},2015-01-01,active,583921"
    result = shell("import", str(bureau.writes("cards.csv", row, row).folder))
    assert result.exit_code == 1
    assert not any(secret in result.output for secret in (ANNA, ANNAS_CARD, "583921"))
