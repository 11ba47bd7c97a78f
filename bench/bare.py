"""The bare sum: what every import has to do that checks, keeps a backup, compares and reads back, and nothing else.

Each piece is the best single call known to us: no report, no journal, no repair of a cell, no names of lines. What the
chain takes beyond it is what the chain costs.
"""

import hashlib
import io
from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl
import sqlalchemy as sa

from bench.floor import fastest_read
from bench.measuring import Stage, timed
from bench.scenario import Scenario
from infra.databases.bulk import fetch_rows, load_rows, staged
from infra.databases.database import open_database, reading, writing
from infra.settings import Settings
from infra.storage import connect_storage


def run_bare(file: Path, url: str, scenario: Scenario) -> list[Stage]:
    """Do each piece once, on a copy of the target at *url*.

    Raises:
        RuntimeError: Fewer changes came of it than the scenario asks for; then its times mean nothing. (There may be
            more: whether a day or a telephone number exists is not judged by the schema.)
    """
    stages: list[Stage] = []
    engine, store = open_database(url), connect_storage(Settings())
    with timed(stages, "read file"):
        cells = pl.read_csv(file, infer_schema=False)
    with timed(stages, "judge rows"):
        rows = _judged(scenario.model, scenario.typed(cells))
    stages.append(fastest_read(url, scenario))
    held = _held(engine, scenario)
    with timed(stages, "compare"):
        changes = _compared(rows, held, scenario)
    with timed(stages, "pack evidence"):
        evidence = [file.read_bytes(), *map(_packed, (rows, held, changes))]
    with timed(stages, "hash evidence"):
        names = [hashlib.sha256(content).hexdigest() for content in evidence]
    with timed(stages, "put evidence"):
        for name, content in zip(names, evidence, strict=True):
            store.client.put_object(Bucket=store.bucket, Key=f"bare/{name}", Body=content)
    with timed(stages, "write changes"):
        written = _write(engine, changes, scenario)
    with timed(stages, "read back"):
        _read_back(engine, changes, scenario)
    engine.dispose()
    if written[0] < scenario.expected.updated or written[1] < scenario.expected.created:
        raise RuntimeError(f"The bare sum went wrong: {written}, {scenario.expected}")
    return stages


def _judged(model: type[pa.DataFrameModel], rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that *model* lets pass."""
    schema = model.to_schema().select_columns(rows.columns)
    try:
        schema.validate(rows, lazy=True)
    except pa.errors.SchemaErrors as error:
        bad = error.failure_cases["index"].unique()
        return rows.filter(~pl.int_range(pl.len()).is_in(bad.implode()))
    return rows


def _held(engine: sa.Engine, scenario: Scenario) -> pl.DataFrame:
    with reading(engine) as connection:
        return fetch_rows(connection, _columns(scenario), scenario.table, scenario.table)


def _columns(scenario: Scenario) -> list[sa.Column[Any]]:
    return [scenario.table.c[name] for name in scenario.columns]


def _compared(rows: pl.DataFrame, held: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    """Return the rows that say something else or are new, with what is held beside them."""
    key, *values = [name for name in scenario.columns if name in rows.columns]
    keyed = rows.with_columns(pl.col(key).cast(held.schema[key], strict=False))
    beside = keyed.join(held, on=key, how="left", suffix="_before")
    moved = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in values)
    return beside.filter(moved)


def _packed(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    return buffer.getvalue()


def _write(engine: sa.Engine, changes: pl.DataFrame, scenario: Scenario) -> tuple[int, int]:
    """Write changes, each where the record still is as it was; return how many were updated, and how many created."""
    table, (key, *values) = scenario.table, scenario.written
    before = f"{values[0]}_before"
    updates = changes.filter(pl.col(before).is_not_null())
    creates = changes.filter(pl.col(before).is_null()).select(each for each in scenario.created if each in changes)
    with writing(engine) as connection:
        with staged(connection, updates.select(key, *values, *(f"{name}_before" for name in values))) as stage:
            unmoved = [table.c[name].is_not_distinct_from(stage.c[f"{name}_before"]) for name in values]
            update = sa.update(table).values({name: stage.c[name] for name in values})
            updated = connection.execute(update.where(table.c[key] == stage.c[key], *unmoved)).rowcount
        load_rows(connection, table, creates.with_columns(**scenario.fixed))
    return updated, creates.height


def _read_back(engine: sa.Engine, changes: pl.DataFrame, scenario: Scenario) -> pl.DataFrame:
    key = scenario.columns[0]
    with reading(engine) as connection, staged(connection, changes.select(key).drop_nulls()) as stage:
        found = stage.join(scenario.table, scenario.table.c[key] == stage.c[key])
        return fetch_rows(connection, _columns(scenario), found, stage)
