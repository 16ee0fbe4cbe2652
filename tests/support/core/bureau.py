"""A bureau that hands in CSV files, as the tests of the import and of the shell know it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from stdnum.cn import ric

from core.actor import Actor
from core.context import CoreContext
from core.data_in.csv_import import FileResult, Problem, import_folder
from core.data_in.files import FILES
from core.numbers import card_check_character

HEADERS = {spec.name: ",".join(spec.columns) for spec in FILES}
CLERK = Actor.shell("test")


def id_number(serial: int) -> str:
    """A number that nobody has: order code 999."""
    head = f"{500101 + serial % 38}{1950 + serial % 50}0{serial % 9 + 1}15999"
    return head + ric.calc_check_digit(head + "0")


def card_number(serial: int, first: str = "A") -> str:
    body = f"{first}{serial:07d}"
    return body + card_check_character(body)


ANNA, BERT = id_number(1), id_number(2)
ANNAS_CARD, BERTS_CARD, OTHER_CARD = card_number(1), card_number(2), card_number(3)


@dataclass
class Bureau:
    """Writes files, imports them, and keeps what was said."""

    context: CoreContext
    folder: Path
    said: list[str] = field(default_factory=list)
    results: dict[str, FileResult] = field(default_factory=dict)

    def writes(self, name: str, *rows: str, header: str | None = None) -> Bureau:
        lines = [HEADERS[name] if header is None else header, *rows]
        return self.writes_bytes(name, "".join(line + "\n" for line in lines).encode())

    def writes_bytes(self, name: str, content: bytes) -> Bureau:
        (self.folder / name).write_bytes(content)
        return self

    def imports(self, strict: bool = False) -> list[str]:
        """What was reported, in order."""
        problems: list[Problem] = []
        results = import_folder(self.context, CLERK, self.folder, problems.append, strict=strict)
        self.results = {result.name: result for result in results}
        self.said = [str(problem) for problem in problems]
        return self.said

    def knows_anna_and_bert(self) -> Bureau:
        self.writes("units.csv", "6001,重庆测试有限公司")
        self.writes(
            "people.csv",
            f"{ANNA},31,安娜,渝中区,6001,employed,",
            f"{BERT},32,贝特,渝北区,,unemployed,023-00000002",
        )
        self.writes("cards.csv", f"{ANNAS_CARD},{ANNA},2015-01-01,active,", f"{BERTS_CARD},{BERT},2016-02-29,active,")
        assert self.imports() == []
        for name in ("units.csv", "people.csv", "cards.csv"):
            (self.folder / name).unlink()
        return self
