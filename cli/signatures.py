"""What a function takes and says, read from its source: to import a flow would import Prefect, which takes a second."""

import ast
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

Kind = Literal["text", "integer", "flag", "day", "path", "choice"]

_CODE = Path(__file__).parents[1]
_KINDS: dict[str, Kind] = {"str": "text", "int": "integer", "bool": "flag", "date": "day", "Path": "path"}
_SECTION = re.compile(r"^(?:Args|Returns|Raises):$", re.M)
_ARGUMENT = re.compile(r"^ {4}(\w+): (.*(?:\n {5,}.*)*)", re.M)


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """What a parameter accepts: one value of a kind, or several."""

    kind: Kind
    choices: tuple[str, ...] = ()
    many: bool = False


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter of a function; ``default`` means nothing where it is required."""

    function: str
    name: str
    accepts: Accepted
    required: bool
    default: Any
    by_name: bool
    says: str


@dataclass(frozen=True, kw_only=True)
class Signature:
    """A function: what it says it does, and its parameters in their order."""

    says: str
    parameters: tuple[Parameter, ...]


@cache
def read_signature(function: str) -> Signature:
    """Read the function of this dotted name."""
    module, _, name = function.rpartition(".")
    node = next(each for each in _source(module).body if isinstance(each, ast.FunctionDef) and each.name == name)
    docstring = ast.get_docstring(node) or ""
    says = {argument: " ".join(text.split()) for argument, text in _ARGUMENT.findall(_section(docstring, "Args"))}
    positional, by_name = [*node.args.posonlyargs, *node.args.args], node.args.kwonlyargs
    defaults = [*[None] * (len(positional) - len(node.args.defaults)), *node.args.defaults, *node.args.kw_defaults]
    parameters = [
        Parameter(
            function=name,
            name=argument.arg,
            accepts=_accepted(argument.annotation, module),
            required=default is None,
            default=default and ast.literal_eval(default),
            by_name=argument in by_name,
            says=says.get(argument.arg, ""),
        )
        for argument, default in zip([*positional, *by_name], defaults, strict=True)
    ]
    return Signature(says=_SECTION.split(docstring)[0].strip(), parameters=tuple(parameters))


def _section(docstring: str, name: str) -> str:
    return docstring.partition(f"\n{name}:\n")[2].partition("\n\n")[0]


def _accepted(annotation: ast.expr | None, module: str) -> Accepted:
    """Say what a parameter so annotated accepts.

    Raises:
        NotImplementedError: It is nothing that can be typed on a command line.
    """
    match annotation:
        case ast.BinOp(left=left, op=ast.BitOr()):  # X | None
            return _accepted(left, module)
        case ast.Name(id=name) if name in _KINDS:
            return Accepted(kind=_KINDS[name])
        case ast.Name(id=name):
            return _accepted(*definition_of(name, module))
        case ast.Subscript(value=ast.Name(id="Literal"), slice=choices):
            every = choices.elts if isinstance(choices, ast.Tuple) else [choices]
            return Accepted(kind="choice", choices=tuple(one for each in every for one in _choices(each, module)))
        case ast.Subscript(value=ast.Name(id="list"), slice=each):
            return replace(_accepted(each, module), many=True)
        case ast.Subscript(value=ast.Name(id="tuple" | "dict"), slice=ast.Tuple(elts=[each, _])):  # NAME=VALUE
            return replace(_accepted(each, module), many=True)
    raise NotImplementedError(f"{module}: {annotation and ast.unparse(annotation)} cannot be typed on a command line.")


def _choices(choice: ast.expr, module: str) -> tuple[str, ...]:
    """Return one choice, or those of a name that stands for several."""
    return (str(choice.value),) if isinstance(choice, ast.Constant) else _accepted(choice, module).choices


def definition_of(name: str, module: str) -> tuple[ast.expr, str]:
    """Find what a name stands for, and the module that says so.

    Raises:
        NotImplementedError: The source of the module does not say.
    """
    for node in _source(module).body:
        if isinstance(node, ast.Assign) and [each.id for each in node.targets if isinstance(each, ast.Name)] == [name]:
            return node.value, module
        if isinstance(node, ast.ImportFrom) and node.module and name in [each.name for each in node.names]:
            return definition_of(name, node.module)
    raise NotImplementedError(f"{module}: {name} cannot be typed on a command line.")


@cache
def _source(module: str) -> ast.Module:
    return ast.parse(_CODE.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8"))
