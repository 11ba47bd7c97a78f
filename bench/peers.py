"""The peer: django-import-export with the same rows and records, on SQLite.

A dry run, which shows the differences, then the import: what its admin page does between upload
and confirmation. Once as it comes, once with what its documentation names for speed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import django
import polars as pl
import tablib
from django.conf import settings

from bench.measuring import Stage, timed
from bench.scenario import Scenario
from infra.databases.bulk import polars_schema

Tuning = Literal["as it comes", "tuned"]
TUNINGS: tuple[Tuning, ...] = get_args(Tuning)


@dataclass(frozen=True, kw_only=True)
class _Shop:
    """A Django model of the records and the resource that imports it."""

    model: Any
    resource: Any


def run_peer(database: Path, scenario: Scenario, tuning: Tuning) -> list[Stage]:
    """Import the scenario's rows with django-import-export, and return the stages.

    Raises:
        RuntimeError: It did not do what the scenario asks for.
    """
    _start_django(database)
    shop = _open_shop(scenario, tuning)
    shop.model.objects.bulk_create(shop.model(**record) for record in scenario.held().iter_rows(named=True))
    dataset = tablib.Dataset(*scenario.wanted().iter_rows(), headers=scenario.columns)
    stages: list[Stage] = []
    for name, dry_run in (("dry run", True), ("apply", False)):
        with timed(stages, name):
            result = shop.resource().import_data(dataset, dry_run=dry_run, raise_errors=True)
    if (result.totals["new"], result.totals["update"]) != (scenario.expected.created, scenario.expected.updated):
        raise RuntimeError(f"The peer did something else: {dict(result.totals)}")
    return stages


def _start_django(database: Path) -> None:
    settings.configure(
        INSTALLED_APPS=["import_export"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        IMPORT_EXPORT_USE_TRANSACTIONS=True,
    )
    django.setup()


def _open_shop(scenario: Scenario, tuning: Tuning) -> _Shop:
    """Make the model's table, and the resource. Django's models can only be imported once it has started."""
    from django.db import connection, models  # noqa: PLC0415
    from import_export.resources import modelresource_factory  # noqa: PLC0415

    key = scenario.columns[0]
    fields = {
        name: models.BigIntegerField(unique=name == key)
        if dtype == pl.Int64
        else models.CharField(max_length=255, unique=name == key)
        for name, dtype in polars_schema([scenario.table.c[name] for name in scenario.columns]).items()
    }
    meta = type("Meta", (), {"app_label": "import_export"})
    model = type("Record", (models.Model,), {**fields, "Meta": meta, "__module__": __name__})
    with connection.schema_editor() as editor:
        editor.create_model(model)
    return _Shop(model=model, resource=modelresource_factory(model, meta_options=_options(scenario, tuning)))


def _options(scenario: Scenario, tuning: Tuning) -> Mapping[str, Any]:
    from import_export.instance_loaders import CachedInstanceLoader  # noqa: PLC0415

    usual = {"import_id_fields": scenario.columns[:1], "fields": scenario.columns, "skip_unchanged": True}
    bulk = {"use_bulk": True, "batch_size": 1_000, "instance_loader_class": CachedInstanceLoader}
    return usual if tuning == "as it comes" else usual | bulk
