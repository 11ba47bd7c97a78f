"""The document on adding a domain, carried out on a copy of the tree as it is written."""

import ast
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.stack_fixture import GIVEN

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs/adding-a-domain.md"
EXAMPLE = ROOT / "examples/supplier_costs"
FILES = [path.relative_to(EXAMPLE) for path in sorted(EXAMPLE.rglob("*")) if path.is_file() and path.suffix != ".pyc"]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT.read_text(), flags=re.S | re.M)


def run(tree: Path, *command: str, given: str = "", **environment: str) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("COUNTERFOIL_", "PREFECT_"))}
    variables = {**own, "PYTHONPATH": str(tree), **environment}
    ended = subprocess.run(
        command, cwd=tree, input=given, env=variables, check=False, capture_output=True, text=True, timeout=500
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree with the example's files, and the lines that the document adds to what is there."""
    copy = tmp_path_factory.mktemp("tree")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    there = [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    for name in there:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    shutil.copytree(EXAMPLE, copy, dirs_exist_ok=True)
    run(copy, "git", "init", "--quiet")
    for change in blocks("diff"):
        run(copy, "git", "apply", "--recount", "-", given=change)
    run(copy, "git", "add", "--all")
    return copy


def test_the_example_is_small_and_changes_two_files_that_are_there():
    assert len(FILES) <= 6
    assert sum(len((EXAMPLE / file).read_text().splitlines()) for file in FILES) <= 180
    assert [file for file in FILES if (ROOT / file).exists()] == []
    changed = [name for block in blocks("diff") for name in re.findall(r"^\+\+\+ b/(.*)$", block, flags=re.M)]
    assert changed == ["schemas/domains.py", "prefect.yaml"]


def test_what_the_example_imports_is_there_under_that_name():
    own = {".".join(file.with_suffix("").parts) for file in FILES}
    statements = [node for file in FILES for node in ast.walk(ast.parse((EXAMPLE / file).read_text()))]
    imported = [
        (each.module, name.name) for each in statements if isinstance(each, ast.ImportFrom) for name in each.names
    ]
    assert imported
    lacking = [
        pair for pair in imported if pair[0] not in own and not hasattr(importlib.import_module(pair[0]), pair[1])
    ]
    assert lacking == []


def test_the_code_that_the_document_shows_is_that_of_the_files():
    written = "\n".join((EXAMPLE / file).read_text() for file in FILES)
    shown = blocks("python")
    assert shown
    assert [block for block in shown if block not in written and textwrap.indent(block, "    ") not in written] == []


@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_its_files_are_imported_changed_and_restored_from_a_terminal(tree: Path, stack: Mapping[str, str]):
    example = next(str(file) for file in FILES if file.name.startswith("test_"))
    run(tree, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", example, **{GIVEN: json.dumps(dict(stack))})


TRANSLATED = "test_every_text_is_there_and_looked_at_and_none_that_nobody_says"


@pytest.mark.thorough
@pytest.mark.timeout(600)
def test_the_rules_of_the_house_hold_with_it(tree: Path):
    if (ROOT / ".mypy_cache").exists():
        shutil.copytree(ROOT / ".mypy_cache", tree / ".mypy_cache")
    run(tree, sys.executable, "-m", "mypy")
    run(tree, sys.executable, "-m", "tests.conventions.documents", "--write")
    # its words are English until somebody translates them: pages say them all the same
    run(tree, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/conventions", "-k", f"not {TRANSLATED}")
