"""Which tests stand beside a module: what `make mutants` runs after it has put a fault in."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

# A module that more tests than this name is everybody's, and only its own tests are asked, if it has some.
_NAMED_BY_AT_MOST = 6

# By the module's own name, so that it may move: the tests that look at it, where their names don't say so.
ALSO = {
    "agi": ["test_server"],
    "actor": ["test_identification", "test_permissions"],
    "asterisk": ["test_server"],
    "attempts": ["test_identification", "test_staff"],
    "reading": ["test_cli"],
    "cards": ["test_csv_import_cards", "test_replacement"],
    "catalogue": ["test_by_number", "test_menus", "test_explorer"],
    "check": ["test_server"],
    "core": ["test_cli"],
    "common": ["test_cli"],
    "service": [
        "test_account",
        "test_identification",
        "test_insurance",
        "test_person_data",
        "test_audit",
        "test_pin_change",
        "test_pin_change_signed_in",
        "test_catalogue",
        "test_permissions",
    ],
    "env": ["test_migrations"],
    "asterisk_simulator": ["test_phone", "test_asterisk"],
    "hotline": ["test_server", "test_call"],
    "identification": ["test_personal_account", "test_loss_report", "test_pins", "test_pin_change"],
    "keys": ["test_settings", "test_staff", "test_pins"],
    "line": ["test_call"],
    "menu": ["test_menus", "test_personal_account", "test_loss_report"],
    "vault": ["test_pins", "test_settings"],
    "chain": ["test_audit", "test_cli"],
    "record": ["test_audit"],
    "reports": ["test_person_data", "test_loss"],
    "pins": ["test_pin_change", "test_settings"],
    "process": ["test_server"],
    "refusals": ["test_pin_change", "test_personal_account", "test_explorer"],
    "schema": ["test_audit", "test_migrations", "test_loss"],
    "server": ["test_call"],
    "unit_medical": ["test_by_number"],
    "work_death": ["test_by_number"],
    "work_injury": ["test_by_number"],
    "workers": ["test_call", "test_server"],
}


def files_beside(tree: Path, module: Path) -> list[str]:
    """The files of tests, those that bear the module's name first, then those that bear its folder's; none, if nobody
    looks at it. Paths begin at the top of the tree."""
    name = module.parent.name if module.stem in ("__init__", "__main__") else module.stem
    there = sorted((tree / "tests" / module.parts[0]).rglob("test_*.py"))
    own = [test for test in there if _bears(test, name)]
    own += [test for test in there if _bears(test, module.parent.name) and test not in own]
    own += [test for test in there if test.stem in ALSO.get(name, []) and test not in own]
    named = [test for test in there if _dotted(module) in _imports(test) and test not in own]
    asked = own + named if not own or len(named) <= _NAMED_BY_AT_MOST else own
    return [str(test.relative_to(tree)) for test in asked]


def _bears(test: Path, name: str) -> bool:
    return f"{test.stem}_".startswith(f"test_{name}_")


def _dotted(module: Path) -> str:
    return ".".join(module.with_suffix("").parts).removesuffix(".__init__")


@cache
def _imports(test: Path) -> set[str]:
    """The modules that a test names."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(test.read_bytes())):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return named
