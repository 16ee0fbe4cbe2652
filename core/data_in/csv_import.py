"""Real data in, as CSV (R50): one folder, a file a table, brought up to date by importing again.

cells.py       what one cell may hold
files.py       the files: their columns, keys, and what their rows lean on
source.py      a file, row by row: encoding, header, quotes
scratch.py     what is remembered of a file until it is written
references.py  people, units and personal numbers that a row leans on
cards.py       why a known card keeps its state and its PIN
rows.py        rows into a table

A file is read and checked first, then written in one transaction, so that callers wait for the writing alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.record import record
from core.context import CoreContext
from core.data_in import cards, rows
from core.data_in.cells import BadCell
from core.data_in.files import FILES, CsvFile
from core.data_in.references import Reject
from core.data_in.scratch import Row, SeenKeys, Spool
from core.data_in.source import FileRefused, Source
from core.permissions import require
from core.records.database import no_time_limit
from core.records.schema import Card
from core.values import OtherOperation, Outcome

_BATCH = 2_000


class Fate(Enum):
    """What became of a file."""

    IMPORTED = "imported"
    NOT_THERE = "not there"
    REFUSED = "nothing imported"


@dataclass(frozen=True)
class Problem:
    """A bad row, or a whole file that was refused (line None). The reason repeats nothing that stood there."""

    file: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{place}: {self.reason}"


@dataclass(frozen=True)
class FileResult:
    """One file's fate: how many rows went in, how many were bad."""

    name: str
    fate: Fate
    rows: int = 0
    bad: int = 0


Report = Callable[[Problem], None]
Progress = Callable[[str, int], AbstractContextManager[Callable[[int], object]]]
"""progress(file, length) is open while the file is imported; what it gives is called with each step."""


def import_folder(
    context: CoreContext,
    actor: Actor,
    folder: Path,
    report: Report,
    *,
    strict: bool = False,
    progress: Progress = lambda _name, _length: nullcontext(lambda _step: None),
) -> list[FileResult]:
    """Import every file of R50 that is in the folder, in the order in which they lean on each other.

    A bad row goes to `report` and stops nothing else, unless `strict`: then its file is not imported at all.
    Each file leaves one audit row, imported or refused (R8). Raises NotYourRole.
    """
    require(actor, OtherOperation.IMPORT)
    return [_import_file(context, actor, folder / spec.name, spec, report, strict, progress) for spec in FILES]


def unknown_files(folder: Path) -> list[str]:
    """CSV files in the folder that no table waits for: perhaps a misspelt name."""
    known = {spec.name for spec in FILES}
    return sorted(path.name for path in folder.glob("*.csv") if path.name not in known)


def _import_file(
    context: CoreContext, actor: Actor, path: Path, spec: CsvFile, report: Report, strict: bool, progress: Progress
) -> FileResult:
    if not path.is_file():
        return FileResult(spec.name, Fate.NOT_THERE)
    bad_lines: set[int] = set()

    def reject(line: int, reason: str) -> None:
        bad_lines.add(line)
        report(Problem(spec.name, line, reason))

    source = Source(path, spec.columns)
    try:
        with Spool() as spool, progress(spec.name, 2 * source.size) as advance:
            read = _read(context, spec, source, spool, reject, advance)
            if strict and bad_lines:
                raise FileRefused(f"{len(bad_lines)} bad rows, and --strict.")
            with context.transaction() as session:
                _write(session, context, actor, spec, spool, reject, lambda part: advance(int(part * source.size)))
                if strict and bad_lines:
                    raise FileRefused(f"{len(bad_lines)} bad rows, and --strict.")
                counts = {"file": spec.name, "rows": read - len(bad_lines), "bad": len(bad_lines)}
                record(session, actor, OtherOperation.IMPORT, None, Outcome.FILE_IMPORTED, context.now(), **counts)
    except (FileRefused, IntegrityError) as error:
        sentence = str(error) if isinstance(error, FileRefused) else "somebody else changed the same rows meanwhile."
        report(Problem(spec.name, None, f"nothing of this file was imported: {sentence}"))
        with context.transaction() as session:
            counts = {"file": spec.name, "bad": len(bad_lines)}
            record(session, actor, OtherOperation.IMPORT, None, Outcome.FILE_REFUSED, context.now(), **counts)
        return FileResult(spec.name, Fate.REFUSED, 0, len(bad_lines))
    return FileResult(spec.name, Fate.IMPORTED, read - len(bad_lines), len(bad_lines))


def _read(
    context: CoreContext, spec: CsvFile, source: Source, spool: Spool, reject: Reject, advance: Callable[[int], object]
) -> int:
    """Read and check the whole file into the spool, and return how many rows it has."""
    read, position = 0, 0
    lines = source.rows()
    with SeenKeys() as seen:
        while chunk := list(islice(lines, _BATCH)):
            read += len(chunk)
            batch = list(_good_rows(spec, chunk, seen, reject))
            for check in spec.checks:
                batch = check(context, batch, reject)
            spool.add(batch)
            advance(source.position - position)
            position = source.position
    return read


def _good_rows(spec: CsvFile, chunk: list[tuple[int, list[str]]], seen: SeenKeys, reject: Reject) -> Iterator[Row]:
    readers = tuple(spec.columns.items())
    for line, row in chunk:
        if len(row) != len(readers):
            reject(line, f"{len(row)} cells where the header has {len(readers)}")
            continue
        values = {}
        try:
            for (column, read), cell in zip(readers, row, strict=True):
                values[column] = read(cell)
            values |= {column: derive(values) for column, derive in spec.derived.items()}
        except BadCell as bad:
            reject(line, f"{column} {bad}")
            continue
        twin = _same_key_before(spec, values, line, seen)
        if twin:
            reject(line, twin)
        else:
            yield line, values


def _same_key_before(spec: CsvFile, values: dict[str, object], line: int, seen: SeenKeys) -> str:
    """Which earlier row has the same key, in words; "" if none has."""
    for columns in (spec.key, *((column,) for column in spec.unique)):
        key = "\x1f".join((columns[0], *(str(values[column]) for column in columns)))
        first = seen.first_line(key, line)
        if first != line:
            return f"the same {', '.join(columns)} as line {first}"
    return ""


def _write(
    session: Session,
    context: CoreContext,
    actor: Actor,
    spec: CsvFile,
    spool: Spool,
    reject: Reject,
    advance: Callable[[float], object],
) -> None:
    no_time_limit(session)
    if spec.table is Card:
        cards.write(session, spool, actor, context.now(), reject)
        return
    for batch in spool.batches():
        if batch:
            rows.write(session, spec.table, spec.table_key, batch)
            advance(len(batch) / spool.rows)
