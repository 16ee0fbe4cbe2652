"""A CSV file, row by row, in bounded memory."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_LONGEST_LINE = 65_536


class FileRefused(Exception):
    """Nothing of this file can be imported; the message is a sentence for the operator."""


class Source:
    """The rows of one file below its header. `position` is how many bytes were read so far."""

    def __init__(self, path: Path, columns: Iterable[str]):
        self.path = path
        self.size = path.stat().st_size
        self.position = 0
        self._columns = tuple(columns)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line number and cells, in the order of `columns` whatever their order in the file.
        A row with too few or too many cells comes as it is; an empty one does not come. Raises FileRefused."""
        reader = csv.reader(self._lines(), strict=True)
        try:
            order = self._order(next(reader, None))
            for cells in reader:
                if not "".join(cells).strip():
                    continue
                whole = len(cells) == len(order)
                yield reader.line_num, [cells[place] for place in order] if whole else cells
        except csv.Error as error:
            raise FileRefused(
                f"line {reader.line_num}: the quotes or line ends don't fit together, so where rows begin is unknown."
            ) from error

    def _lines(self) -> Iterator[str]:
        with self.path.open("rb") as file:
            while line := file.readline(_LONGEST_LINE + 1):
                # A byte-order mark may stand before the first line.
                encoding = "utf-8" if self.position else "utf-8-sig"
                self.position += len(line)
                try:
                    yield line.decode(encoding)
                except UnicodeDecodeError as error:
                    raise FileRefused("it is not UTF-8 (GBK perhaps): save it as UTF-8 and import again.") from error
                if len(line) > _LONGEST_LINE:
                    raise FileRefused(f"it has a line of more than {_LONGEST_LINE} bytes.")

    def _order(self, header: list[str] | None) -> list[int]:
        """Where in a row of the file each column stands."""
        if header is None:
            raise FileRefused("it is empty, without even a header.")
        names = [name.strip() for name in header]
        missing = [column for column in self._columns if column not in names]
        unknown = [name for name in names if name not in self._columns]
        if not set(names) & set(self._columns):
            raise FileRefused(f"its first line is not the header {','.join(self._columns)}.")
        if missing:
            raise FileRefused(f"missing columns: {', '.join(missing)}.")
        if unknown:
            raise FileRefused(f"unknown columns: {', '.join(map(_name, unknown))}.")
        if len(names) != len(self._columns):
            raise FileRefused("a column stands there twice.")
        return [names.index(column) for column in self._columns]


def _name(text: str) -> str:
    """A column's name as it may be shown: what looks like data instead is not repeated (R6)."""
    return text if re.fullmatch(r"[A-Za-z_ ]{1,40}", text) else "(no name)"
