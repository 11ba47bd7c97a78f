"""A file of a run has one name, which is said in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

from schemas import file_names
from schemas.frames import FRAMES
from tests.conventions.sources import ROOT, SOURCES, nodes_of

NAMES = {name: value for name, value in vars(file_names).items() if name.isupper() and isinstance(value, str)}
ELSEWHERE = [path for path in SOURCES if path != Path(file_names.__file__)]


def texts_in(path: Path) -> Iterator[str]:
    """Yield the texts of a module that are no docstrings, in f-strings too."""
    said = {id(node.value) for node in nodes_of(path) if isinstance(node, ast.Expr)}
    for node in nodes_of(path):
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
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "file_names"
    }
    own = Path(file_names.__file__).read_text()
    assert [name for name in NAMES if name not in used and f"return {name} " not in own and name != "LINKED"] == []


OF_ANY_DOMAIN = {"references", "accepted", "findings", "snapshot", "changes", "done", "outcomes", "read-back", "states"}
"""Frames of the chain, whose columns are those of their domain; and states, of which each day has a file."""


def test_every_frame_that_steps_store_for_each_other_has_declared_columns():
    frames = {name for name in NAMES.values() if name.endswith(".parquet")}
    assert frames - {f"{stem}.parquet" for stem in OF_ANY_DOMAIN} == {*FRAMES}
