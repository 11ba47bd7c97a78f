"""The texts of problems that code composes, found by reading it: each with a number where something is named.

A text is followed through constants, tables, local names, conditions and the functions that compose it. What only
whoever types commands or starts the installation can meet is left out.
"""

import ast
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice, product
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
PROBLEMS = {
    *("FileNeedsFixing", "SettingsNeedFixing", "Refused", "Declined", "Unavailable", "Unanswered", "BudgetSpent"),
    *("Bug", "Problem"),
}
SPEAKING = ("infra", "tasks", "flows", "schemas")
AT_A_TERMINAL = (
    *("infra/stack/", "infra/migrations/", "infra/health/", "infra/http/loopback.py"),
    *("infra/settings.py", "infra/shops.py", "infra/workers/places.py", "infra/connectors/own_database/proposal.py"),
)
"""What raises its problems before there is a desk or a run: at start-up, or where commands are typed."""
NAMED, QUOTED, SAID = "7", "'7'", "7."
MOST = 200
"""Of how many ways to compose a text are looked at."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Where an expression stands: what its names mean."""

    module: ModuleType
    function: ast.AST
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    within: tuple[str, ...] = ()


def problems() -> Iterator[tuple[str, str]]:
    """List each text of each problem, with where it is raised."""
    for file in sorted(each for folder in SPEAKING for each in (ROOT / folder).rglob("*.py")):
        place = file.relative_to(ROOT).as_posix()
        if not place.startswith(AT_A_TERMINAL):
            yield from ((f"{place}:{line}", text) for line, text in _raised_in(place))


def _raised_in(place: str) -> Iterator[tuple[int, str]]:
    module = importlib.import_module(place.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    tree = _tree(module.__name__)
    for function in (tree, *(each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))):
        for node in _own(function):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in PROBLEMS and node.args:
                scope = Scope(module=module, function=function)
                yield from ((node.lineno, text) for text in dict.fromkeys(texts(node.args[0], scope)))


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """Return what stands in a function and in no other within it."""
    for child in ast.iter_child_nodes(function):
        yield child
        if not isinstance(child, ast.FunctionDef):
            yield from _own(child)


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(Path(str(importlib.import_module(module).__file__)).read_text())


def texts(node: ast.expr, scope: Scope) -> tuple[str, ...]:
    """Return what an expression may say; a number stands for what is not known."""
    match node:
        case ast.Constant(value=str(text)):
            return (text,)
        case ast.JoinedStr(values=parts):
            return _joined([texts(part, scope) for part in parts])
        case ast.FormattedValue(value=value, conversion=conversion):
            return (QUOTED,) if conversion == ord("r") else texts(value, scope)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined([texts(left, scope), texts(right, scope)])
        case ast.IfExp(body=one, orelse=other):
            return (*texts(one, scope), *texts(other, scope))
    return _named(node, scope)


def _named(node: ast.expr, scope: Scope) -> tuple[str, ...]:
    match node:
        case ast.BoolOp(values=values):
            return tuple(text for value in values for text in texts(value, scope))
        case ast.Name(id=name):
            return _of_name(name, scope)
        case ast.Subscript(value=ast.Name(id=name)):
            table = getattr(scope.module, name, None)
            return tuple(map(str, table.values())) if isinstance(table, Mapping) else (NAMED,)
        case ast.Call():
            return _of_call(node, scope)
        case ast.Attribute(attr="says"):
            return (SAID,)
    return (NAMED,)


def _joined(parts: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(map("".join, islice(product(*parts), MOST)))


def _of_name(name: str, scope: Scope) -> tuple[str, ...]:
    if name in scope.given:
        return scope.given[name]
    known = getattr(scope.module, name, None)
    if isinstance(known, str):
        return (known,)
    assigned = [
        node.value
        for node in _own(scope.function)
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [name]
    ]
    if not assigned or name in scope.within:
        return (NAMED,)
    inner = Scope(module=scope.module, function=scope.function, given=scope.given, within=(*scope.within, name))
    return tuple(text for value in assigned for text in texts(value, inner))


def _of_call(call: ast.Call, scope: Scope) -> tuple[str, ...]:
    match call.func:
        case ast.Attribute(attr="join", value=ast.Constant()):
            return _of_list(call.args[0], scope)
        case ast.Attribute(attr="format", value=value):
            return tuple(_filled(text) for text in texts(value, scope))
        case ast.Attribute(attr="lower" | "rstrip" as method, value=value):
            return tuple(getattr(text, method)() for text in texts(value, scope))
        case ast.Name(id="next"):
            return tuple(text for each in call.args for text in _of_list(each, scope))
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name):
            return _returned(name, call, scope)
    return (NAMED,)


def _of_list(node: ast.expr, scope: Scope) -> tuple[str, ...]:
    match node:
        case ast.GeneratorExp(elt=each) | ast.ListComp(elt=each):
            return texts(each, scope)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return tuple(text for each in elements for text in texts(each, scope))
        case ast.Name(id=name):
            added = [
                node.args[0]
                for node in _own(scope.function)
                if isinstance(node, ast.Call) and ast.unparse(node.func) in (f"{name}.append",)
            ]
            return tuple(text for each in added for text in texts(each, scope)) or (NAMED,)
        case ast.Constant(value=str(text)):
            return (text,)
    return (NAMED,)


def _filled(text: str) -> str:
    pieces = text.split("{")
    return "".join([pieces[0], *(NAMED + each.partition("}")[2] for each in pieces[1:])])


def _returned(name: str, call: ast.Call, scope: Scope) -> tuple[str, ...]:
    """Return what a function of ours says, with what it is called with."""
    known = getattr(scope.module, name, None)
    home = getattr(known, "__module__", scope.module.__name__)
    if not home.startswith(SPEAKING) or name in scope.within:
        return (NAMED,)
    named = (each for each in ast.walk(_tree(home)) if isinstance(each, ast.FunctionDef) and each.name == name)
    function = next(named, None)
    if function is None:
        return (NAMED,)
    names = [each.arg for each in function.args.args if each.arg != "self"]
    given = dict(zip(names, (texts(each, scope) for each in call.args), strict=False))
    module = importlib.import_module(home)
    inner = Scope(module=module, function=function, given=given, within=(*scope.within, name))
    returned = [each.value for each in _own(function) if isinstance(each, ast.Return) and each.value]
    return tuple(text for value in returned for text in texts(value, inner)) or (NAMED,)
