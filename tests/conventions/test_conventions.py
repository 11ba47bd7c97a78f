"""The rules of the house that no linter knows."""

import ast
import importlib
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conventions.sources import PACKAGES, ROOT, SOURCES, nodes_of

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def functions() -> list[tuple[str, int]]:
    found = []
    for path in SOURCES:
        for node in nodes_of(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                length = (node.end_lineno or 0) - first.lineno + 1
                found.append((f"{path.relative_to(ROOT)}:{node.name}", length))
    return found


def test_functions_are_short():
    lengths = [length for _, length in functions()]
    assert statistics.median(lengths) < 10
    assert statistics.quantiles(lengths, n=10)[8] < 25
    assert [name for name, length in functions() if length > 40] == []


def test_files_are_short():
    assert [str(p.relative_to(ROOT)) for p in SOURCES if len(p.read_text().splitlines()) > 300] == []


def docstring_of(path: Path) -> str | None:
    match nodes_of(path)[0]:
        case ast.Module() as module:
            return ast.get_docstring(module)
    return None


def test_every_module_says_what_belongs_in_it():
    silent = [str(p.relative_to(ROOT)) for p in SOURCES if not docstring_of(p)]
    assert silent == []


def test_no_module_is_a_drawer_for_odds_and_ends():
    odd = re.compile(r"^(utils?|helpers?|common|base|managers?)\b")
    assert [str(p) for p in SOURCES if odd.match(p.stem)] == []


def names_called(word: str) -> list[str]:
    """Every variable, parameter, attribute and function of the product that is called just that."""
    named = {ast.Name: "id", ast.arg: "arg", ast.Attribute: "attr", ast.FunctionDef: "name", ast.ClassDef: "name"}
    return [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in nodes_of(path)
        if getattr(node, named.get(type(node), ""), None) == word
    ]


def test_a_name_says_what_it_holds_where_told_would_fit_anything():
    assert names_called("told") == []


@pytest.mark.parametrize("package", PACKAGES)
def test_top_level_packages_are_ours_and_nobody_elses(package):
    assert Path(importlib.import_module(package).__file__ or "").is_relative_to(ROOT)


def test_no_committed_file_names_a_machine_or_a_package_index():
    pattern = r"index[-]url|https?://[^ \"]*/(simple|packages)[/]|/(work|farm)[/](main|in)"  # does not match itself
    found = subprocess.run(
        ["git", "grep", "-lIE", pattern],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert found.stdout == ""


def test_every_deployment_names_a_flow_that_exists_and_parameters_it_has():
    for deployment in yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]:
        module, _, name = deployment["entrypoint"].rpartition(".")
        flow = getattr(importlib.import_module(module), name)
        known = set(flow.parameters.properties)
        given = [deployment.get("parameters", {}), *(s.get("parameters", {}) for s in deployment.get("schedules", []))]
        assert set().union(*given) <= known, deployment["name"]


def test_every_flow_parameter_is_explained_on_its_form():
    for deployment in yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]:
        module, _, name = deployment["entrypoint"].rpartition(".")
        for parameter, schema in getattr(importlib.import_module(module), name).parameters.properties.items():
            assert schema.get("description"), f"{name}.{parameter}"


@pytest.mark.parametrize("library", ["pandas", "pygal", "webauthn"])
def test_no_command_waits_before_its_first_step_for_what_few_need(library: str):
    code = f"import cli.__main__, flows.gift_cards, sys; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-P", "-c", code], cwd=ROOT, env=ENVIRONMENT, check=False).returncode == 0
