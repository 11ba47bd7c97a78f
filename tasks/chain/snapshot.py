"""Keep what the target holds now: the backup, and the *before* of the plan."""

from collections.abc import Iterable

import polars as pl

from infra.artifacts.partitions import partitions_of, save_divided
from infra.artifacts.pieces import passing_pieces
from infra.artifacts.run_files import file_of, load_frame
from infra.connectors import Connector, ReadsInParts
from infra.context import target
from schemas import file_names
from schemas.domain import Domain, Resource
from schemas.records import Artifact, Run, Snapshot
from tasks.chain.partitions import collect_scattered, save_scattered, scatter
from tasks.chain.step import step
from tasks.core.planning.keys_to_read import keys_to_ask


@step
def snapshot(run: Run, domain: Domain, rows: Artifact) -> Snapshot:
    """Read the records of *rows*, or all there are, from the live target, never from the last import."""
    keys = load_frame(rows).get_column(domain.resource.key)
    return take_snapshot(run, domain, keys, partitions=len(partitions_of(rows)))


def take_snapshot(run: Run, domain: Domain, keys: pl.Series, *, partitions: int = 1) -> Snapshot:
    """Read the records of *keys*, or all there are, and store them in so many partitions."""
    connector = target(run.target)
    totals = connector.totals(domain.resource)
    asked = keys if connector.can.finds_by_key_only else keys_to_ask(keys, totals)
    records = domain.records.validate(connector.read(domain.resource, asked))
    key, name = domain.resource.key, file_of(run, domain, file_names.SNAPSHOT)
    stored = save_divided(run.run_id, name, records, key=key, by=key, partitions=partitions)
    return Snapshot(records=stored, totals=totals)


@step
def snapshot_all(run: Run, domain: Domain, rows: Artifact | None = None) -> Snapshot:
    """Read every record: a backup of the whole, and all there is to compare a person with.

    They are stored in as many partitions as *rows*.
    """
    return take_whole_snapshot(run, domain, partitions=len(partitions_of(rows)) if rows else 1)


def take_whole_snapshot(run: Run, domain: Domain, *, partitions: int = 1) -> Snapshot:
    """Read every record, and store them in so many partitions."""
    connector, key = target(run.target), domain.resource.key
    with passing_pieces(run.run_id):
        parts = (domain.records.validate(part) for part in _every_record(connector, domain.resource))
        scattered = collect_scattered(scatter(run.run_id, part, part[key], partitions) for part in parts)
        records, _ = save_scattered(run.run_id, file_of(run, domain, file_names.SNAPSHOT), scattered, by=key)
    return Snapshot(records=records, totals=connector.totals(domain.resource))


def _every_record(connector: Connector, resource: Resource) -> Iterable[pl.DataFrame]:
    return connector.read_parts(resource) if isinstance(connector, ReadsInParts) else [connector.read(resource, None)]
