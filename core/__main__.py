"""python -m core: data in, the database, the audit, and office work from the shell."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import click

from core import demo as demo_people
from core.cli.audit import audit_group
from core.cli.cards import loss_group, pin_group
from core.cli.common import Sentences, shell_actor, the_context
from core.cli.jobs import jobs_command
from core.cli.staff import kiosk_group, offices_command, staff_group
from core.data_in.csv_import import Fate, FileResult, Problem, import_folder, unknown_files
from core.data_in.files import FILES
from core.permissions import table

# A bar for a file that is gone in a blink is noise.
_LONG_FILE_BYTES = 1_000_000


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The core of the hotline from the shell. The settings come from the environment (HOTLINE_…)."""


@main.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--strict", is_flag=True, help="Import nothing of a file that has a bad row.")
def import_(folder: Path, strict: bool) -> None:
    """Import the CSV files in FOLDER, or bring up to date what was imported before.

    Bad rows are named on standard error and leave exit code 1; the others go in. Each file is read and checked
    first, then written in one transaction. On SQLite callers wait while it is written, about a quarter of a
    minute for a million rows, so import large files at night; on PostgreSQL they don't wait.
    """
    present = [spec.name for spec in FILES if (folder / spec.name).is_file()]
    if not present:
        raise click.ClickException(f"None of the files is there: {', '.join(spec.name for spec in FILES)}.")
    for name in unknown_files(folder):
        click.echo(f"{name}: no table has this name, left alone", err=True)
    with the_context() as context:
        results = import_folder(context, shell_actor(), folder, _report, strict=strict, progress=_progress)
    _summary(results)


@main.command("demo")
@click.option("--again", is_flag=True, help="Also when people are in the database already.")
@click.option("--if-wanted", is_flag=True, help="Be content when people are there already, or HOTLINE_DEMO says no.")
def demo(again: bool, if_wanted: bool) -> None:
    """Put the invented people of core/demo/README.md into an empty database."""
    with the_context() as context:
        if if_wanted and not demo_people.are_wanted(context):
            return
        if not again and not demo_people.is_empty(context):
            raise click.ClickException("People are in this database already; --again adds the demo people to them.")
        results = demo_people.load(context, shell_actor(), _report, _progress)
    _summary(results)


@main.command("migrate")
def migrate() -> None:
    """Bring the database up to the newest schema."""
    with the_context():
        click.echo("The database is up to date.")


@main.command("doors")
def doors() -> None:
    """Print what each door may do (section 2 of the rules)."""
    heading, *rows = table()
    click.echo(f"| {' | '.join(heading)} |")
    click.echo("|---" * len(heading) + "|")
    for row in rows:
        click.echo(f"| {' | '.join(row)} |")


@main.command("demo-staff")
def demo_staff() -> None:
    """Show how the demo's clerks and its administrator sign in at /counter now, and the key of its kiosk."""
    with the_context() as context:
        shown = demo_people.staff_credentials(context)
    if not shown.staff:
        raise click.ClickException("The demo people are not in this database: python -m core demo")
    for each in shown.staff:
        click.echo(f"{each.login:12} password {each.password}  code {each.code}  {each.office}")
    click.echo(f"The codes hold for {shown.seconds_left} s. Key of the demo's kiosk: {shown.kiosk_key}")


main.add_command(audit_group)
main.add_command(pin_group)
main.add_command(loss_group)
main.add_command(staff_group)
main.add_command(kiosk_group)
main.add_command(offices_command)
main.add_command(jobs_command)


def _report(problem: Problem) -> None:
    click.echo(str(problem), err=True)


def _summary(results: list[FileResult]) -> None:
    for result in results:
        if result.fate is Fate.IMPORTED:
            click.echo(f"{result.name}: {result.rows} rows imported" + (f", {result.bad} bad" if result.bad else ""))
        else:
            click.echo(f"{result.name}: {result.fate.value}")
    if any(result.bad or result.fate is Fate.REFUSED for result in results):
        sys.exit(1)


def _progress(name: str, length: int) -> AbstractContextManager[Callable[[int], None]]:
    @contextmanager
    def bar() -> Iterator[Callable[[int], None]]:
        if length < _LONG_FILE_BYTES or not sys.stderr.isatty():
            yield lambda _step: None
        else:
            with click.progressbar(length=length, label=name, file=sys.stderr) as shown:
                yield shown.update

    return bar()


if __name__ == "__main__":
    main(prog_name="python -m core")
