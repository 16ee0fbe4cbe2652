"""What tests share lives in tests/support: nothing is imported from a test module or from a conftest."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
MODULES = sorted(TESTS.rglob("*.py"))


def imported(source: str) -> Iterator[str]:
    """The modules that a module names, and what it takes from each, which may be a module too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield f"{'.' * node.level}{node.module or ''}.{alias.name}"


def foreign(source: str) -> list[str]:
    """Of these, what belongs to a test module or to a conftest."""
    return [
        name
        for name in imported(source)
        if any(part == "conftest" or part.startswith("test_") for part in name.split("."))
    ]


@pytest.mark.parametrize(
    "line",
    [
        "import tests.conftest",
        "from tests import conftest",
        "from tests.core.conftest import settings",
        "from . import test_loss",
        "from .test_loss import reports",
        "def later():\n    from tests.web.test_loss import reports",
    ],
)
def test_an_import_of_a_test_or_of_a_conftest_is_seen(line: str):
    assert len(foreign(line)) == 1


def test_no_module_takes_anything_from_a_test_or_from_a_conftest():
    found = {str(path.relative_to(TESTS)): foreign(path.read_text(encoding="utf-8")) for path in MODULES}
    assert {path for path in found if path.startswith("support/")}, "nothing was looked at"
    assert {path: names for path, names in found.items() if names} == {}
