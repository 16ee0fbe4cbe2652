"""Small faults that somebody might make in a line of code, one at a time: what `make mutants` puts in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_WORDS: dict[type[ast.AST], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.And: "and",
    ast.Or: "or",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.FloorDiv: "//",
}
_OPPOSITE = {"==": "!=", "<": ">=", ">": "<=", "is": "is not", "in": "not in", "and": "or", "+": "-", "*": "//"}
_OPPOSITE |= {opposite: word for word, opposite in _OPPOSITE.items()}
_NEIGHBOUR = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_LOGS = {"debug", "info", "warning", "error", "exception", "log"}

Change = tuple[str, ast.AST, str]  # the kind, what is changed, and what stands there instead


@dataclass(frozen=True)
class Fault:
    """One change of a module's source. `change` says it in words and `line` is the text of the line where it begins:
    both stay the same when lines move. `where` is a span of bytes."""

    line_number: int
    line: str
    change: str
    where: slice
    instead: str

    @property
    def kind(self) -> str:
        """comparison, boundary, boolean, arithmetic, constant, return, removed or dropped."""
        return self.change.partition(":")[0]

    def put_into(self, source: bytes) -> bytes:
        """The source with this fault."""
        return source[: self.where.start] + self.instead.encode() + source[self.where.stop :]


class Source:
    """A module's text, by the places of its nodes."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self.lines = source.splitlines(keepends=True)
        self._starts = [sum(map(len, self.lines[:number])) for number in range(len(self.lines))]

    def span(self, node: ast.AST) -> slice:
        start, end = self._starts[node.lineno - 1] + node.col_offset, self._starts[node.end_lineno - 1]
        return slice(start, end + node.end_col_offset)

    def text(self, node: ast.AST) -> str:
        return self._source[self.span(node)].decode()

    def with_operator(self, node: ast.AST, operands: list[ast.expr], old: str, new: str) -> str:
        """The same operation with another operator between its operands, brackets and all."""
        whole = self.span(node)
        spans = [self.span(operand) for operand in operands]
        changed = self._source[whole.start : spans[0].stop].decode()
        for before, after in pairwise(spans):
            changed += self._source[before.stop : after.start].decode().replace(old, new, 1)
            changed += self._source[after].decode()
        return changed + self._source[spans[-1].stop : whole.stop].decode()


def faults(module: bytes) -> list[Fault]:
    """Every fault that can be put into this module, in its order. Left alone is what no test should look at: types,
    docstrings, decorators, the words of logs and errors."""
    source = Source(module)
    found = []
    for kind, node, instead in _changes(ast.parse(module), source):
        said = f"{kind}: {_one_line(source.text(node))} → {_one_line(instead)}"
        line = source.lines[node.lineno - 1].decode().strip()
        found.append(Fault(node.lineno, line, said, source.span(node), instead))
    return sorted(found, key=lambda fault: (fault.where.start, fault.change))


def _one_line(code: str) -> str:
    return re.sub(r"\s+", " ", code)


def _changes(node: ast.AST, source: Source) -> Iterator[Change]:
    yield from _of_node(node, source)
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_left_alone(node, child):
                yield from _changes(child, source)


def _is_left_alone(parent: ast.AST, node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.JoinedStr():
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))):
            return name in _LOGS
        case ast.Assign(targets=[ast.Name(id="__slots__")]):
            return True
        case ast.Constant(value=str()):
            return _makes_error(parent)
    return False


def _makes_error(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name.endswith("Error") or name == "SystemExit"
        case ast.Call(func=ast.Attribute(attr="__init__")):
            return True
    return False


def _of_node(node: ast.AST, source: Source) -> Iterator[Change]:
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            word = _WORDS[type(op)]
            yield "comparison", node, source.with_operator(node, [left, right], word, _OPPOSITE[word])
            if word in _NEIGHBOUR:
                yield "boundary", node, source.with_operator(node, [left, right], word, _NEIGHBOUR[word])
        case ast.BoolOp(op=op, values=values):
            word = _WORDS[type(op)]
            yield "boolean", node, f"({source.with_operator(node, values, word, _OPPOSITE[word])})"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "boolean", node, f"({source.text(operand)})"
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _WORDS:
            if not any(_is_sequence(side) for side in (left, right)):
                word = _WORDS[type(op)]
                yield "arithmetic", node, source.with_operator(node, [left, right], word, _OPPOSITE[word])
        case ast.Constant(value=bool() as value):
            yield "constant", node, str(not value)
        case ast.Constant(value=int() as value):
            yield "constant", node, str(value + 1)
        case ast.Constant(value=str() as value):
            yield "constant", node, repr(value + "x")
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant):
                yield "boolean", test, f"(not ({source.text(test)}))"
        case ast.Return(value=ast.expr() as value) if source.text(value) != "None":
            yield "return", node, "return None"
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
            yield "removed", node, "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "removed", node, "pass"
        case ast.Call(func=func, args=args, keywords=keywords) if not _makes_error(node):
            given = [*args, *keywords]
            for dropped in given if len(given) > 1 or keywords else []:
                kept = ", ".join(source.text(each) for each in given if each is not dropped)
                yield "dropped", node, f"{source.text(func)}({kept})"


def _is_sequence(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr | ast.List | ast.Tuple) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
