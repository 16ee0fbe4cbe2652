"""What an import remembers of a file beside the database, in bounded memory: rows that wait, and keys seen.

Both spill into unnamed temporary files that are gone with the process.
"""

from __future__ import annotations

import pickle
import sqlite3
import tempfile
from collections.abc import Iterator
from types import TracebackType

Row = tuple[int, dict[str, object]]
"""The line it stands on, and its values by column of the table."""

_IN_MEMORY_BYTES = 16 * 1024 * 1024


class Spool:
    """Rows that were read and checked, until all are, so that the database is held only while they are written."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115
        self.rows = 0

    def add(self, rows: list[Row]) -> None:
        pickle.dump(rows, self._file, pickle.HIGHEST_PROTOCOL)
        self.rows += len(rows)

    def batches(self) -> Iterator[list[Row]]:
        """What was added, in the same batches; as often as you like."""
        self._file.seek(0)
        while True:
            try:
                yield pickle.load(self._file)
            except EOFError:
                return

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


class SeenKeys:
    """The keys of one file and the line where each stood first."""

    def __init__(self) -> None:
        self._keys = sqlite3.connect("", isolation_level=None)
        self._keys.execute("PRAGMA journal_mode=OFF")
        self._keys.execute("PRAGMA synchronous=OFF")
        self._keys.execute("PRAGMA cache_size=-65536")
        self._keys.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        self._keys.execute("BEGIN")

    def first_line(self, key: str, line: int) -> int:
        """The line of the first row with this key: `line` itself when there was none before."""
        if self._keys.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, line)).rowcount:
            return line
        first: int = self._keys.execute("SELECT line FROM seen WHERE key = ?", (key,)).fetchone()[0]
        return first

    def __enter__(self) -> SeenKeys:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._keys.close()
