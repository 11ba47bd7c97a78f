"""Where the codes of rejected rows come from: the columns of row models, and the modules that read cells."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from schemas.catalogue import CATALOGUE
from schemas.columns import codes_of
from schemas.domains import DOMAINS
from schemas.inbox_folders import INBOX_FOLDERS

ROOT = Path(__file__).parents[2]


def origins() -> Mapping[str, list[str]]:
    """Say of every code of a reject which columns of which models, and which modules, raise it."""
    found: dict[str, dict[str, list[str]]] = {code: {} for code, entry in CATALOGUE.items() if entry.level == "reject"}
    for code, where, column in (*_of_models(), *_of_modules()):
        columns = found.get(code, {}).setdefault(where, [])
        columns.extend({column} - {*columns, ""})
    return {code: [_named(*each) for each in by.items()] for code, by in found.items()}


def _named(where: str, columns: list[str]) -> str:
    return f"`{where}`: {', '.join(columns)}" if columns else f"`{where}`"


def _of_models() -> Iterator[tuple[str, str, str]]:
    described = (*DOMAINS.values(), *INBOX_FOLDERS.values())
    for model in dict.fromkeys(model for each in described for model in each.rows):
        for (column, _), code in codes_of(model).items():
            yield code, model.__name__, column


def _of_modules() -> Iterator[tuple[str, str, str]]:
    for file in sorted((ROOT / "tasks/core").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value, str(file.relative_to(ROOT)), ""
