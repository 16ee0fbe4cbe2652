"""Whatever the core leaves on record has Chinese words (R8, R47): its code is asked, so that nothing is forgotten."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from types import ModuleType

import pytest

import core
from core import errors
from core.schema import AuditEvent
from core.values import Operation
from web import audit_labels

HOME = Path(core.__file__).parent
# Where the operation and its outcome stand among what is given to them. An outcome that is not given is "done".
PLACES = {"audit.record": (2, 4), "audit.audited": (2, 5)}
# What the core fills in before it records; everything else is a number.
SAMPLES = {
    "login": "li.na",
    "spec.name": "cards.csv",
    "end.value": "replaced",
    "reason.value": "loss",
    "document.value": "passport",
}
# What an administrator looked for; and what comes from further away, which tests/web/test_history.py brings about.
HEARD_ELSEWHERE = {"query.told", "outcome", "str(refusal)", "str(failure)"}


@dataclass(frozen=True)
class Place:
    """A call in the core that leaves a row, and the function around it."""

    module: ModuleType
    around: ast.FunctionDef
    call: ast.Call

    def __str__(self) -> str:
        return f"{self.module.__name__}.{self.around.name}:{self.call.lineno}"

    def given(self, which: int) -> ast.expr | None:
        """The operation (0) or the outcome (1)."""
        at = PLACES[ast.unparse(self.call.func)][which]
        return self.call.args[at] if len(self.call.args) > at else None


def trees() -> Iterator[tuple[ModuleType, ast.Module]]:
    for path in sorted(HOME.rglob("*.py")):
        name = ".".join(("core", *path.relative_to(HOME).with_suffix("").parts)).removesuffix(".__init__")
        if "migrations" not in name and not name.endswith("__main__"):
            yield importlib.import_module(name), ast.parse(path.read_text(encoding="utf-8"))


TREES = list(trees())


def nodes(tree: ast.AST, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
    return (node for node in ast.walk(tree) if isinstance(node, kinds))


def places() -> Iterator[Place]:
    for module, tree in TREES:
        for around in nodes(tree, ast.FunctionDef):
            for call in nodes(around, ast.Call):
                if ast.unparse(call.func) in PLACES:
                    yield Place(module, around, call)


def known(module: ModuleType, expression: ast.expr) -> object | None:
    """What a name or a constant stands for in its module; None for what only a call knows."""
    try:
        return eval(ast.unparse(expression), vars(module))
    except (NameError, AttributeError):
        return None


def passed(function: ast.FunctionDef, parameter: str) -> Iterator[object]:
    """What the core's own calls of a function give it for a parameter."""
    names = [each.arg for each in function.args.args]
    for module, tree in TREES:
        for call in nodes(tree, ast.Call):
            owner, _, name = ast.unparse(call.func).rpartition(".")
            at = names.index(parameter) - (owner == "self")
            if name == function.name and len(call.args) > at:
                yield known(module, call.args[at])


def operations(place: Place) -> list[str]:
    """What a place calls its operation, one or several."""
    given = place.given(0)
    found = [known(place.module, given)]
    if found == [None] and isinstance(given, ast.Name):
        (kind,) = (each.annotation for each in place.around.args.args if each.arg == given.id)
        found = list(Operation if ast.unparse(kind) == "Operation" else passed(place.around, given.id))
    return [getattr(each, "value", each) for each in found if each is not None]


def outcomes(place: Place, expression: ast.expr | None) -> list[str]:
    """The words among which a place chooses."""
    match expression:
        case None:
            return ["done"]
        case ast.Constant(value=str(word)):
            return [word]
        case ast.JoinedStr(values=parts):
            return ["".join(choice) for choice in product(*(filled_in(place, part) for part in parts))]
        case ast.Tuple(elts=[*_, last]):  # person and outcome
            return outcomes(place, last)
        case ast.IfExp(body=body, orelse=otherwise):
            return outcomes(place, body) + outcomes(place, otherwise)
        case ast.Name(id="refusal") | ast.Call(func=ast.Name(id="str")):
            return refusals(place)
        case ast.Name(id=name):
            set_to = (each.value for each in nodes(place.around, ast.Assign) if name in ast.unparse(each.targets[0]))
            return [word for value in set_to for word in outcomes(place, value)]
    return []


def filled_in(place: Place, part: ast.expr) -> list[str]:
    if isinstance(part, ast.Constant):
        return [part.value]
    name = ast.unparse(part.value)
    return refusals(place) if name == "refusal" else [SAMPLES.get(name, "1234567890")]


def refusals(place: Place) -> list[str]:
    """What the refusals say that a place catches and records, as far as they are raised there."""
    caught = [
        tree
        for block in nodes(place.around, ast.Try, ast.With)
        if any(place.call in ast.walk(each) for each in getattr(block, "handlers", None) or getattr(block, "items", ()))
        for tree in block.body
    ]
    raised = (each.exc for tree in caught for each in nodes(tree, ast.Raise))
    return [word for error in raised if isinstance(error, ast.Call) for word in said(place, error)]


def said(place: Place, error: ast.Call) -> list[str]:
    """The words of a refusal: given to it, or its own."""
    if len(error.args) == 1 and (words := outcomes(place, error.args[0])):
        return words
    kind = known(place.module, error.func)
    if not isinstance(kind, type) or not issubclass(kind, errors.HotlineError):
        return []
    (tree,) = (tree for module, tree in TREES if module is errors)
    (defined,) = (each for each in nodes(tree, ast.ClassDef) if each.name == kind.__name__)
    own = (each.args[0] for each in nodes(defined, ast.Call) if ast.unparse(each.func) == "super().__init__")
    # Those that carry a card's state, a rule or a number are held against all of these in tests/web/test_history.py.
    return [word for text in own if not isinstance(text, ast.JoinedStr) for word in outcomes(place, text)]


def told(word: str) -> str:
    event = AuditEvent(channel="web", office="", source="web:1", operation=Operation.ENQUIRE_SELF.value, outcome=word)
    return audit_labels.line(event).outcome


every_place = pytest.mark.parametrize("place", list(places()), ids=str)


@every_place
def test_every_operation_on_record_has_words(place: Place):
    named = operations(place)
    # A task of the PIN pad knows its own operation.
    assert named or ast.unparse(place.given(0)) == "task.operation", "which operation is this?"
    for name in named:
        assert name in audit_labels.OPERATIONS, name


@every_place
def test_every_outcome_on_record_has_words(place: Place):
    given, watched = place.given(1), ast.unparse(place.call.func) == "audit.audited"
    recorded = outcomes(place, given) + (refusals(place) if watched else [])
    assert recorded or ast.unparse(given) in HEARD_ELSEWHERE, "what is recorded here?"
    for word in recorded:
        assert told(word) not in ("已记录", "没有成功：li.na"), word
