"""Commands are made from the flows: that they say and take what these do, and are there at once."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

import click
import pytest
import yaml

from cli.__main__ import COMMANDS, IMPORTS, PEOPLE, counterfoil
from cli.commands import CARRIED_OUT_BY, LEFT_OUT, Made, command
from cli.inbox import OTHER_FOLDERS, folder_of
from cli.options import ARGUMENTS, BOUNDS, FILES, METAVARS, OPTIONS, OTHER_NAMES, REQUIRED
from cli.signatures import Parameter, read_signature
from schemas.domains import DOMAINS
from tests.conventions.documents import ROOT
from tests.conventions.test_conventions import ENVIRONMENT

FLOWS = [each["entrypoint"] for each in yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]]
FUNCTIONS = [*COMMANDS.values(), *IMPORTS.values(), *PEOPLE.values(), *CARRIED_OUT_BY, *CARRIED_OUT_BY.values()]
KINDS = {"string": "text", "integer": "integer", "boolean": "flag"}
TABLES = [OPTIONS, OTHER_NAMES, ARGUMENTS, METAVARS, BOUNDS, REQUIRED, FILES, LEFT_OUT, OTHER_FOLDERS]


def every_command(group: click.Group = counterfoil, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    for name, each in group.commands.items():
        if isinstance(each, click.Group):
            yield from every_command(each, (*path, name))
        else:
            yield " ".join((*path, name)), each


def shown_on_the_form(flow: str) -> dict[str, tuple[object, ...]]:
    module, _, name = flow.rpartition(".")
    schema = getattr(importlib.import_module(module), name).parameters
    return {
        parameter: (parameter in schema.required, each.get("default"), tuple(each.get("enum", ())), each["description"])
        for parameter, each in schema.properties.items()
    }


def read_from_source(flow: str) -> dict[str, tuple[object, ...]]:
    return {each.name: as_on_a_form(each) for each in read_signature(flow).parameters}


def as_on_a_form(parameter: Parameter) -> tuple[object, ...]:
    default = list(parameter.default) if isinstance(parameter.default, tuple) else parameter.default
    return parameter.required, default, parameter.accepts.choices, parameter.says


def typed(path: str, *words: str) -> dict[str, object]:
    return dict(dict(every_command())[path].make_context(path, list(words)).params)


@pytest.mark.parametrize("flow", FLOWS)
def test_a_signature_that_is_read_from_the_source_is_that_of_the_form(flow):
    form = {name: (needed, default, choices, " ".join(says.split()))
            for name, (needed, default, choices, says) in shown_on_the_form(flow).items()}  # fmt: skip
    assert read_from_source(flow) == form


def test_every_command_says_what_it_does_and_what_each_word_is_for():
    silent = [
        (path, each.name) for path, made in every_command() for each in made.params if not getattr(each, "help", "")
    ]
    assert silent == []
    assert [path for path, made in every_command() if not made.help] == []


def test_every_row_of_a_table_is_about_a_parameter_that_there_is():
    parameters = [each for function in FUNCTIONS for each in read_signature(function).parameters]
    known = {name for each in parameters for name in (each.name, f"{each.function}.{each.name}")}
    assert [key for table in TABLES for key in table if key not in known] == []


def test_commands_that_import_are_those_of_the_domains():
    assert {name: domain.flow for name, domain in DOMAINS.items() if domain.flow} == IMPORTS


def test_every_domain_that_reads_files_has_a_command_and_its_folder_of_the_inbox():
    with_files = [name for name, domain in DOMAINS.items() if domain.dialects]
    assert [name for name in with_files if name not in IMPORTS] == []
    assert [folder_of(IMPORTS[name], "inbox_key") for name in with_files] == with_files


@pytest.mark.parametrize(
    ("path", "words", "parameter", "value"),
    [
        # what is typed                                                    is for the flow
        ("run stock", ("f.csv", "--register", "Bar"), "at_register", "Bar"),
        ("run stock", ("f.csv", "--at-register", "Bar"), "at_register", "Bar"),
        ("run orders", (), "inbox_key", ""),
        ("run orders", ("--status", "a", "--status", "b"), "statuses", ("a", "b")),
        ("run orders", ("--order", "7"), "order_ids", ("7",)),
        ("run orders", ("--from", "2024-03-01", "--to", "2024-03-02"), "to_on", "2024-03-02"),
        ("run gift-cards", ("f.csv", "--by", "Ann"), "submitted_by", "Ann"),
        ("run gift-cards", ("f.csv", "--existing-cards", "top-up"), "existing_cards", "top_up"),
        ("run loyalty", ("a", "b", "--sales", "c"), "inbox_keys", ("a", "b")),
        ("run loyalty", ("--day", "2024-03-01"), "day", date(2024, 3, 1)),
        ("run loyalty", ("--believe-short-report",), "believe_short_report", True),
        ("run loyalty", (), "max_customers", 500),
        ("invite", ("abc", "--channel", "mailing-list"), "channel", "mailing_list"),
        ("nudge", ("1", "2"), "order_ids", ("1", "2")),
        ("nudge", ("--statuses", "completed"), "statuses", "completed"),
        ("restore", ("abc", "--why", "a mistake"), "approval_reason", "a mistake"),
    ],
)
def test_what_is_typed_is_for_the_parameter_of_its_name(path, words, parameter, value):
    assert typed(path, *words)[parameter] == value


@pytest.mark.parametrize(
    ("path", "words", "says"),
    [
        ("run gift-cards", (), "Missing argument 'FILE'"),
        ("run gift-cards", ("f.csv", "--mode", "review"), "'review' is not one of 'preview', 'apply'"),
        ("export customers", (), "Missing option '--dialect'"),
        ("invite", ("abc", "--max-recipients", "0"), "0 is not in the range x>=1"),
        ("resolve", ("--day", "yesterday"), "'yesterday' does not match the format"),
        ("approve", ("abc", "--by", "Ann"), "Missing option '--why'"),
    ],
)
def test_what_cannot_be_typed_is_refused(path, words, says):
    with pytest.raises(click.UsageError) as refused:
        typed(path, *words)
    assert says in refused.value.format_message()
    assert refused.value.exit_code == 2


def test_a_flow_whose_parameter_cannot_be_typed_has_no_command():
    with pytest.raises(NotImplementedError, match="cannot be typed on a command line"):
        command("odd", "cli.commands.group")


def test_commands_are_made_one_by_one():
    only = Made({"runs": "cli.ledger.list_runs", "gone": "cli.ledger.gone"}, {})
    assert list(only) == ["runs", "gone"]
    assert only["runs"].help == "List the latest runs, newest first."


def test_help_is_there_without_prefect_tables_or_databases():
    ask = "counterfoil(['run', 'orders', '--help'], standalone_mode=False)"
    loaded = "{'prefect', 'polars', 'sqlalchemy'} & set(sys.modules)"
    code = f"import sys; from cli.__main__ import counterfoil; {ask}; sys.exit(', '.join({loaded}))"
    started = [sys.executable, "-P", "-c", code]
    ended = subprocess.run(started, cwd=ROOT, env=ENVIRONMENT, check=False, capture_output=True, text=True)
    assert ended.stderr.strip() == ""
    assert "--on-missing-product [hold|create|map]" in ended.stdout
