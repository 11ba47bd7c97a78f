"""The forms behind Run in Prefect: what people read there, and that all that flows take is taken as it was."""

import importlib
import inspect
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from prefect import Flow
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools import validate

from schemas.form_titles import FORM_TITLES, LIMIT
from schemas.former_names import FORMER_NAMES
from tests.conventions.texts import ROOT


def flows() -> Iterator[Flow[..., Any]]:
    for deployment in yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]:
        module, _, name = deployment["entrypoint"].rpartition(".")
        yield getattr(importlib.import_module(module), name)


FLOWS = {flow.name: flow for flow in flows()}


def form_of(flow: str) -> dict[str, Any]:
    schema: dict[str, Any] = parameter_schema(FLOWS[flow]).model_dump_for_openapi()
    return schema


def fields_of(flow: str) -> list[tuple[str, dict[str, Any]]]:
    return sorted(form_of(flow)["properties"].items(), key=lambda field: field[1]["position"])


@pytest.mark.parametrize("flow", FLOWS)
def test_every_field_has_a_title_of_its_own_that_is_no_name_of_a_program(flow: str):
    titles = [field["title"] for _, field in fields_of(flow)]

    assert [title for title in titles if "_" in title or not title[:1].isupper()] == []
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("flow", FLOWS)
def test_limits_stand_together_below_what_is_asked_in_any_case(flow: str):
    are_limits = [field["title"].startswith(LIMIT) for _, field in fields_of(flow)]
    first, last = (are_limits.index(True), are_limits[::-1].index(True)) if any(are_limits) else (0, 0)

    assert all(are_limits[first : len(are_limits) - last]) or not any(are_limits)


@pytest.mark.parametrize("flow", FLOWS)
def test_no_field_asks_whether_it_is_to_be_nothing(flow: str):
    assert [name for name, field in fields_of(flow) if "anyOf" in field] == []


@pytest.mark.parametrize("flow", FLOWS)
def test_a_form_names_what_the_flow_takes_and_nothing_else(flow: str):
    taken = [name for name in inspect.signature(FLOWS[flow].fn).parameters if name not in FORMER_NAMES]

    assert [name for name, _ in fields_of(flow)] == taken


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({}, True),
        ({"max_changed_rows": None}, True),
        ({"max_changed_rows": 201}, True),
        ({"max_changed_rows": "many"}, False),
        ({"mode": "apply", "existing_cards": "set", "max_amount": 500}, True),
        ({"mode": "dry_run"}, False),
    ],
)
def test_prefect_takes_what_it_took_before(given: dict[str, Any], taken: bool):
    wrong = validate({"inbox_key": "a.csv"} | given, form_of("gift-cards"), raise_on_error=False, ignore_required=True)

    assert (wrong == []) == taken


def test_a_flow_validates_what_it_is_given_as_before():
    flow = FLOWS["gift-cards"]

    given = flow.validate_parameters({"inbox_key": "a.csv", "max_card": 500, "max_changed_rows": None})

    assert (given["max_amount"], given["max_changed_rows"]) == (500, None)


def test_every_title_is_that_of_a_field():
    names = {name for flow in FLOWS.values() for name in inspect.signature(flow.fn).parameters}

    assert {key.rpartition(".")[2] for key in FORM_TITLES} <= names
