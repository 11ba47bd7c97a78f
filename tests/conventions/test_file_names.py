"""A file of a run has one name, which is said in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

from schemas import file_names
from tests.conventions.test_conventions import ROOT, SOURCES

NAMES = {name: value for name, value in vars(file_names).items() if name.isupper() and isinstance(value, str)}
ELSEWHERE = [path for path in SOURCES if path != Path(file_names.__file__)]


def texts_in(path: Path) -> Iterator[str]:
    """Yield the texts of a module that are no docstrings, in f-strings too."""
    tree = ast.parse(path.read_text())
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def test_no_two_files_of_a_run_have_one_name():
    assert len({*NAMES.values()}) == len(NAMES)


def test_no_other_module_spells_the_name_of_a_file_of_a_run():
    whole = {name for name in NAMES.values() if "." in name} - {file_names.SUPPRESSIONS}  # of the inbox, too
    spelt = {
        (str(path.relative_to(ROOT)), text)
        for path in ELSEWHERE
        for text in texts_in(path)
        if text in whole or text.endswith(".parquet")
    }
    assert spelt == set()


def test_every_name_is_that_of_a_file():
    used = {
        node.attr
        for path in ELSEWHERE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "file_names"
    }
    own = Path(file_names.__file__).read_text()
    assert [name for name in NAMES if name not in used and f"return {name} " not in own and name != "LINKED"] == []
